"""Stages `lessons` and `distil`: a much smaller network learns to answer as the full model does.

`lessons` asks the shipped full model about every training row: the corpus with its views, and the public rows, of whose own labels
only those count that everybody has. `distil` trains the small network, an encoder of the same kind with the same tokenizer, on those
answers and on the labels. Its word vectors start as the principal components of the full model's. They learn too, until they are
rounded to their four bits; the rest then learns on.

Written by `lessons`:  answers.npz (float16 [rows, answers] in the order of the rows), and nothing else
Written by `distil`:   what the stage `finetune` writes
"""

from __future__ import annotations

import json
import logging
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel

import checkpoint
import finetune
import network
from finetune import Answers, Learner, Run, TrainingSet
from heads import Row
from labels import HEAD_LABELS

log = logging.getLogger(__name__)

INDEPENDENT = ("emotions", "mixed")  # heads whose labels do not exclude each other
LABEL_TOKENS = 4096  # of a batch that the full model is asked about


def rows_of(prepared: Path, settings: Row, seed: int) -> list[Row]:
    """The corpus's train items, and one in so many of their views and of the public rows."""
    rows = finetune.rows_of(prepared, settings, seed)
    return [row for number, row in enumerate(rows) if row["set"] == "feedback" or number % settings["one_in"] == 0]


