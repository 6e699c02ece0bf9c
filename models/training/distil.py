"""Stages `lessons` and `distil`: a smaller network learns to answer as the full model does.

`lessons` asks the full model, as shipped, about training rows: the corpus with its views, and the public rows, of whose own labels
only those count that everybody has. `distil` trains the smaller network on those answers and on the labels. It begins as some layers
of the full one, one upon the other, with its heads, and keeps its word vectors, which both then share.

Written by `lessons`:  answers.npy (float16 [rows, logits] in the order of the rows)
                       vectors.npy (float16 [tokens, dimension], the vector of every token, row after row)
Written by `distil`:   what the stage `finetune` writes
"""

from __future__ import annotations

import logging
import time
from pathlib import Path

import numpy as np
import torch
from numpy.lib.format import open_memmap
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

import checkpoint
import finetune
import network
from finetune import Answers, Learner, TrainingSet
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
    firsts = first_tokens(data)
    told = open_memmap(out / "answers.npy", "w+", np.float16, (len(rows), width))
    vectors = open_memmap(out / "vectors.npy", "w+", np.float16, (firsts[-1], manifest["encoder"]["hidden"]))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    learner.to(device)
    order = np.argsort([len(ids) for ids in data.ids], kind="stable")
    first, began = 0, time.monotonic()
    while first < len(order):
        size = max(1, LABEL_TOKENS // len(data.ids[order[min(first + 64, len(order) - 1)]]))
        chosen = order[first : first + size]
        answers = learner.answers(data, chosen, device)
        told[chosen] = joined(answers).cpu().numpy()
        for index, row in zip(chosen, answers.hidden.half().cpu().numpy()):
            vectors[firsts[index] : firsts[index + 1]] = row[: len(data.ids[index])]
        first += size
        if first // 20_000 != (first - size) // 20_000:
            log.info("lessons: %d of %d rows, %.0f s", first, len(order), time.monotonic() - began)
    told.flush()
    vectors.flush()


def first_tokens(data: TrainingSet) -> np.ndarray:
    """Where the tokens of every row begin among those of all, and where the last one's end."""
    return np.cumsum([0, *map(len, data.ids)])


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


class Pupil(Learner):
    """Some layers of the full network, with its heads, and what the full model said of every row."""

    def __init__(self, full: Learner, asked: Path, data: TrainingSet, settings: Row) -> None:
        layers = full.encoder.encoder.layer
        full.encoder.encoder.layer = nn.ModuleList(layers[number] for number in settings["from_layers"])
        full.encoder.config.num_hidden_layers = len(settings["from_layers"])
        super().__init__(full.encoder, full.heads, settings)
        # No buffers: no part of what is learnt.
        self.told = np.load(asked / "answers.npy", mmap_mode="r")
        self.vectors = np.load(asked / "vectors.npy", mmap_mode="r")
        self.firsts = first_tokens(data)
        if len(self.told) != len(data.ids) or len(self.vectors) != self.firsts[-1]:
            raise ValueError(f"{asked} is about {len(self.told)} rows of {len(self.vectors)} tokens in all, not about these")

    def losses(self, data: TrainingSet, chosen: np.ndarray, answers: Answers) -> dict[str, Tensor]:
        """How far the answers are from those told, and to a smaller part from the labels."""
        device = answers.topics.device
        told = torch.from_numpy(self.told[chosen]).to(device).float()
        copied = imitation(answers, told, self.settings["loss"])
        rows = [torch.from_numpy(self.vectors[self.firsts[index] : self.firsts[index + 1]]) for index in chosen]
        vectors = torch.cat(rows).to(device).float()
        # The share of their variance that is not reproduced.
        apart = functional.mse_loss(answers.hidden[answers.mask], vectors) / vectors.var(0).mean()
        labelled = super().losses(data, chosen, answers).values()
        return copied | {
            "vectors": self.settings["vectors_weight"] * apart,
            "labels": self.settings["labels_weight"] * torch.stack(list(labelled)).sum(),
        }


def run(settings: Row, encoder_settings: Row, start: Path, prepared: Path, asked: Path, out: Path, seed: int) -> None:
    """Train the smaller network and write it. `start`: the stage that the full one comes from; `encoder_settings`: its shape."""
    out.mkdir(parents=True, exist_ok=True)
    tokenizer, full = finetune.build(start, start, encoder_settings, settings)
    data = TrainingSet.read(rows_of(prepared, settings, seed), tokenizer, settings)
    pupil = Pupil(full, asked, data, settings)
    done = finetune.train(pupil, data, settings, seed, out / "checkpoint.pt")
    finetune.write(start, pupil, done, out)
