"""The texts of the comparison, as token ids: the dev items of the feedback corpus, whole and cut.

A set is a JSON file: ids of the items, token ids of each with `<s>` and `</s>`, and the sentiment that readers gave it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokenizers import Encoding, Tokenizer

import corpora

Item = dict[str, Any]

WINDOW = 512
END = 2
CALIBRATION = 100  # training items that set the ranges of static quantisation
SHORT_MEAN = 26.0
"""Tokens a document in the short set: what earlier comparisons of this architecture used."""


def encode(tokenizer: Tokenizer, items: Sequence[Item]) -> list[Encoding]:
    """Tokens of every item."""
    return tokenizer.encode_batch([item["text"] for item in items])


def cut(encoding: Encoding, limit: int) -> list[int]:
    """The first `limit` token ids, the last of them `</s>`."""
    ids: list[int] = encoding.ids
    return ids if len(ids) <= limit else [*ids[: limit - 1], END]


def cut_text(text: str, encoding: Encoding, limit: int) -> str:
    """The part of the text that the first `limit` ids stand for."""
    return text if len(encoding.ids) <= limit else text[: encoding.offsets[limit - 2][1]]


def limit_for(lengths: Sequence[int], mean: float) -> int:
    """The lowest limit that brings the mean to `mean`; the longest length if it is lower anyway."""
    return next(
        (limit for limit in range(3, max(lengths)) if sum(min(n, limit) for n in lengths) >= mean * len(lengths)),
        max(lengths),
    )


def document_set(items: Sequence[Item], encodings: Sequence[Encoding], limit: int) -> dict[str, Any]:
    """A set whose documents have `limit` tokens at most."""
    return {
        "limit": limit,
        "items": [item["id"] for item in items],
        "sentiments": [item["sentiment"] for item in items],
        "texts": [cut_text(item["text"], encoding, limit) for item, encoding in zip(items, encodings)],
        "documents": [cut(encoding, limit) for encoding in encodings],
    }


def make(corpus: Path, tokenizer: Path, out: Path) -> None:
    """Write `dev.json`, `short.json`, `train.json`, the last without token ids, and `calibration.json`, some of its items."""
    out.mkdir(parents=True, exist_ok=True)
    splits: dict[str, list[Item]] = {"train": [], "dev": []}
    for item in corpora.feedback(corpus):
        splits[item["split"]].append(item)
    reader = Tokenizer.from_file(str(tokenizer))
    encodings = encode(reader, splits["dev"])
    limit = limit_for([len(encoding.ids) for encoding in encodings], SHORT_MEAN)
    sample = splits["train"][:: len(splits["train"]) // CALIBRATION]
    sets = {
        "dev": document_set(splits["dev"], encodings, WINDOW),
        "short": document_set(splits["dev"], encodings, limit),
        "calibration": document_set(sample, encode(reader, sample), WINDOW),
        "train": {
            name: [item[key] for item in splits["train"]] for name, key in (("sentiments", "sentiment"), ("texts", "text"))
        },
    }
    for name, content in sets.items():
        (out / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def read(folder: Path, name: str) -> dict[str, Any]:
    """A set that `make` wrote."""
    content: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return content
