"""Stage `prune`: the vocabulary that ships, and proof that it covers what the full one covers.

Kept: every piece that any text of the core languages uses at least `core_count` times (the feedback corpus counts as core),
every piece that the neighbouring languages use at least `other_count` times, and every piece without which some character
would become unknown (`vocabulary.always_kept`).
"""

from __future__ import annotations

import json
import logging
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

import corpora
import vocabulary
from checkpoint import WORDS

log = logging.getLogger(__name__)

BATCH = 4096
UNKNOWN = 3
SCRIPTS = {
    "Han": ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH"),
    "Thai": ("THAI ",),
    "Latin": ("LATIN ", "FULLWIDTH LATIN"),
    "Kana": ("HIRAGANA ", "KATAKANA ", "HALFWIDTH KATAKANA"),
    "Hangul": ("HANGUL ",),
    "Cyrillic": ("CYRILLIC ",),
    "Arabic": ("ARABIC ",),
}
EMOJI = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF), (0x2300, 0x23FF), (0x2B00, 0x2BFF))


def texts_by_language(data: Path, corpus: Path) -> Iterator[tuple[str, list[str]]]:
    """(language, texts) for the corpus and every public set."""
    by_language: dict[str, list[str]] = defaultdict(list)
    for item in corpora.feedback(corpus):
        by_language[{"zh-Hans": "zh"}.get(item["language"], item["language"])].append(item["text"])
    yield from by_language.items()
    for public in corpora.public_sets(data):
        yield public.language, [row["text"] for row in public.rows()]


def count_pieces(tokenizer: Tokenizer, data: Path, corpus: Path, size: int) -> tuple[np.ndarray, np.ndarray, dict[str, list[str]]]:
    """How often the core and the other languages use each piece, and a sample of texts of every language."""
    core, other = np.zeros(size, np.int64), np.zeros(size, np.int64)
    samples: dict[str, list[str]] = defaultdict(list)
    for language, texts in texts_by_language(data, corpus):
        samples[language] += texts[:: max(1, len(texts) // 400)]
        counts = core if language in corpora.CORE else other
        for start in range(0, len(texts), BATCH):
            encodings = tokenizer.encode_batch(texts[start : start + BATCH], add_special_tokens=False)
            counts += np.bincount(np.concatenate([np.array(e.ids, np.int64) for e in encodings]), minlength=size)
    return core, other, samples


def script_of(character: str) -> str | None:
    """The script that the coverage report counts a character under."""
    if any(low <= ord(character) <= high for low, high in EMOJI):
        return "emoji"
    name = unicodedata.name(character, "")
    return next((script for script, prefixes in SCRIPTS.items() if name.startswith(prefixes)), None)


def compare_characters(full: Tokenizer, small: Tokenizer, samples: dict[str, list[str]]) -> dict[str, dict[str, int]]:
    """Walk every assigned code point of the scripts, alone and inside a sample sentence: how many the full vocabulary
    covers, and how many of these become unknown with the small one."""
    carriers = {"Han": "zh", "Thai": "th", "Kana": "ja", "Hangul": "ko", "Cyrillic": "ru", "Arabic": "ar"}
    report: dict[str, dict[str, int]] = defaultdict(Counter)
    groups: dict[str, list[str]] = defaultdict(list)
    for code in range(sys.maxunicode + 1):
        script = script_of(chr(code)) if not 0xD800 <= code <= 0xDFFF else None
        if script:
            groups[script].append(chr(code))
    for script, characters in groups.items():
        texts = samples[carriers.get(script, "en")]
        for place in ("alone", "in text"):
            if place == "alone":
                inputs = characters
            else:
                inputs = [insert(texts[i % len(texts)][:60], character) for i, character in enumerate(characters)]
            for large, little in zip(unknowns(full, inputs), unknowns(small, inputs)):
                report[script]["characters"] += place == "alone"
                report[script][f"{place}: covered by the full vocabulary"] += not large
                report[script][f"{place}: unknown only to the small one"] += little > large
    return {script: dict(counts) for script, counts in report.items()}


def insert(text: str, character: str) -> str:
    """Put a character in the middle of a text."""
    middle = len(text) // 2
    return text[:middle] + character + text[middle:]


def unknowns(tokenizer: Tokenizer, texts: list[str]) -> Iterator[int]:
    """Number of unknown tokens of every text."""
    for start in range(0, len(texts), BATCH):
        for encoding in tokenizer.encode_batch(texts[start : start + BATCH], add_special_tokens=False):
            yield encoding.ids.count(UNKNOWN)


def compare_texts(full: Tokenizer, small: Tokenizer, samples: dict[str, list[str]]) -> dict[str, dict[str, float]]:
    """For every language: share of sample texts cut the same way, tokens added, unknown tokens of both."""
    report = {}
    for language, texts in sorted(samples.items()):
        pairs = list(
            zip(full.encode_batch(texts, add_special_tokens=False), small.encode_batch(texts, add_special_tokens=False))
        )
        report[language] = {
            "texts": len(texts),
            "cut the same": round(sum(a.tokens == b.tokens for a, b in pairs) / len(pairs), 4),
            "tokens added": round(sum(len(b) for _, b in pairs) / sum(len(a) for a, _ in pairs) - 1, 5),
            "unknown, full": sum(a.ids.count(UNKNOWN) for a, _ in pairs),
            "unknown, small": sum(b.ids.count(UNKNOWN) for _, b in pairs),
        }
    return report


def run(settings: dict[str, Any], data: Path, corpus: Path, base: Path, out: Path) -> None:
    """Write the cut `tokenizer.json`, `tensors.safetensors` with the cut embeddings, and `report.json`."""
    full_json = vocabulary.read(base / "tokenizer.json")
    full = Tokenizer.from_file(str(base / "tokenizer.json"))
    pieces = [piece for piece, _ in full_json["model"]["vocab"]]
    core, other, samples = count_pieces(full, data, corpus, len(pieces))

    keep = vocabulary.always_kept(pieces)
    needed = len(keep)
    used = (core >= settings["core_count"]) | (other >= settings["other_count"])
    keep |= set(np.flatnonzero(used).tolist()) - {pieces.index("<mask>")}
    small_json, old_ids = vocabulary.cut(full_json, keep)

    out.mkdir(parents=True, exist_ok=True)
    vocabulary.write(small_json, out / "tokenizer.json")
    tensors = load_file(base / "tensors.safetensors")
    for name in (WORDS, f"{WORDS}.scale"):
        tensors[name] = np.ascontiguousarray(tensors[name][old_ids])
    save_file(tensors, out / "tensors.safetensors")

    small = Tokenizer.from_file(str(out / "tokenizer.json"))
    report = {
        "pieces before": len(pieces),
        "pieces kept": len(old_ids),
        "of them for coverage of characters": needed,
        "texts": compare_texts(full, small, samples),
        "characters": compare_characters(full, small, samples),
    }
    (out / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    log.info("prune: %d of %d pieces", len(old_ids), len(pieces))
