"""Reading the data: the feedback corpus and the public sets, as they lie on disk."""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeVar

import zstandard

CORE = ("zh", "zh-Hant", "fr", "es", "th", "en")
FAMILIES = ("sentiment", "emotion", "topics")
Value = TypeVar("Value")
DEV_EVERY = 10  # a corpus item whose number is divisible by this is dev


@dataclass(frozen=True)
class PublicSet:
    """One file of public rows: FAMILY/LANGUAGE/SOURCE.jsonl.zst."""

    family: str
    language: str
    source: str
    path: Path

    @property
    def name(self) -> str:
        return f"{self.family}/{self.language}/{self.source}"

    def rows(self, split: str | None = None) -> Iterator[dict[str, Any]]:
        """Rows of one split, or of both."""
        for row in read_lines(self.path):
            if split in (None, row["split"]):
                yield row


def public_sets(data: Path) -> list[PublicSet]:
    """All public sets under DATA, in a fixed order."""
    return [
        PublicSet(family, path.parent.name, path.name.removesuffix(".jsonl.zst"), path)
        for family in FAMILIES
        for path in sorted((data / family).glob("*/*.jsonl.zst"))
    ]


def matching(name: str, patterns: Mapping[str, Value]) -> Value | None:
    """What the first pattern that fits the name of a set stands for: `*` is any run of characters."""
    return next((value for pattern, value in patterns.items() if fnmatchcase(name, pattern)), None)


def feedback(corpus: Path) -> list[dict[str, Any]]:
    """All items of the feedback corpus, each with its `split` and its `part`: `a` in LANG.jsonl, `x` in LANG-x.jsonl."""
    items = []
    for path in sorted(corpus.glob("*.jsonl")):
        named = re.search(r"-([a-z])$", path.stem)
        part = named[1] if named else "a"
        for item in read_lines(path):
            number = int(item["id"].rsplit("-", 1)[1])
            items.append(item | {"split": "train" if number % DEV_EVERY else "dev", "part": part})
    return items


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Objects of a JSON Lines file, compressed with zstd if its name ends so."""
    with path.open("rb") as raw:
        stream = zstandard.ZstdDecompressor().stream_reader(raw) if path.suffix == ".zst" else raw
        for line in io.TextIOWrapper(stream, encoding="utf-8"):
            if line.strip():
                yield json.loads(line)


def write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write a zstd-compressed JSON Lines file."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(zstandard.compress(text.encode("utf-8"), 6))


def shuffled(rows: list[Any], seed: int) -> list[Any]:
    """A copy in an order that depends on the seed and on nothing else."""
    copy = list(rows)
    random.Random(seed).shuffle(copy)
    return copy
