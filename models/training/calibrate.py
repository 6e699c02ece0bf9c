"""Stage `calibrate`: temperatures, thresholds and the figures of the card, on the dev items of the feedback corpus.

Everything is computed from encoder and heads as they are stored in the shipped file, and once more from the floats they were
made from, to show what storing them costs. Thresholds are tuned for each label on its F1 and pulled towards the one threshold that
is best for all labels together, the more so the fewer positives a label has. The figures that rest on temperatures or thresholds
are also given cross-fitted: every item is measured under what was tuned on the other folds.
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


def read_heads(trained: Path, as_shipped: bool) -> network.Heads:
    """The trained heads, after a round trip through their stored types if wanted."""
    tensors = load_file(trained / "heads.safetensors")
    if as_shipped:
        tensors = checkpoint.restore(checkpoint.store_heads(tensors))
    described = {name: {"labels": labels, "hidden": network.width_of(tensors, name)} for name, labels in HEAD_LABELS.items()}
    return network.build_heads({"encoder": {"hidden": tensors["heads.topics.key.weight"].shape[1]}, "heads": described}, tensors)


@dataclass(frozen=True)
class DevItems:
    """Dev items of the corpus, with what the heads say about them."""

    items: list[Row]
    rows: list[Row]
    store: TokenStore
    logits: dict[str, Tensor]

    @classmethod
    def read(cls, corpus: Path, rows: list[Row], encoded: Path, heads: network.Heads) -> DevItems:
        """Run the heads over what the encoder made of the items."""
        chosen = np.array([row["set"] == "feedback" and row["split"] == "dev" for row in rows])
        numbers = np.flatnonzero(chosen)
        store = TokenStore.read(encoded, rows, 1.0)
        store = only(store, chosen[store.rows])
        assert np.array_equal(store.rows, numbers)
        vectors = torch.from_numpy(np.load(encoded / "vectors.npy")[numbers])
        with torch.inference_mode():
            logits = {name: heads[name](vectors) for name in heads.pooled()}
        logits["topics"] = topic_logits(heads["topics"], store)
        by_id = {item["id"]: item for item in corpora.feedback(corpus)}
        return cls([by_id[rows[n]["id"]] for n in numbers], [rows[n] for n in numbers], store, logits)

    def targets(self) -> dict[str, Tensor]:
        """One-hot, soft or multi-hot targets of every head; topics [items, topics, 4]."""
        targets = {name: target.values for name, target in pooled_targets(self.rows).items()}
        return targets | {"topics": self.store.allowed.float()}

    def labelled(self) -> dict[str, np.ndarray]:
        """Which items a head's temperature is fitted on: sentiment without `mixed`, stars where there are some, else all."""
        return {name: np.ones(len(self.items), bool) for name in self.logits} | {
            "sentiment": np.array([item["sentiment"] != "mixed" for item in self.items]),
            "stars": np.array([item["stars"] is not None for item in self.items]),
        }


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


@dataclass(frozen=True)
class Tuned:
    """Temperatures of all heads, and thresholds of those that have them."""

    temperatures: dict[str, float]
    thresholds: dict[str, list[float]]

    @classmethod
    def fit(cls, dev: DevItems, chosen: np.ndarray, prior: float) -> Tuned:
        """Fit on the chosen items."""
        targets, labelled = dev.targets(), dev.labelled()
        temperatures = {
            name: fit_temperature(name, values[chosen & labelled[name]], targets[name][chosen & labelled[name]])
            for name, values in dev.logits.items()
        }
        scores = {name: probabilities(name, dev.logits[name], temperatures[name])[chosen] for name in ("emotions", "mixed", "topics")}
        scores["topics"] = 1 - scores["topics"][..., 0]
        gold = {
            "emotions": targets["emotions"].numpy() > 0.5,
            "mixed": targets["mixed"].numpy() > 0.5,
            "topics": targets["topics"][..., 0].numpy() < 0.5,
        }
        return cls(temperatures, {name: tune_thresholds(scores[name], gold[name][chosen], prior) for name in scores})

    def records(self, dev: DevItems, chosen: np.ndarray) -> list[Row]:
        """The parts of the output records that the figures need, of the chosen items."""
        scores = {name: probabilities(name, values, self.temperatures[name]) for name, values in dev.logits.items()}
        return [
            self.record(dev.items[row], {name: values[row] for name, values in scores.items()}) for row in np.flatnonzero(chosen)
        ]

    def record(self, item: Row, scores: dict[str, np.ndarray]) -> Row:
        """One item's record."""
        sentiment = dict(zip(HEAD_LABELS["sentiment"], scores["sentiment"].tolist()))
        return {
            "id": item["id"],
            "sentiment": {
                "label": max(sentiment, key=sentiment.__getitem__),
                "probabilities": sentiment,
                "mixed": bool(scores["mixed"][0] >= self.thresholds["mixed"][0]),
            },
            "emotions": [
                {"label": label}
                for label, score, threshold in zip(HEAD_LABELS["emotions"], scores["emotions"], self.thresholds["emotions"])
                if score >= threshold
            ],
            "act": {"label": HEAD_LABELS["act"][int(scores["act"].argmax())]},
            "urgency": {"level": HEAD_LABELS["urgency"][int(scores["urgency"].argmax())]},
            "topics": [
                {"topic": topic, "polarity": network.POLARITIES[1 + int(scores["topics"][t, 1:].argmax())]}
                for t, topic in enumerate(TOPICS)
                if 1 - scores["topics"][t, 0] >= self.thresholds["topics"][t]
            ],
        }


