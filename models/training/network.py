"""The network in PyTorch: a Hugging Face BertModel and the heads on top of it.

This is the reference that the Rust engines are tested against, and what the training stages use.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

import checkpoint

POLARITIES = ("absent", "negative", "neutral", "positive")
KEY = 64


class Classifier(nn.Module):
    """Logits from a pooled vector: one hidden GELU layer, or none at width 0."""

    def __init__(self, dimension: int, classes: int, width: int) -> None:
        super().__init__()
        if width:
            self.hidden = nn.Linear(dimension, width)
        self.output = nn.Linear(width or dimension, classes)

    def forward(self, vector: Tensor) -> Tensor:
        if hasattr(self, "hidden"):
            vector = nn.functional.gelu(self.hidden(vector))
        return self.output(vector)


class TopicClassifier(nn.Module):
    """Label-wise attention: every topic has a query of its own over the token vectors, and reads its polarity from what
    it attends to. The attention is also the evidence: training rewards mass inside the annotated span."""

    def __init__(self, dimension: int, topics: int, width: int) -> None:
        super().__init__()
        self.key = nn.Linear(dimension, KEY)
        self.query = nn.Parameter(torch.randn(topics, KEY) * 0.5)
        if width:
            self.hidden = nn.Linear(dimension, width)
        self.output = TopicOutput(topics, len(POLARITIES), width or dimension)

    def forward(self, tokens: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """`tokens` [batch, length, dimension] and `mask` [batch, length] give logits [batch, topics, 4] and the
        attention [batch, topics, length]."""
        scores = torch.einsum("bld,td->btl", self.key(tokens), self.query) / KEY**0.5
        attention = scores.masked_fill(~mask[:, None, :], float("-inf")).softmax(-1)
        read = torch.einsum("btl,bld->btd", attention, tokens)
        if hasattr(self, "hidden"):
            read = nn.functional.gelu(self.hidden(read))
        return self.output(read), attention


class TopicOutput(nn.Module):
    """One small linear layer a topic: weight [topics, 4, width], bias [topics, 4]."""

    def __init__(self, topics: int, classes: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(topics, classes, width) / width**0.5)
        self.bias = nn.Parameter(torch.zeros(topics, classes))

    def forward(self, read: Tensor) -> Tensor:
        return torch.einsum("btw,tcw->btc", read, self.weight) + self.bias


class Heads(nn.ModuleDict):
    """All heads, named as in the manifest, so that the state's names are the shipped ones without the prefix `heads.`."""

    def __init__(self, dimension: int, heads: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__(
            {
                name: (TopicClassifier if name == "topics" else Classifier)(dimension, len(head["labels"]), head["hidden"])
                for name, head in heads.items()
            }
        )

    def pooled(self) -> list[str]:
        """Heads that read the document vector, in the manifest's order."""
        return [name for name in self if name != "topics"]

    def export(self) -> dict[str, np.ndarray]:
        """Tensors under their shipped names."""
        return {f"heads.{name}": value.detach().cpu().numpy() for name, value in self.state_dict().items()}


def build_encoder(settings: Mapping[str, Any], tensors: Mapping[str, np.ndarray]) -> BertModel:
    """A BertModel for inference with the given float tensors; every tensor must fit."""
    config = BertConfig(
        vocab_size=settings["vocabulary"],
        hidden_size=settings["hidden"],
        num_hidden_layers=settings["layers"],
        num_attention_heads=settings["heads"],
        intermediate_size=settings["intermediate"],
        max_position_embeddings=settings["max_tokens"],
        type_vocab_size=tensors["embeddings.token_type_embeddings.weight"].shape[0],
        layer_norm_eps=settings["layer_norm_eps"],
        hidden_act=settings["activation"],
    )
    encoder = BertModel(config, add_pooling_layer=False)
    state = {name: torch.from_numpy(value) for name, value in tensors.items() if not name.startswith("heads.")}
    encoder.load_state_dict(state, strict=True)
    return encoder.eval()


def quantise_activations(encoder: BertModel) -> None:
    """From now on the inputs of every dense layer go through eight bits, as in the engine `int8` of the tool: for each token u8
    between its lowest and highest value, 0 among them. What is measured on such an encoder is what that engine says."""
    for module in encoder.encoder.modules():
        if isinstance(module, nn.Linear):
            module.register_forward_pre_hook(lambda _, inputs: (eight_bits(inputs[0]),))


def eight_bits(rows: Tensor) -> Tensor:
    """Every row rounded to the 256 values of its own scale."""
    values = rows.float()
    low = values.amin(-1, keepdim=True).clamp(max=0)
    high = values.amax(-1, keepdim=True).clamp(min=0)
    scale = ((high - low) / 255).clamp_min(torch.finfo(torch.float32).tiny)
    zero = (-low / scale).round()
    return (((values / scale + zero).round().clamp(0, 255) - zero) * scale).to(rows.dtype)


def width_of(tensors: checkpoint.Tensors, name: str) -> int:
    """Width of a head's hidden layer; 0 if it has none."""
    hidden = tensors.get(f"heads.{name}.hidden.weight")
    return 0 if hidden is None else hidden.shape[0]


def build_heads(manifest: Mapping[str, Any], tensors: Mapping[str, np.ndarray]) -> Heads:
    """The heads of a shipped model."""
    heads = Heads(manifest["encoder"]["hidden"], manifest["heads"])
    state = {name[len("heads.") :]: torch.from_numpy(value) for name, value in tensors.items() if name.startswith("heads.")}
    heads.load_state_dict(state, strict=True)
    return heads.eval()


def load(folder: Path) -> tuple[dict[str, Any], BertModel, Heads]:
    """Manifest, encoder and heads of a shipped model, dequantised to float32."""
    manifest, tensors = checkpoint.load(folder)
    return manifest, build_encoder(manifest["encoder"], tensors), build_heads(manifest, tensors)


@torch.inference_mode()
def read_one(encoder: BertModel, heads: Heads, ids: list[int]) -> dict[str, Any]:
    """Everything the model says about one window of token ids (with `<s>` and `</s>`)."""
    window = torch.tensor([ids])
    tokens = encoder(window, attention_mask=torch.ones_like(window)).last_hidden_state
    mean = tokens.mean(1)
    topics, attention = heads["topics"](tokens, torch.ones(1, len(ids), dtype=torch.bool))
    return {
        "tokens": tokens[0],
        "mean": mean[0],
        "logits": {name: heads[name](mean)[0] for name in heads.pooled()} | {"topics": topics[0]},
        "attention": attention[0],
    }
