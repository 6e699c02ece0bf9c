"""Writes `src/prepare/detect/letters.tsv`: what letters say of the language of a
short text in Latin script. `python letters.py`, no packages needed.

Naive Bayes over runs of two to four letters. English, French and Spanish are
counted in the training rows of `data/feedback` (those whose id does not end in
0); the neighbours that they are mistaken for in the sentences of `letters.tsv`
beside this file, which were written for it, and in the words that
`src/prepare/detect/words.rs` lists. What few sentences cannot count is taken
from all languages together (Dirichlet smoothing).

Kept are the runs that tell most: by their share of a text and by how much the
languages differ in it. A value is the logarithm of a run's frequency in a
language against its mean over the languages, in tenths of a nat.
"""

import collections
import json
import math
import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2]
COUNTED = ["en", "fr", "es"]
NEIGHBOURS = {"pt": "Portuguese", "it": "Italian", "de": "German", "nl": "Dutch", "id": "Indonesian"}
LENGTHS = range(2, 5)
KEPT = 8000
# Runs that smoothing adds to each language: fewer than a neighbour has of its own.
SMOOTHING = {"en": 300, "fr": 300, "es": 300} | dict.fromkeys(NEIGHBOURS, 1500)


def runs(text):
    """The runs of letters of a text, `_` at the ends of words."""
    for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*'?", text.lower().replace("’", "'")):
        word = f"_{word}_"
        for length in LENGTHS:
            for at in range(len(word) - length + 1):
                yield word[at : at + length]


def texts(language):
    for path in sorted((ROOT / "data/feedback").glob(f"{language}*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["language"] == language and not row["id"].endswith("0"):
                yield row["text"]


def words(name):
    source = (ROOT / "src/prepare/detect/words.rs").read_text(encoding="utf-8")
    listed = re.search(rf'Language::{name},\s+"([^"]*)"', source).group(1)
    return listed.replace("\\\n", "").split()


def main():
    counts = {language: collections.Counter() for language in [*COUNTED, *NEIGHBOURS]}
    for language in COUNTED:
        for text in texts(language):
            counts[language].update(runs(text))
    for line in pathlib.Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines():
        language, text = line.split("\t")
        counts[language].update(runs(text))
    for language, name in NEIGHBOURS.items():
        for word in words(name):
            counts[language].update(runs(word))

    totals = {language: sum(count.values()) for language, count in counts.items()}
    known = sorted(set().union(*counts.values()))
    # Every language counts alike, and every run at least a little.
    shares = {run: sum(counts[l][run] / totals[l] for l in counts) / len(counts) for run in known}
    floor = 1e-7
    values = {}
    for run in known:
        frequencies = [
            (counts[l][run] + SMOOTHING[l] * (shares[run] + floor)) / (totals[l] + SMOOTHING[l])
            for l in counts
        ]
        logs = [math.log(frequency) for frequency in frequencies]
        mean = sum(logs) / len(logs)
        average = sum(frequencies) / len(frequencies)
        telling = sum(f * math.log(f / average) for f in frequencies)
        values[run] = (telling, [log - mean for log in logs])
    kept = sorted(sorted(values, key=lambda run: -values[run][0])[:KEPT])

    with open(ROOT / "src/prepare/detect/letters.tsv", "w", encoding="utf-8") as out:
        for run in kept:
            tenths = [max(-99, min(99, round(10 * value))) for value in values[run][1]]
            print(run, *tenths, sep="\t", file=out)


main()
