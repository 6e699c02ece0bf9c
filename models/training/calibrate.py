"""Stage `calibrate`: temperatures, thresholds and the figures of the card, on the dev items of the feedback corpus.

Everything is computed from the heads as they are stored in the shipped file. One part of the corpus is measured apart, under
temperatures and thresholds that were tuned on the others. Thresholds are tuned for each label on its F1
and pulled towards the one threshold that is best for all labels together, the more so the fewer positives a label has.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file
from torch import Tensor

import checkpoint
import corpora
import evaluate
import network
from heads import Row, TokenStore, only, pooled_targets
from labels import HEAD_LABELS, TOPICS

log = logging.getLogger(__name__)

INDEPENDENT = ("emotions", "mixed")  # sigmoid heads
GRID = np.round(np.arange(0.15, 0.86, 0.01), 2)
TEMPERATURES = np.exp(np.linspace(np.log(0.4), np.log(4.0), 93))


def shipped_heads(trained: Path) -> network.Heads:
    """The trained heads after a round trip through their stored types."""
    tensors = checkpoint.restore(checkpoint.store_heads(load_file(trained / "heads.safetensors")))
    described = {name: {"labels": labels, "hidden": network.width_of(tensors, name)} for name, labels in HEAD_LABELS.items()}
    heads = network.build_heads({"encoder": {"hidden": tensors["heads.topics.key.weight"].shape[1]}, "heads": described}, tensors)
    log.info("calibrate: widths %s", {name: head["hidden"] for name, head in described.items()})
    return heads


@dataclass(frozen=True)
class DevItems:
    """Dev items of the corpus, with what the heads say about them."""

    items: list[Row]
    rows: list[Row]
    store: TokenStore
    logits: dict[str, Tensor]

    @classmethod
    def read(cls, chosen: np.ndarray, rows: list[Row], vectors: Tensor, store: TokenStore, heads: network.Heads,
             by_id: dict[str, Row]) -> DevItems:  # fmt: skip
        """Run the heads over the rows marked in `chosen`."""
        numbers = np.flatnonzero(chosen)
        store = only(store, chosen[store.rows])
        assert np.array_equal(store.rows, numbers)
        with torch.inference_mode():
            logits = {name: heads[name](vectors[numbers]) for name in heads.pooled()}
        logits["topics"] = topic_logits(heads["topics"], store)
        return cls([by_id[rows[n]["id"]] for n in numbers], [rows[n] for n in numbers], store, logits)


@torch.inference_mode()
def topic_logits(head: network.TopicClassifier, store: TokenStore) -> Tensor:
    """Topic logits of every row of the store."""
    outputs = [head(*store.batch(np.array([index])))[0] for index in range(len(store.rows))]
    return torch.cat(outputs)


def probabilities(name: str, logits: Tensor, temperature: float) -> np.ndarray:
    """What the manifest says: softmax or sigmoid of logits over the temperature."""
    scaled = logits / temperature
    return (scaled.sigmoid() if name in INDEPENDENT else scaled.softmax(-1)).numpy()


def fit_temperature(name: str, logits: Tensor, targets: Tensor) -> float:
    """The temperature of least negative log-likelihood."""
    gold = targets.numpy()
    losses = []
    for temperature in TEMPERATURES:
        told = np.clip(probabilities(name, logits, float(temperature)), 1e-7, 1 - 1e-7)
        loss = -(gold * np.log(told)).sum()
        if name in INDEPENDENT:
            loss -= ((1 - gold) * np.log(1 - told)).sum()
        losses.append(loss)
    return round(float(TEMPERATURES[int(np.argmin(losses))]), 3)


def f1_curve(scores: np.ndarray, gold: np.ndarray) -> np.ndarray:
    """[thresholds, 3]: hits, wrong and missed at every threshold of the grid."""
    told = scores[None, :] >= GRID[:, None]
    hits = (told & gold).sum(1)
    return np.stack([hits, told.sum(1) - hits, gold.sum() - hits], axis=1)


def best(counts: np.ndarray) -> int:
    """The grid index of the best F1; the middle of a plateau, since its edges are luck."""
    scores = 2 * counts[:, 0] / np.maximum(1, 2 * counts[:, 0] + counts[:, 1] + counts[:, 2])
    plateau = np.flatnonzero(scores >= scores.max() - 1e-9)
    return int(plateau[len(plateau) // 2])


def tune_thresholds(scores: np.ndarray, gold: np.ndarray, prior: float) -> list[float]:
    """One threshold a column, shrunk towards the common one as if that had been seen on `prior` positives."""
    curves = [f1_curve(scores[:, column], gold[:, column]) for column in range(scores.shape[1])]
    common = GRID[best(sum(curves))]
    positives = gold.sum(0)
    return [
        round(float((positives[c] * GRID[best(curve)] + prior * common) / (positives[c] + prior)), 3)
        for c, curve in enumerate(curves)
    ]


def low_confidence(confidence: np.ndarray, right: np.ndarray, accuracy: float, window: int) -> float:
    """The confidence around which items are right less often than `accuracy`: the middle of the most confident run of
    `window` items, in order of confidence, that falls short of it. 0 if none does."""
    order = np.argsort(confidence)
    short = [
        start for start in range(len(order) - window + 1) if right[order[start : start + window]].mean() < accuracy
    ]
    return round(float(np.median(confidence[order[short[-1] : short[-1] + window]])), 2) if short else 0.0


class Reader:
    """Turns the logits of dev items into records, with a set of temperatures and thresholds."""

    def __init__(self, logits: dict[str, Tensor], temperatures: dict[str, float]) -> None:
        self.scores = {name: probabilities(name, values, temperatures[name]) for name, values in logits.items()}

    def found(self) -> np.ndarray:
        """Probability that each topic is present."""
        return 1 - self.scores["topics"][..., 0]

    def record(self, row: int, item: Row, thresholds: dict[str, list[float]]) -> Row:
        """The part of an output record that the figures need."""
        scores = {name: values[row] for name, values in self.scores.items()}
        sentiment = dict(zip(HEAD_LABELS["sentiment"], scores["sentiment"].tolist()))
        found = self.found()[row]
        return {
            "id": item["id"],
            "sentiment": {
                "label": max(sentiment, key=sentiment.__getitem__),
                "probabilities": sentiment,
                "mixed": bool(scores["mixed"][0] >= thresholds["mixed"][0]),
            },
            "emotions": [
                {"label": label}
                for label, score, threshold in zip(HEAD_LABELS["emotions"], scores["emotions"], thresholds["emotions"])
                if score >= threshold
            ],
            "act": {"label": HEAD_LABELS["act"][int(scores["act"].argmax())]},
            "urgency": {"level": HEAD_LABELS["urgency"][int(scores["urgency"].argmax())]},
            "topics": [
                {"topic": topic, "polarity": network.POLARITIES[1 + int(scores["topics"][t, 1:].argmax())]}
                for t, topic in enumerate(TOPICS)
                if found[t] >= thresholds["topics"][t]
            ],
        }


def fit_thresholds(reader: Reader, gold: dict[str, np.ndarray], chosen: np.ndarray, prior: float) -> dict[str, list[float]]:
    """Thresholds of the heads that have them, from the chosen rows."""
    scores = {"emotions": reader.scores["emotions"], "mixed": reader.scores["mixed"], "topics": reader.found()}
    return {name: tune_thresholds(scores[name][chosen], gold[name][chosen], prior) for name in scores}


def cross_fitted(reader: Reader, items: Sequence[Row], gold: dict[str, np.ndarray], settings: Row) -> list[Row]:
    """Records whose thresholds were tuned on the other folds: figures that tuning cannot flatter."""
    folds = np.arange(len(items)) % settings["folds"]
    fitted = [fit_thresholds(reader, gold, folds != fold, settings["prior"]) for fold in range(settings["folds"])]
    return [reader.record(row, item, fitted[folds[row]]) for row, item in enumerate(items)]


def public_figures(rows: Sequence[Row], vectors: Tensor, heads: network.Heads, thresholds: dict[str, list[float]],
                   temperatures: dict[str, float]) -> dict[str, dict[str, Any]]:  # fmt: skip
    """Sentiment and emotion figures on the dev rows of the public sets."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row["split"] == "dev" and row["set"] != "feedback":
            groups[row["set"]].append(number)
    figures = {}
    for name, numbers in sorted(groups.items()):
        if name.startswith("sentiment/"):
            with torch.inference_mode():
                told = heads["sentiment"](vectors[numbers]).argmax(-1).tolist()
            gold = [int(np.argmax(rows[n]["sentiment"])) for n in numbers]
            figures[name] = {
                "rows": len(numbers),
                "accuracy": evaluate.mean(a == b for a, b in zip(gold, told)),
                "macro_f1": evaluate.macro_f1([{a} for a in gold], [{b} for b in told]),
            }
        else:
            with torch.inference_mode():
                scores = probabilities("emotions", heads["emotions"](vectors[numbers]), temperatures["emotions"])
            told_sets = [
                {label for label, score, limit in zip(HEAD_LABELS["emotions"], row, thresholds["emotions"]) if score >= limit}
                for row in scores
            ]
            known = [rows[n]["emotions"] for n in numbers]
            figures[name] = {
                "rows": len(numbers),
                "macro_f1": evaluate.macro_f1(
                    [{label for label, (target, _) in targets.items() if target} for targets in known],
                    [told & set(targets) for told, targets in zip(told_sets, known)],
                ),
            }
    return figures