def cross_fitted(dev: DevItems, settings: Row) -> list[tuple[Row, Row]]:
    """Items and their records under what was tuned on the other folds: figures that tuning cannot flatter."""
    folds = np.arange(len(dev.items)) % settings["folds"]
    pairs = []
    for fold in range(settings["folds"]):
        tuned = Tuned.fit(dev, folds != fold, settings["prior"])
        pairs += zip([dev.items[row] for row in np.flatnonzero(folds == fold)], tuned.records(dev, folds == fold))
    return pairs


def public_figures(rows: Sequence[Row], encoded: Path, heads: network.Heads, tuned: Tuned) -> dict[str, dict[str, Any]]:
    """Sentiment and emotion figures on the dev rows of the public sets."""
    vectors = torch.from_numpy(np.load(encoded / "vectors.npy"))
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
                scores = probabilities("emotions", heads["emotions"](vectors[numbers]), tuned.temperatures["emotions"])
            told_sets = [
                {label for label, score, limit in zip(HEAD_LABELS["emotions"], row, tuned.thresholds["emotions"]) if score >= limit}
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


def run(settings: Row, corpus: Path, prepared: Path, encoded: Sequence[Path], trained: Path, out: Path) -> None:
    """Write `calibration.json`: temperatures, thresholds, the low-confidence mark and all figures. `encoded`: the dev rows by the
    encoder as shipped, and as trained."""
    rows = list(corpora.read_lines(prepared / "rows.jsonl.zst"))
    shipped, floats = (
        (folder, read_heads(trained, as_shipped)) for folder, as_shipped in zip(encoded, (True, False), strict=True)
    )
    dev = DevItems.read(corpus, rows, *shipped)
    every = np.ones(len(dev.items), bool)
    tuned = Tuned.fit(dev, every, settings["prior"])
    pairs = list(zip(dev.items, tuned.records(dev, every)))
    exact = DevItems.read(corpus, rows, *floats)
    exact_pairs = list(zip(exact.items, tuned.records(exact, every)))

    clear, starred = (dev.labelled()[name] for name in ("sentiment", "stars"))
    scores = probabilities("sentiment", dev.logits["sentiment"], tuned.temperatures["sentiment"])[clear]
    right = scores.argmax(1) == dev.targets()["sentiment"].numpy()[clear].argmax(1)
    stars = probabilities("stars", dev.logits["stars"], tuned.temperatures["stars"])[starred] @ np.arange(1, 6)
    unsure = low_confidence(scores.max(1), right, settings["low_accuracy"], settings["low_window"])
    flagged = scores.max(1) < unsure
    figures = {
        "temperatures": tuned.temperatures,
        "thresholds": tuned.thresholds,
        "low_confidence": unsure,
        "low_confidence_share": float(flagged.mean()),
        "low_confidence_accuracy": evaluate.mean(right[flagged]),
        "high_confidence_accuracy": evaluate.mean(right[~flagged]),
        "dev": evaluate.by_language(pairs),
        "dev_cross_fitted": evaluate.by_language(cross_fitted(dev, settings)),
        "dev_floats": evaluate.by_language(exact_pairs),
        "labels": evaluate.label_figures(pairs),
        "sentiment_confusion": evaluate.confusion(pairs),
        "stars_mean_error": float(np.abs(stars - np.array([i["stars"] for i in dev.items if i["stars"] is not None])).mean()),
        "evidence_hit": evidence_hit(shipped[1]["topics"], dev.store),
        "public_dev": public_figures(rows, *shipped, tuned),
        "public_dev_floats": public_figures(rows, *floats, tuned),
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "calibration.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    log.info("calibrate:\n%s", evaluate.markdown(figures["dev"]))


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
