"""Stage `heads`: train all heads on the frozen vectors.

A fixed share of each batch comes from the feedback corpus, however many public rows there are. Inputs are standardised for
training, and the standardisation is folded into the first layer afterwards, so that the shipped heads read raw vectors. A target
that a row does not have carries no loss.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

import corpora
import network
from labels import ACTS, EMOTIONS, HEAD_LABELS, TOPICS, URGENCIES

log = logging.getLogger(__name__)

Row = dict[str, Any]

PARTS = 4  # of a batch of the topic head, by length


@dataclass(frozen=True)
class Targets:
    """Targets of one pooled head: `values` and `weights` of the same number of columns, or of one weight a row."""

    values: Tensor
    weights: Tensor


def pooled_targets(rows: list[Row]) -> dict[str, Targets]:
    """Targets of the heads that read the document vector."""
    count = len(rows)
    values = {name: torch.zeros(count, len(labels)) for name, labels in HEAD_LABELS.items() if name != "topics"}
    weights = {name: torch.zeros(count, len(EMOTIONS) if name == "emotions" else 1) for name in values}
    classes = {"act": ACTS, "urgency": URGENCIES}
    for number, row in enumerate(rows):
        if "sentiment" in row:
            values["sentiment"][number] = torch.tensor(row["sentiment"])
            weights["sentiment"][number] = 1
        if "stars" in row:
            values["stars"][number, row["stars"] - 1] = 1
            weights["stars"][number] = 1
        for emotion, (target, weight) in row.get("emotions", {}).items():
            values["emotions"][number, EMOTIONS.index(emotion)] = target
            weights["emotions"][number, EMOTIONS.index(emotion)] = weight
        for name, labels in classes.items():
            if name in row:
                values[name][number, labels.index(row[name])] = 1
                weights[name][number] = 1
        if "mixed" in row:
            values["mixed"][number] = row["mixed"]
            weights["mixed"][number] = 1
    return {name: Targets(values[name], weights[name]) for name in values}


def topic_targets(rows: Sequence[Row], likely_weight: float) -> tuple[Tensor, Tensor]:
    """Allowed classes [rows, topics, 4] and weights [rows, topics]; a row without topic targets allows all and weighs nothing."""
    digits = torch.tensor([[int(digit, 16) for digit in row.get("topics", "f" * len(TOPICS))] for row in rows])
    allowed = (digits[..., None] >> torch.arange(4)) & 1 == 1
    weights = torch.ones(digits.shape)
    for number, row in enumerate(rows):
        if "topics" in row:
            weights[number, row.get("likely", [])] = likely_weight
        else:
            weights[number] = 0
    return allowed, weights


def evidence_masks(spans: Sequence[Sequence[tuple[int, int, int]]], width: int) -> tuple[Tensor, Tensor]:
    """(batch row, topic) pairs that have evidence, and the tokens of each one's span as a mask; `spans` has a list a row."""
    pairs, masks = [], []
    for row, annotated in enumerate(spans):
        for topic, start, end in annotated:
            pairs.append((row, topic))
            mask = torch.zeros(width, dtype=torch.bool)
            mask[start:end] = True
            masks.append(mask)
    if not pairs:
        return torch.zeros(0, 2, dtype=torch.long), torch.zeros(0, width, dtype=torch.bool)
    return torch.tensor(pairs), torch.stack(masks)


def topic_loss(logits: Tensor, allowed: Tensor, weights: Tensor) -> Tensor:
    """Sum over rows and topics of minus the log of the probability that the allowed classes have together."""
    told = logits.log_softmax(-1).masked_fill(~allowed, float("-inf"))
    return -(told.logsumexp(-1) * weights).sum()


def evidence_loss(attention: Tensor, pairs: Tensor, spans: Tensor) -> Tensor:
    """Sum over the annotated topics of minus the log of the attention mass inside the evidence."""
    inside = (attention[pairs[:, 0], pairs[:, 1]] * spans).sum(-1)
    return -inside.clamp_min(1e-6).log().sum()


