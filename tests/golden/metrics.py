#!/usr/bin/env python3
"""Writes metrics.jsonl: figures of 1,000 random cases by scikit-learn and SciPy.

    python tests/golden/metrics.py        # written with scikit-learn 1.9.1, SciPy 1.17.1

A line holds what is there, what is told and the figures, null where there is none. Rows with one class each are strings of
digits, and their digits are stars too: accuracy, macro F1, weighted F1, Kendall's tau-b, mean absolute error. Rows with several
labels are lists of bit sets: macro, micro and weighted F1, accuracy of the whole set. Macro F1 is that of the labels that are there.
"""

import json
import random
import warnings
from pathlib import Path

import numpy as np
from scipy.stats import kendalltau
from sklearn.metrics import accuracy_score, f1_score, mean_absolute_error

CASES = 1000
LABELS = 5


def shown(value: float) -> float | None:
    return None if np.isnan(value) else float(f"{value:.12g}")


def classes(generator: random.Random) -> list:
    rows, labels = generator.randint(1, 30), generator.randint(1, LABELS)
    gold = [generator.randrange(labels) for _ in range(rows)]
    told = [label if generator.random() < 0.5 else generator.randrange(LABELS) for label in gold]
    there = sorted(set(gold))
    figures = [
        accuracy_score(gold, told),
        f1_score(gold, told, labels=there, average="macro"),
        f1_score(gold, told, average="weighted", zero_division=0),
        kendalltau(gold, told).statistic if rows > 1 else float("nan"),
        mean_absolute_error(gold, told),
    ]
    return ["".join(map(str, gold)), "".join(map(str, told)), [shown(figure) for figure in figures]]


def sets(generator: random.Random) -> list:
    rows = generator.randint(1, 30)
    gold = [generator.getrandbits(LABELS) & generator.getrandbits(LABELS) for _ in range(rows)]
    gold[0] |= 1
    told = [labels ^ (generator.getrandbits(LABELS) & generator.getrandbits(LABELS)) for labels in gold]
    matrices = [np.array([[row >> label & 1 for label in range(LABELS)] for row in side]) for side in (gold, told)]
    there = [label for label in range(LABELS) if matrices[0][:, label].any()]
    figures = [
        f1_score(*matrices, labels=there, average="macro", zero_division=0),
        f1_score(*matrices, average="micro", zero_division=0),
        f1_score(*matrices, average="weighted", zero_division=0),
        accuracy_score(*matrices),
    ]
    return [gold, told, [shown(figure) for figure in figures]]


def main() -> None:
    warnings.simplefilter("ignore")
    generator = random.Random(20261122)
    cases = [(classes if case % 2 else sets)(generator) for case in range(CASES)]
    lines = [json.dumps(case, separators=(",", ":")) + "\n" for case in cases]
    (Path(__file__).parent / "metrics.jsonl").write_text("".join(lines), encoding="ascii")


if __name__ == "__main__":
    main()