def run(settings: Row, corpus: Path, prepared: Path, encoded: Path, trained: Path, out: Path) -> None:
    """Write `calibration.json`: temperatures, thresholds, the low-confidence mark and all figures."""
    rows = list(corpora.read_lines(prepared / "rows.jsonl.zst"))
    vectors = torch.from_numpy(np.load(encoded / "vectors.npy"))
    heads = shipped_heads(trained)
    is_dev = np.array([row["set"] == "feedback" and row["split"] == "dev" for row in rows])
    is_apart = np.array([row.get("part") == settings["part_apart"] for row in rows])
    every_store = TokenStore.read(encoded, rows, 1.0)
    by_id = {item["id"]: item for item in corpora.feedback(corpus)}
    dev = DevItems.read(is_dev & ~is_apart, rows, vectors, every_store, heads, by_id)
    items, store, logits = dev.items, dev.store, dev.logits

    targets = {name: target.values for name, target in pooled_targets(dev.rows).items()}
    targets["topics"] = store.allowed.float()
    clear = torch.tensor([item["sentiment"] != "mixed" for item in items])
    starred = torch.tensor([item["stars"] is not None for item in items])
    used = {"sentiment": clear, "stars": starred}
    every = torch.ones(len(items), dtype=torch.bool)
    temperatures = {
        name: fit_temperature(name, values[used.get(name, every)], targets[name][used.get(name, every)])
        for name, values in logits.items()
    }

    reader = Reader(logits, temperatures)
    gold = {
        "emotions": targets["emotions"].numpy() > 0.5,
        "mixed": targets["mixed"].numpy() > 0.5,
        "topics": ~store.allowed[..., 0].numpy(),
    }
    thresholds = fit_thresholds(reader, gold, np.ones(len(items), bool), settings["prior"])
    pairs = [(item, reader.record(row, item, thresholds)) for row, item in enumerate(items)]
    honest = list(zip(items, cross_fitted(reader, items, gold, settings)))
    apart: dict[str, evaluate.Figures] = {}
    if (is_dev & is_apart).any():
        others = DevItems.read(is_dev & is_apart, rows, vectors, every_store, heads, by_id)
        tested = Reader(others.logits, temperatures)
        apart = evaluate.by_language([(item, tested.record(row, item, thresholds)) for row, item in enumerate(others.items)])

    scores = reader.scores["sentiment"][clear.numpy()]
    right = scores.argmax(1) == targets["sentiment"].numpy()[clear.numpy()].argmax(1)
    stars = (reader.scores["stars"] @ np.arange(1, 6))[starred.numpy()]
    unsure = low_confidence(scores.max(1), right, settings["low_accuracy"], settings["low_window"])
    flagged = scores.max(1) < unsure
    figures = {
        "temperatures": temperatures,
        "thresholds": thresholds,
        "low_confidence": unsure,
        "low_confidence_share": float(flagged.mean()),
        "low_confidence_accuracy": evaluate.mean(right[flagged]),
        "high_confidence_accuracy": evaluate.mean(right[~flagged]),
        "dev": evaluate.by_language(pairs),
        "dev_cross_fitted": evaluate.by_language(honest),
        "dev_apart": apart,
        "sentiment_confusion": evaluate.confusion(pairs),
        "stars_mean_error": float(np.abs(stars - np.array([i["stars"] for i in items if i["stars"] is not None])).mean()),
        "evidence_hit": evidence_hit(heads["topics"], store),
        "public_dev": public_figures(rows, vectors, heads, thresholds, temperatures),
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "calibration.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    log.info("calibrate:\n%s", evaluate.markdown(figures["dev"]))
    if apart:
        log.info("calibrate: part %s\n%s", settings["part_apart"], evaluate.markdown(apart))


@torch.inference_mode()
def evidence_hit(head: network.TopicClassifier, store: TokenStore) -> float | None:
    """How often the token that a present topic attends to most lies inside the annotated evidence."""
    hits = []
    for index in range(len(store.rows)):
        chosen = np.array([index])
        tokens, mask = store.batch(chosen)
        attention = head(tokens, mask)[1][0]
        for topic, start, end in store.spans.get(index, ()):
            hits.append(start <= int(attention[topic].argmax()) < end)
    return evaluate.mean(hits)
