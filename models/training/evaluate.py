#!/usr/bin/env python3
"""Accuracy of `painpoint score` records against labelled feedback, by language and head.

    painpoint score data/feedback/*.jsonl > records.jsonl
    python models/training/evaluate.py records.jsonl data/feedback/*.jsonl [--split dev] [--json figures.json]

Records and gold items are joined by `id`. Needs only numpy. Conventions:

- sentiment: gold `mixed` items are left out of the three-class figures; they are what the `mixed` F1 is about.
- macro-F1 is the mean over the labels that occur in the gold items of the group; a label that is never there has no F1.
- topics: micro-F1 over (item, topic, polarity), and over (item, topic) for "found".
- calibration error (ECE): 15 bins of equal width over the probability of the sentiment that was chosen. Its size by chance is
  what a perfectly calibrated model with the same probabilities would show on so few items, on average; only the rest is the model's.
- `--split dev` keeps items whose number, the digits at the end of the id, is divisible by 10; `train` the others.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Record = dict[str, Any]
Figures = dict[str, float | int | None]

URGENCIES = ("P1", "P2", "P3", "P4")
BINS = 15
DRAWS = 200
COLUMNS = {
    "items": "items",
    "sentiment_macro_f1": "sentiment, macro-F1",
    "sentiment_accuracy": "sentiment, accuracy",
    "sentiment_ece": "sentiment, ECE",
    "sentiment_ece_by_chance": "of it by chance",
    "mixed_f1": "mixed, F1",
    "emotions_macro_f1": "emotions, macro-F1",
    "topics_polarity_micro_f1": "topics with polarity, micro-F1",
    "topics_found_micro_f1": "topics found, micro-F1",
    "act_accuracy": "act, accuracy",
    "urgency_exact": "urgency, exact",
    "urgency_within_one": "urgency, within one",
    "language_accuracy": "language, accuracy",
}


def ratio(hits: float, wrong: float, missed: float) -> float | None:
    """F1 from counts; None where there is nothing to find and nothing was claimed."""
    total = 2 * hits + wrong + missed
    return 2 * hits / total if total else None


def set_f1(gold: Sequence[set[Hashable]], told: Sequence[set[Hashable]]) -> float | None:
    """Micro-F1 of sets of labels."""
    hits = sum(len(a & b) for a, b in zip(gold, told))
    return ratio(hits, sum(map(len, told)) - hits, sum(map(len, gold)) - hits)


def macro_f1(gold: Sequence[set[Hashable]], told: Sequence[set[Hashable]]) -> float | None:
    """Mean over the gold labels of each one's F1."""
    scores = [
        set_f1([a & {label} for a in gold], [b & {label} for b in told])
        for label in sorted(set().union(*gold), key=str)
    ]
    return float(np.mean(scores)) if scores else None


def calibration_error(confidence: Sequence[float], right: Sequence[bool]) -> float | None:
    """Expected calibration error: mean distance of confidence and accuracy, weighted by the size of each bin."""
    if not confidence:
        return None
    confidences, hits = np.array(confidence), np.array(right, float)
    bins = np.minimum((confidences * BINS).astype(int), BINS - 1)
    gaps = [abs(confidences[bins == b].sum() - hits[bins == b].sum()) for b in range(BINS)]
    return float(sum(gaps) / len(hits))


def error_by_chance(confidence: Sequence[float]) -> float | None:
    """Mean calibration error of a model that is right exactly as often as it says, over simulated draws."""
    if not confidence:
        return None
    chances, generator = np.array(confidence), np.random.default_rng(0)
    draws = [calibration_error(confidence, generator.random(len(chances)) < chances) for _ in range(DRAWS)]
    return float(np.mean(draws))


def mean(values: Iterable[float]) -> float | None:
    """Mean, or None of nothing."""
    values = list(values)
    return float(np.mean(values)) if values else None


def measure(pairs: Sequence[tuple[Record, Record]]) -> Figures:
    """All figures of a group of (gold item, record) pairs."""
    clear = [(gold, told["sentiment"]) for gold, told in pairs if gold["sentiment"] != "mixed"]
    labels = [{gold["sentiment"]} for gold, _ in clear]
    guesses = [{sentiment["label"]} for _, sentiment in clear]
    right = [a == b for a, b in zip(labels, guesses)]
    confidence = [sentiment["probabilities"][sentiment["label"]] for _, sentiment in clear]
    levels = [(URGENCIES.index(gold["urgency"]), URGENCIES.index(told["urgency"]["level"])) for gold, told in pairs]
    return {
        "items": len(pairs),
        "sentiment_macro_f1": macro_f1(labels, guesses),
        "sentiment_accuracy": mean(right),
        "sentiment_ece": calibration_error(confidence, right),
        "sentiment_ece_by_chance": error_by_chance(confidence),
        "mixed_f1": set_f1(
            [{"mixed"} if gold["sentiment"] == "mixed" else set() for gold, _ in pairs],
            [{"mixed"} if told["sentiment"]["mixed"] else set() for _, told in pairs],
        ),
        "emotions_macro_f1": macro_f1(
            [set(gold["emotions"]) for gold, _ in pairs],
            [{emotion["label"] for emotion in told["emotions"]} for _, told in pairs],
        ),
        "topics_polarity_micro_f1": set_f1(
            [{(topic["topic"], topic["polarity"]) for topic in gold["topics"]} for gold, _ in pairs],
            [{(topic["topic"], topic["polarity"]) for topic in told["topics"]} for _, told in pairs],
        ),
        "topics_found_micro_f1": set_f1(
            [{topic["topic"] for topic in gold["topics"]} for gold, _ in pairs],
            [{topic["topic"] for topic in told["topics"]} for _, told in pairs],
        ),
        "act_accuracy": mean(gold["act"] == told["act"]["label"] for gold, told in pairs),
        "urgency_exact": mean(a == b for a, b in levels),
        "urgency_within_one": mean(abs(a - b) <= 1 for a, b in levels),
        "language_accuracy": mean(gold["language"] == told["language"] for gold, told in pairs if "language" in told),
    }


