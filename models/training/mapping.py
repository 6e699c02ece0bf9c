"""From a source's own labels to ours: the rules of the two mapping files, with everything they leave open masked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from labels import EMOTIONS, TOPICS

# The classes of a topic that a row allows, as bits. Training maximises the summed probability of the allowed classes, so a
# topic that is present with unknown polarity, or present or absent but surely not negative, still teaches what it can.
ABSENT, NEGATIVE, NEUTRAL, POSITIVE = 1, 2, 4, 8
PRESENT = NEGATIVE | NEUTRAL | POSITIVE
UNKNOWN = ABSENT | PRESENT
POLARITY = {"negative": NEGATIVE, "neutral": NEUTRAL, "positive": POSITIVE}


class EmotionMapping:
    """Targets and weights of the eleven emotions."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.sources = document["sources"]
        self.none = document["none_label"]

    def targets(self, source: str, labels: list[str]) -> dict[str, tuple[int, float]] | None:
        """{emotion: (0 or 1, weight)}; an emotion that is not named is masked. None if the source is not mapped."""
        rules = self.sources.get(source)
        if rules is None:
            return None
        present = set(labels) or {self.none}
        positive, soft = set(), {}
        for label in present:
            positive.update(rules["positive"].get(label, ()))
            for emotion, factor in rules["soft"].get(label, {}).items():
                soft[emotion] = max(factor, soft.get(emotion, 0.0))
        targets = {}
        for emotion in EMOTIONS:
            if emotion in positive:
                targets[emotion] = (1, rules["weight"])
            elif emotion in soft:
                targets[emotion] = (1, rules["weight"] * soft[emotion])
            elif emotion in rules["negative"] and not present & set(rules["negative"][emotion]):
                targets[emotion] = (0, rules["weight"])
        return targets


class TopicMapping:
    """Allowed classes of the 29 topics."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.sources = document["sources"]
        self.waiting = {language: re.compile(text, re.IGNORECASE) for language, text in document["service_wait_refinement"].items()}

    def targets(self, row: Mapping[str, Any], language: str) -> tuple[list[int], list[int]] | None:
        """(allowed classes of every topic, indices of the topics that are only likely). None if a category is not mapped."""
        source = self.sources.get(row["source"])
        if source is None or any(label["category"] not in source["categories"] for label in row["labels"]):
            return None
        allowed = dict.fromkeys(TOPICS, 0)
        sure, likely, masked = set(), set(), set()
        no_topic = not_negative = False
        for label in row["labels"]:
            rule = source["categories"][label["category"]]
            weak, unknown = self.refine(rule, row["text"], language)
            for topic in (*rule["pos"], *weak):
                allowed[topic] |= POLARITY.get(label["polarity"], PRESENT)
            sure.update(rule["pos"])
            likely.update(weak)
            masked.update(unknown)
            no_topic |= rule.get("none", False)
            not_negative |= rule.get("neg_absent_all", False)
        categories = {label["category"] for label in row["labels"]}
        for combination in source.get("combos", ()):
            if categories.issuperset(combination["all"]):
                for kind, found in (("pos", sure), ("weak", likely)):
                    for topic in combination.get(kind, ()):
                        found.add(topic)
                        allowed[topic] = allowed[topic] or PRESENT
        likely -= sure
        present = sure | likely
        covered = set(source["covered"]) if row["exhaustive"] or source["covered_always"] else set()
        if no_topic and not present:
            covered = set(TOPICS)
        for topic in TOPICS:
            if topic in present:
                continue
            if topic in covered and topic not in masked:
                allowed[topic] = ABSENT
            else:
                allowed[topic] = UNKNOWN & ~NEGATIVE if not_negative else UNKNOWN
        return [allowed[topic] for topic in TOPICS], sorted(TOPICS.index(topic) for topic in likely)

    def refine(self, rule: Mapping[str, Any], text: str, language: str) -> tuple[list[str], list[str]]:
        """A coarse service category means waiting, not manners, where the text speaks of waiting."""
        pattern = self.waiting.get(language)
        if rule["weak"] == ["staff_attitude"] and "waiting_responsiveness" in rule["unk"] and pattern and pattern.search(text):
            return ["waiting_responsiveness"], [t for t in rule["unk"] if t != "waiting_responsiveness"] + ["staff_attitude"]
        return rule["weak"], rule["unk"]
