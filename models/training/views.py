"""Other views of the feedback corpus, made in memory for the stage `finetune`.

A model that has only seen whole, clean documents is unsure of their parts and of their misspelt twins. So every train item also
comes as

    segments    each annotated evidence span alone, with its topic and tone: what the model says about a segment is trained too
    variants    misspelt, unpunctuated, unaccented, stretched as people, phones and scanners do it; glued to another item, so
                that a topic has to be found among others; and Chinese in the other script

Spans follow the text through every change.
"""

from __future__ import annotations

import random
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from opencc import OpenCC

from labels import EMOTIONS, TOPICS, URGENCIES
from mapping import ABSENT, NEGATIVE, NEUTRAL, POSITIVE, UNKNOWN

Row = dict[str, Any]
# A character of the new text, and the place in the old text that it comes from.
Piece = tuple[str, int]
Change = Callable[[list[Piece], str, random.Random], list[Piece]]

TONES = {NEGATIVE: [0.9, 0.08, 0.02], NEUTRAL: [0.1, 0.8, 0.1], POSITIVE: [0.02, 0.08, 0.9]}
SHORTEST_SEGMENT = 2  # characters
SPACED = ("en", "fr", "es")  # languages that write spaces between words
PUNCTUATION = set(",.;:!?¡¿…，。；：！？、")
LOOK_ALIKE = {"l": "1", "o": "0", "i": "l", "e": "c", "O": "0", "I": "l", "é": "e", "à": "a", "ñ": "n", "。": ".", "，": ","}
EMOJI = {0: "😡😤😠👎😒🤬", 1: "🤔📱📦🙂", 2: "😍👍🥰❤👏😊"}


def drop_accents(pieces: list[Piece], _: str, __: random.Random) -> list[Piece]:
    """Latin letters without their marks; other scripts stay as they are."""
    return [
        (base if (base := unicodedata.normalize("NFD", char)[0]).isascii() else char, origin) for char, origin in pieces
    ]


def change_case(pieces: list[Piece], _: str, generator: random.Random) -> list[Piece]:
    """All small letters mostly, all capitals sometimes."""
    change = str.upper if generator.random() < 0.25 else str.lower
    return [(changed if len(changed := change(char)) == 1 else char, origin) for char, origin in pieces]


def drop_punctuation(pieces: list[Piece], _: str, __: random.Random) -> list[Piece]:
    """As a speech recogniser writes."""
    return [piece for piece in pieces if piece[0] not in PUNCTUATION]


def glue(pieces: list[Piece], _: str, __: random.Random) -> list[Piece]:
    """No space after punctuation: sentences run into each other."""
    return [
        piece for place, piece in enumerate(pieces) if not (piece[0] == " " and place and pieces[place - 1][0] in PUNCTUATION)
    ]


def mistype(pieces: list[Piece], language: str, generator: random.Random) -> list[Piece]:
    """A letter lost, doubled or swapped with the next, about once in forty; ideographs are only ever lost, half as often."""
    changed: list[Piece] = []
    rate = 1 / 40 if language in (*SPACED, "th") else 1 / 80
    place = 0
    while place < len(pieces):
        char = pieces[place][0]
        if char.isalpha() and generator.random() < rate:
            kind = generator.choice(("lose", "double", "swap")) if language in (*SPACED, "th") else "lose"
            if kind == "double":
                changed += [pieces[place]] * 2
            elif kind == "swap" and place + 1 < len(pieces) and pieces[place + 1][0].isalpha():
                changed += [pieces[place + 1], pieces[place]]
                place += 1
        else:
            changed.append(pieces[place])
        place += 1
    return changed


def misread(pieces: list[Piece], _: str, generator: random.Random) -> list[Piece]:
    """Look-alike characters, as a scanner sees them."""
    return [(LOOK_ALIKE[char] if char in LOOK_ALIKE and generator.random() < 0.06 else char, origin) for char, origin in pieces]


def stretch(pieces: list[Piece], language: str, generator: random.Random) -> list[Piece]:
    """One place drawn out: the end of a word (sooo, มากกก), or the punctuation."""
    places = [
        place
        for place, (char, _) in enumerate(pieces)
        if char in "!?！？" or (char.isalpha() and language in (*SPACED, "th") and ends_word(pieces, place))
    ]
    if not places:
        return pieces
    place = generator.choice(places)
    return [*pieces[:place], *[pieces[place]] * generator.randint(2, 5), *pieces[place + 1 :]]


def ends_word(pieces: list[Piece], place: int) -> bool:
    """Is this the last letter before a space, punctuation or the end?"""
    return place + 1 == len(pieces) or not (after := pieces[place + 1][0]).isalpha() and not unicodedata.combining(after)


CHANGES: dict[Change, float] = {
    drop_accents: 0.3,
    change_case: 0.2,
    drop_punctuation: 0.3,
    glue: 0.2,
    mistype: 0.5,
    misread: 0.1,
    stretch: 0.2,
}