@dataclass(frozen=True)
class TokenStore:
    """Token vectors of the rows with topic targets, end to end, with what the topic head learns from them."""

    tokens: np.ndarray
    starts: np.ndarray
    lengths: np.ndarray
    rows: np.ndarray
    allowed: Tensor  # bool [rows, topics, 4]
    weights: Tensor  # [rows, topics]
    spans: dict[int, list[tuple[int, int, int]]]

    @classmethod
    def read(cls, encoded: Path, rows: list[Row], likely_weight: float) -> TokenStore:
        """Collect the chunks that the stage `encode` wrote."""
        chunks = [np.load(path) for path in sorted((encoded / "chunks").glob("*.npz"))]
        numbers = np.concatenate([chunk["rows"] for chunk in chunks])
        lengths = np.concatenate([chunk["lengths"] for chunk in chunks])
        place = {row: index for index, row in enumerate(numbers.tolist())}
        allowed, weights = topic_targets([rows[n] for n in numbers.tolist()], likely_weight)
        spans: dict[int, list[tuple[int, int, int]]] = {}
        for chunk in chunks:
            for row, topic, start, end in chunk["spans"].tolist():
                spans.setdefault(place[row], []).append((topic, start, end))
        return cls(
            tokens=np.concatenate([chunk["tokens"] for chunk in chunks]),
            starts=np.concatenate([[0], np.cumsum(lengths)[:-1]]),
            lengths=lengths,
            rows=numbers,
            allowed=allowed,
            weights=weights,
            spans=spans,
        )

    def batch(self, chosen: np.ndarray) -> tuple[Tensor, Tensor]:
        """Padded token vectors [batch, length, hidden] and their mask."""
        width = int(self.lengths[chosen].max())
        padded = np.zeros((len(chosen), width, self.tokens.shape[1]), np.float32)
        for row, index in enumerate(chosen):
            start, length = self.starts[index], self.lengths[index]
            padded[row, :length] = self.tokens[start : start + length]
        mask = torch.arange(width)[None, :] < torch.from_numpy(self.lengths[chosen])[:, None]
        return torch.from_numpy(padded), mask


class Rounds:
    """Row numbers for training: a fixed number from each pool at a time, each pool in a shuffled round of its own, so that
    no row comes twice before all of its pool came once."""

    def __init__(self, parts: Sequence[tuple[np.ndarray, int]], generator: np.random.Generator) -> None:
        self.parts = [(pool, count) for pool, count in parts if count]
        self.generator = generator
        self.queues = [np.zeros(0, np.int64) for _ in self.parts]

    @classmethod
    def of_two(cls, corpus: np.ndarray, public: np.ndarray, size: int, share: float, generator: np.random.Generator) -> Rounds:
        """A share from the corpus, the rest from the public sets where these have something to say."""
        share = 1.0 if len(public) == 0 else share
        return cls([(corpus, round(size * share)), (public, size - round(size * share))], generator)

    def next(self) -> np.ndarray:
        """Row numbers of the next batch."""
        taken = []
        for place, (pool, count) in enumerate(self.parts):
            while len(self.queues[place]) < count:
                self.queues[place] = np.concatenate([self.queues[place], self.generator.permutation(pool)])
            taken.append(self.queues[place][:count])
            self.queues[place] = self.queues[place][count:]
        return np.concatenate(taken)


def pooled_loss(name: str, logits: Tensor, values: Tensor, weights: Tensor) -> Tensor:
    """Cross-entropy for classes (soft targets allowed), binary cross-entropy for independent labels."""
    if name in ("emotions", "mixed"):
        losses = functional.binary_cross_entropy_with_logits(logits, values, reduction="none")
        return (losses * weights).sum() / weights.sum().clamp_min(1)
    losses = -(values * logits.log_softmax(-1)).sum(-1, keepdim=True)
    return (losses * weights).sum() / weights.sum().clamp_min(1)


def optimise(parameters: list[Tensor], settings: Row, steps: int, loss: Callable[[], Tensor]) -> float:
    """AdamW with a linear warm-up over a twentieth of the steps and a linear decay; gives the mean loss of the last tenth."""
    optimiser = torch.optim.AdamW(parameters, lr=settings["learning_rate"], weight_decay=settings["weight_decay"])
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / max(1, steps // 20), (steps - step) / max(1, steps))
    )
    recent = []
    for step in range(steps):
        value = loss()
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        schedule.step()
        if step >= steps * 9 // 10:
            recent.append(value.item())
    return float(np.mean(recent))


def train_pooled(
    name: str, vectors: Tensor, targets: Targets, is_corpus: np.ndarray, settings: Row, generator: np.random.Generator
) -> network.Classifier:
    """Train one head on standardised document vectors."""
    known = targets.weights.sum(1).numpy() > 0
    batches = Rounds.of_two(
        np.flatnonzero(known & is_corpus), np.flatnonzero(known & ~is_corpus), settings["batch"], settings["corpus_share"], generator
    )
    head = network.Classifier(vectors.shape[1], targets.values.shape[1], settings["hidden"])

    def loss() -> Tensor:
        chosen = torch.from_numpy(batches.next())
        inputs = functional.dropout(vectors[chosen], settings["dropout"])
        return pooled_loss(name, head(inputs), targets.values[chosen], targets.weights[chosen])

    last = optimise(list(head.parameters()), settings, settings["steps"], loss)
    log.info("heads: %s, loss %.3f", name, last)
    return head