@torch.inference_mode()
def lessons(settings: Row, teacher: Path, prepared: Path, out: Path, seed: int) -> None:
    """Ask the full model about every row."""
    out.mkdir(parents=True, exist_ok=True)
    manifest, tensors = checkpoint.load(teacher)
    encoder = network.build_encoder(manifest["encoder"], tensors)
    tokenizer = Tokenizer.from_file(str(teacher / "tokenizer.json"))
    learner = Learner(encoder, network.build_heads(manifest, tensors), settings).eval()
    rows = rows_of(prepared, settings, seed)
    data = TrainingSet.read(rows, tokenizer, settings)
    width = sum(len(labels) for labels in HEAD_LABELS.values()) + 3 * len(HEAD_LABELS["topics"])
    told = np.zeros((len(rows), width), np.float16)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    learner.to(device)
    order = np.argsort([len(ids) for ids in data.ids], kind="stable")
    first, began = 0, time.monotonic()
    while first < len(order):
        size = max(1, LABEL_TOKENS // len(data.ids[order[min(first + 64, len(order) - 1)]]))
        chosen = order[first : first + size]
        told[chosen] = joined(learner.answers(data, chosen, device)).cpu().numpy()
        first += size
        if first // 20_000 != (first - size) // 20_000:
            log.info("lessons: %d of %d rows, %.0f s", first, len(order), time.monotonic() - began)
    np.savez(out / "answers.npz", told=told)


def joined(answers: Answers) -> Tensor:
    """All logits of a row in a row."""
    return torch.cat([*answers.pooled.values(), answers.topics.flatten(1)], dim=1)


def imitation(answers: Answers, told: Tensor, weights: Row) -> dict[str, Tensor]:
    """How far the small network's answers are from those told: the cross-entropy of every head, weighted as its loss on labels."""
    losses, first = {}, 0
    for name, logits in answers.pooled.items():
        target = told[:, first : first + logits.shape[1]]
        first += logits.shape[1]
        if name in INDEPENDENT:
            value = functional.binary_cross_entropy_with_logits(logits, target.sigmoid())
        else:
            value = -(target.softmax(-1) * logits.log_softmax(-1)).sum(-1).mean()
        losses[name] = weights[name] * value
    target = told[:, first:].view_as(answers.topics)
    value = -(target.softmax(-1) * answers.topics.log_softmax(-1)).sum((-1, -2)).mean()
    losses["topics"] = weights["topics"] * value
    return losses


def small_encoder(teacher: checkpoint.Tensors, shape: Row, settings: Row) -> BertModel:
    """A small network whose word and position vectors are the main components of the full model's."""
    config = BertConfig(
        vocab_size=shape["vocabulary"],
        hidden_size=shape["hidden"],
        num_hidden_layers=shape["layers"],
        num_attention_heads=shape["heads"],
        intermediate_size=shape["intermediate"],
        max_position_embeddings=shape["max_tokens"],
        type_vocab_size=2,
        layer_norm_eps=shape["layer_norm_eps"],
        hidden_act=shape["activation"],
        hidden_dropout_prob=settings["dropout"],
        attention_probs_dropout_prob=settings["dropout"],
    )
    encoder = BertModel(config, add_pooling_layer=False)
    words = torch.from_numpy(teacher[checkpoint.WORDS])
    values, vectors = torch.linalg.eigh(words.T @ words / len(words))
    main = vectors[:, -shape["hidden"] :]
    log.info("distil: the word vectors keep %.0f %% of their variance", 100 * values[-shape["hidden"] :].sum() / values.sum())
    with torch.no_grad():
        table = words @ main
        encoder.embeddings.word_embeddings.weight.copy_(table)
        positions = torch.from_numpy(teacher["embeddings.position_embeddings.weight"])
        encoder.embeddings.position_embeddings.weight.copy_(positions @ main)
        encoder.embeddings.token_type_embeddings.weight.zero_()
    return encoder


class Pupil(Learner):
    """The small network: unlike in the full one, the word vectors learn."""

    def __init__(self, encoder: BertModel, heads: network.Heads, settings: Row) -> None:
        super().__init__(encoder, heads, settings)
        self.words = encoder.embeddings.word_embeddings
        self.words.weight.requires_grad_(True)
        self.words.sparse = True  # a step moves the words of its batch, not all hundred thousand

    def rest(self) -> list[Tensor]:
        """All that learns but the word vectors."""
        return [value for value in self.parameters() if value is not self.words.weight and value.requires_grad]

    def optimisers(self) -> list[torch.optim.Optimizer]:
        """One for the word vectors and one for the rest."""
        rate, words_rate = self.settings["learning_rate"], self.settings["words_learning_rate"]
        rest = [
            {"params": [value for value in self.rest() if value.ndim > 1], "peak": rate, "weight_decay": self.settings["weight_decay"]},
            {"params": [value for value in self.rest() if value.ndim < 2], "peak": rate, "weight_decay": 0.0},
        ]
        words = {"params": [self.words.weight], "peak": words_rate}
        return [torch.optim.AdamW(rest, fused=True), torch.optim.SparseAdam([words])]

    def round_words(self) -> None:
        """Word vectors as they are stored; they do not learn any more."""
        words = self.words.weight
        packed, scale = checkpoint.pack_nibbles(words.detach().cpu().numpy())
        with torch.no_grad():
            words.copy_(torch.from_numpy(checkpoint.unpack_nibbles(packed, scale)))
        words.requires_grad_(False)


def train(pupil: Pupil, data: TrainingSet, told: Tensor, settings: Row, seed: int) -> Run:
    """Train to the end of the budget."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    pupil.to(device).train()
    torch.manual_seed(seed)
    optimisers = pupil.optimisers()
    rounds = data.rounds(settings["shares"], settings["chunk_rows"], np.random.default_rng(seed))
    done, queue = Run(), []
    recent: dict[str, Tensor] = {}
    while done.progress(settings) < 1:
        if pupil.words.weight.requires_grad and done.progress(settings) > settings["words_learn"]:
            pupil.round_words()
        queue = queue or data.batches(rounds, settings["batch"])
        began = time.monotonic()
        chosen = queue.pop()
        for group in (group for optimiser in optimisers for group in optimiser.param_groups):
            group["lr"] = group["peak"] * finetune.factor(done.progress(settings), settings["warm_up"])
        answers = pupil.answers(data, chosen, device)
        learnt = pupil.losses(data, chosen, answers)
        copied = imitation(answers, told[chosen].to(device).float(), settings["loss"])
        loss = torch.stack(list(copied.values())).sum() + settings["labels_weight"] * torch.stack(list(learnt.values())).sum()
        pupil.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(pupil.rest(), settings["clip"])
        for optimiser in optimisers:
            optimiser.step()
        for name, value in copied.items():
            recent[name] = recent.get(name, 0) + value.detach()
        done.seconds += time.monotonic() - began
        done.steps += 1
        done.tokens += sum(len(data.ids[index]) for index in chosen)
        done.rows.update(data.families[index] for index in chosen)
        if done.steps % finetune.LOG_STEPS == 0:
            finetune.report(done, recent, settings)
            recent.clear()
    return done


def run(settings: Row, shape: Row, teacher: Path, prepared: Path, asked: Path, out: Path, seed: int) -> None:
    """Train the small network of this shape and write it."""
    out.mkdir(parents=True, exist_ok=True)
    _, tensors = checkpoint.load(teacher)
    tokenizer = Tokenizer.from_file(str(teacher / "tokenizer.json"))
    shape = shape | {"vocabulary": tokenizer.get_vocab_size()}
    torch.manual_seed(seed)
    entries = {
        name: {"labels": labels, "hidden": settings["topic_hidden" if name == "topics" else "head_hidden"]}
        for name, labels in HEAD_LABELS.items()
    }
    pupil = Pupil(small_encoder(tensors, shape, settings), network.Heads(shape["hidden"], entries), settings)
    data = TrainingSet.read(rows_of(prepared, settings, seed), tokenizer, settings)
    told = torch.from_numpy(np.load(asked / "answers.npz")["told"])
    if len(told) != len(data.ids):
        raise ValueError(f"{asked}: answers about {len(told)} rows, there are {len(data.ids)}")
    done = train(pupil, data, told, settings, seed)

    state = pupil.encoder.state_dict()
    words, scale = checkpoint.pack_nibbles(state[checkpoint.WORDS].cpu().numpy())
    stored = {name: value.cpu().contiguous() for name, value in state.items() if name != checkpoint.WORDS}
    stored |= {checkpoint.WORDS: torch.from_numpy(words), f"{checkpoint.WORDS}.scale": torch.from_numpy(scale)}
    save_file(stored, out / "tensors.safetensors")
    save_file({f"heads.{name}": value.cpu().contiguous() for name, value in pupil.heads.state_dict().items()}, out / "heads.safetensors")
    shutil.copyfile(teacher / "tokenizer.json", out / "tokenizer.json")
    facts: dict[str, Any] = {"minutes": round(done.seconds / 60, 1), "steps": done.steps, "tokens": done.tokens,
                             "tokens_per_second": round(done.tokens / done.seconds), "rows_seen": dict(done.rows),
                             "device": "gpu" if torch.cuda.is_available() else "cpu", "threads": torch.get_num_threads()}  # fmt: skip
    (out / "facts.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    log.info("distil: %s", facts)