def noised(row: Row, generator: random.Random) -> Row:
    """The row with at least one change, each with its own probability."""
    pieces = [(char, origin) for origin, char in enumerate(row["text"])]
    chosen = [change for change, probability in CHANGES.items() if generator.random() < probability]
    for change in chosen or [mistype]:
        pieces = change(pieces, row["language"], generator)
    text = "".join(char for char, _ in pieces)
    sentiment = row.get("sentiment")
    if sentiment and max(sentiment) == 1.0 and generator.random() < 0.12:
        text += " " * (row["language"] in SPACED) + generator.choice(EMOJI[sentiment.index(1.0)]) * generator.randint(1, 3)
    if not text.strip():
        return row
    return row | {"text": text, "evidence": moved(row.get("evidence", []), [origin for _, origin in pieces])}


def moved(evidence: list[list[int]], origins: list[int]) -> list[list[int]]:
    """Spans of the old text as spans of the new one, whose characters come from `origins`; a span that is gone is dropped."""
    spans = []
    for topic, start, end in evidence:
        inside = [place for place, origin in enumerate(origins) if start <= origin < end]
        if inside:
            spans.append([topic, inside[0], inside[-1] + 1])
    return spans


def segments(row: Row) -> Iterator[Row]:
    """Every evidence span alone. Topics whose own evidence lies elsewhere are absent; one without evidence may be anywhere."""
    placed = {topic for topic, _, _ in row["evidence"]}
    for topic, start, end in row["evidence"]:
        if end - start < SHORTEST_SEGMENT:
            continue
        here = {other for other, a, b in row["evidence"] if a < end and b > start}
        digits = [
            digit if place in here else f"{ABSENT:x}" if place in placed or int(digit, 16) == ABSENT else f"{UNKNOWN:x}"
            for place, digit in enumerate(row["topics"])
        ]
        tones = {int(row["topics"][other], 16) for other in here}
        segment = {
            "id": f"{row['id']}/{TOPICS[topic]}",
            "text": row["text"][start:end],
            "language": row["language"],
            "topics": "".join(digits),
            "evidence": [[topic, 0, end - start]],
        }
        yield segment | ({"sentiment": TONES[tones.pop()]} if len(tones) == 1 else {})


def joined(first: Row, second: Row) -> Row:
    """Two items of one language as one text. What each says of act and tone as a whole is not known of both."""
    gap = "\n" if len(first["text"]) > 80 else " " if first["language"] in SPACED else ""
    offset = len(first["text"]) + len(gap)
    topics = [int(a, 16) & ~ABSENT | int(b, 16) & ~ABSENT or ABSENT for a, b in zip(first["topics"], second["topics"])]
    return {
        "id": f"{first['id']}+{second['id']}",
        "text": first["text"] + gap + second["text"],
        "language": first["language"],
        "topics": "".join(f"{value:x}" for value in topics),
        "evidence": first["evidence"] + [[topic, start + offset, end + offset] for topic, start, end in second["evidence"]],
        "emotions": {
            emotion: [max(first["emotions"][emotion][0], second["emotions"][emotion][0]), 1.0] for emotion in EMOTIONS
        },
        "urgency": min(first["urgency"], second["urgency"], key=URGENCIES.index),
    } | ({"sentiment": first["sentiment"]} if first["sentiment"] == second["sentiment"] else {})


class Scripts:
    """Chinese in the other script, character by character, so that spans stay where they are."""

    def __init__(self) -> None:
        self.converters = {"zh-Hans": ("zh-Hant", OpenCC("s2tw").convert), "zh-Hant": ("zh-Hans", OpenCC("t2s").convert)}

    def converted(self, row: Row) -> Row | None:
        """The row in the other script, or None if it is in neither, or if the texts are not of one length."""
        if row["language"] not in self.converters:
            return None
        language, convert = self.converters[row["language"]]
        text = convert(row["text"])
        return row | {"text": text, "language": language} if len(text) == len(row["text"]) else None


def of_corpus(rows: list[Row], settings: Row, seed: int) -> list[Row]:
    """All views of the corpus's train items, as rows of the sets `segments` and `variants`."""
    generator = random.Random(seed)
    scripts = Scripts()
    by_language: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_language[row["language"]].append(row)
    made: list[Row] = []
    for row in rows:
        made += [segment | {"set": "segments"} for segment in segments(row)]
        other = scripts.converted(row)
        variants = [noised(row, generator) for _ in range(settings["noised"])] + [other] * (other is not None)
        if generator.random() < settings["joined"]:
            variants.append(joined(row, generator.choice(by_language[row["language"]])))
        made += [variant | {"set": "variants"} for variant in variants]
    return made


def of_public(rows: list[Row], settings: Row, seed: int) -> list[Row]:
    """Public rows, a share of them noised in place."""
    generator = random.Random(seed)
    return [noised(row, generator) if generator.random() < settings["public_noised"] else row for row in rows]