def train_topics(
    store: TokenStore, scale: tuple[Tensor, Tensor], is_corpus: np.ndarray, settings: Row, generator: np.random.Generator
) -> network.TopicClassifier:
    """Train the topic head on standardised token vectors, with the evidence spans as a second teacher."""
    mean, deviation = scale
    corpus_rows = is_corpus[store.rows]
    batches = Rounds.of_two(
        np.flatnonzero(corpus_rows), np.flatnonzero(~corpus_rows), settings["batch"], settings["corpus_share"], generator
    )
    head = network.TopicClassifier(len(mean), store.allowed.shape[1], settings["hidden"])

    def part_loss(chosen: np.ndarray) -> Tensor:
        tokens, mask = store.batch(chosen)
        tokens = functional.dropout((tokens - mean) / deviation, settings["dropout"])
        logits, attention = head(tokens, mask)
        total = topic_loss(logits, store.allowed[chosen], store.weights[chosen])
        pairs, spans = evidence_masks([store.spans.get(int(index), []) for index in chosen], tokens.shape[1])
        if len(pairs):
            total = total + settings["evidence_weight"] * evidence_loss(attention, pairs, spans)
        return total

    def loss() -> Tensor:
        chosen = batches.next()
        by_length = chosen[np.argsort(store.lengths[chosen])]  # parts of like length need little padding
        return torch.stack([part_loss(part) for part in np.array_split(by_length, PARTS)]).sum() / len(chosen)

    last = optimise(list(head.parameters()), settings, settings["steps"], loss)
    log.info("heads: topics, loss %.3f", last)
    return head


def fold(weight: Tensor, bias: Tensor, mean: Tensor, deviation: Tensor) -> tuple[Tensor, Tensor]:
    """The layer on raw inputs that equals this layer on standardised ones; rows may be indexed by several dimensions."""
    raw = weight / deviation
    return raw, bias - raw @ mean


def fold_head(head: torch.nn.Module, mean: Tensor, deviation: Tensor) -> None:
    """Fold the standardisation of the inputs into every layer that reads them, in place.

    The topic head's attention weights sum to one, so what it reads is standardised exactly as the tokens are.
    """
    first = [head.hidden if hasattr(head, "hidden") else head.output]
    if isinstance(head, network.TopicClassifier):
        first.append(head.key)
    with torch.no_grad():
        for layer in first:
            weight, bias = fold(layer.weight, layer.bias, mean, deviation)
            layer.weight.copy_(weight)
            layer.bias.copy_(bias)


def moments(values: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of every dimension."""
    return values.mean(0), values.std(0).clamp_min(1e-3)


def run(settings: Row, prepared: Path, encoded: Path, out: Path, seed: int) -> None:
    """Train every head and write `heads.safetensors`, in float32 and under the shipped names."""
    torch.set_num_threads(1)  # the matrices are so small that threads cost more than they bring
    rows = list(corpora.read_lines(prepared / "rows.jsonl.zst"))
    is_train = np.array([row["split"] == "train" for row in rows])
    is_corpus = np.array([row["set"] == "feedback" for row in rows])
    vectors = torch.from_numpy(np.load(encoded / "vectors.npy"))
    common = {key: value for key, value in settings.items() if not isinstance(value, dict)}
    trained: dict[str, torch.nn.Module] = {}

    train_rows = np.flatnonzero(is_train)
    mean, deviation = moments(vectors[train_rows])
    inputs = (vectors[train_rows] - mean) / deviation
    for name, targets in pooled_targets([rows[i] for i in train_rows]).items():
        torch.manual_seed(seed)
        trained[name] = train_pooled(
            name, inputs, targets, is_corpus[train_rows], common | settings[name], np.random.default_rng(seed)
        )
        fold_head(trained[name], mean, deviation)

    store = TokenStore.read(encoded, rows, settings["topics"]["likely_weight"])
    store = only(store, is_train[store.rows])
    sample = store.tokens[:: max(1, len(store.tokens) // 200_000)].astype(np.float32)
    scale = moments(torch.from_numpy(sample))
    torch.manual_seed(seed)
    trained["topics"] = train_topics(store, scale, is_corpus, common | settings["topics"], np.random.default_rng(seed))
    fold_head(trained["topics"], *scale)

    out.mkdir(parents=True, exist_ok=True)
    tensors = {f"heads.{name}.{key}": value.contiguous() for name, head in trained.items() for key, value in head.state_dict().items()}
    save_file(tensors, out / "heads.safetensors")


def only(store: TokenStore, keep: np.ndarray) -> TokenStore:
    """The store without the rows that are not kept; token vectors stay where they are."""
    kept = np.flatnonzero(keep)
    return TokenStore(
        tokens=store.tokens,
        starts=store.starts[kept],
        lengths=store.lengths[kept],
        rows=store.rows[kept],
        allowed=store.allowed[kept],
        weights=store.weights[kept],
        spans={new: store.spans[old] for new, old in enumerate(kept.tolist()) if old in store.spans},
    )