def by_language(pairs: Sequence[tuple[Record, Record]]) -> dict[str, Figures]:
    """Figures of every language, and of all items together."""
    groups: dict[str, list[tuple[Record, Record]]] = defaultdict(list)
    for pair in pairs:
        groups[pair[0]["language"]].append(pair)
    return {language: measure(group) for language, group in sorted(groups.items())} | {"all": measure(pairs)}


def confusion(pairs: Sequence[tuple[Record, Record]]) -> dict[str, dict[str, int]]:
    """{gold sentiment: {told sentiment: items}}; the gold side has `mixed` too."""
    table: dict[str, dict[str, int]] = {}
    for gold, told in pairs:
        row = table.setdefault(gold["sentiment"], {})
        row[told["sentiment"]["label"]] = row.get(told["sentiment"]["label"], 0) + 1
    return table


def label_figures(pairs: Sequence[tuple[Record, Record]]) -> dict[str, dict[str, dict[str, float | int | None]]]:
    """{`emotions` or `topics`: {label: items that have it, precision, recall, F1}}; topics whatever their polarity."""
    names = {
        "emotions": lambda gold, told: (set(gold["emotions"]), {emotion["label"] for emotion in told["emotions"]}),
        "topics": lambda gold, told: ({t["topic"] for t in gold["topics"]}, {t["topic"] for t in told["topics"]}),
    }
    tables: dict[str, dict[str, dict[str, float | int | None]]] = {}
    for head, labels_of in names.items():
        sets = [labels_of(gold, told) for gold, told in pairs]
        rows = {}
        for label in sorted(set().union(*(gold for gold, _ in sets))):
            hits = sum(label in gold and label in told for gold, told in sets)
            there, claimed = (sum(label in pair[side] for pair in sets) for side in (0, 1))
            rows[label] = {
                "items": there,
                "precision": hits / claimed if claimed else None,
                "recall": hits / there,
                "f1": ratio(hits, claimed - hits, there - hits),
            }
        tables[head] = rows
    return tables


def markdown(figures: dict[str, Figures]) -> str:
    """A table with a row for every figure and a column for every language; figures in percent."""
    languages = list(figures)
    lines = [f"| | {' | '.join(languages)} |", f"|---|{'---|' * len(languages)}"]
    for key, title in COLUMNS.items():
        cells = [show(key, figures[language][key]) for language in languages]
        if any(cell != "-" for cell in cells):
            lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def show(key: str, value: float | int | None) -> str:
    """One cell of the table."""
    if value is None:
        return "-"
    return str(value) if key == "items" else f"{100 * value:.1f}"


def in_split(item: Record, split: str | None) -> bool:
    """Is a gold item in the split asked for?"""
    if split is None:
        return True
    digits = re.search(r"\d+$", item["id"])
    if digits is None:
        raise SystemExit(f"--split: the id {item['id']!r} does not end in a number")
    return (int(digits[0]) % 10 == 0) == (split == "dev")


def read_lines(path: Path) -> list[Record]:
    """Objects of a JSON Lines file; `-` is standard input."""
    text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path, help="output of `painpoint score` (JSON Lines), - for standard input")
    parser.add_argument("gold", type=Path, nargs="+", help="labelled feedback (JSON Lines)")
    parser.add_argument("--split", choices=("train", "dev"), help="only this part of the gold items")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    arguments = parser.parse_args()

    gold = [item for path in arguments.gold for item in read_lines(path) if in_split(item, arguments.split)]
    records = {str(record.get("id")): record for record in read_lines(arguments.records)}
    pairs = [(item, records[item["id"]]) for item in gold if "error" not in records.get(item["id"], {"error": "missing"})]
    if len(pairs) < len(gold):
        print(f"{len(gold) - len(pairs)} of {len(gold)} gold items have no record, or a record with an error", file=sys.stderr)
    if not pairs:
        raise SystemExit("nothing to measure: do the ids of the records match those of the gold items?")
    figures = by_language(pairs)
    print(markdown(figures))
    if arguments.json:
        document = {"figures": figures, "sentiment_confusion": confusion(pairs), "labels": label_figures(pairs)}
        arguments.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
