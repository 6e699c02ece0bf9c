"""Cutting the tokenizer's vocabulary without losing any character that the full one covers."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
SPACE = "▁"


def read(path: Path) -> dict[str, Any]:
    """A tokenizer.json as a dictionary."""
    return json.loads(path.read_text(encoding="utf-8"))


def always_kept(pieces: list[str]) -> set[int]:
    """Ids that must stay so that no text becomes unknown: every single character, with or without the space mark, and
    every longer piece with a character that no single-character piece has."""
    alone = {piece for piece in pieces if len(piece) == 1}
    kept = set(range(len(SPECIAL)))
    for number, piece in enumerate(pieces):
        body = piece.removeprefix(SPACE)
        if len(body) <= 1 or any(character not in alone for character in body):
            kept.add(number)
    return kept - {number for number, piece in enumerate(pieces) if piece == "<mask>"}


def cut(tokenizer: dict[str, Any], keep: Collection[int]) -> tuple[dict[str, Any], list[int]]:
    """The tokenizer with only the kept pieces, in their old order, and the old id of each new one.

    The pre-tokenizer is written out in full: older files leave `prepend_scheme` and `split` to defaults that have changed
    between versions of the `tokenizers` library.
    """
    pieces = tokenizer["model"]["vocab"]
    if tuple(piece for piece, _ in pieces[: len(SPECIAL)]) != SPECIAL:
        raise ValueError("the special tokens are not where they are expected")
    old_ids = sorted(set(keep) | set(range(len(SPECIAL))))
    metaspace = {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "always", "split": True}
    smaller = dict(tokenizer)
    smaller["added_tokens"] = [token for token in tokenizer["added_tokens"] if token["id"] < len(SPECIAL)]
    smaller["pre_tokenizer"] = metaspace
    smaller["decoder"] = metaspace
    smaller["model"] = dict(tokenizer["model"], vocab=[pieces[number] for number in old_ids])
    return smaller, old_ids


def write(tokenizer: dict[str, Any], path: Path) -> None:
    """Write a tokenizer.json without needless white space."""
    path.write_text(json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
