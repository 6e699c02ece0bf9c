"""Stage `prepare`: one compact file of rows with targets, from the feedback corpus and a capped choice of the public sets.

A row: `id`, `text`, `language`, `set`, `split`, `part` (feedback corpus only), and any of these targets (a missing one is masked):

    sentiment   probabilities of negative, neutral, positive
    stars       1 to 5
    emotions    {emotion: [0 or 1, weight]}
    topics      29 hexadecimal digits: the allowed classes of each topic (see mapping.py)
    likely      indices of topics that are only likely to be present
    evidence    [[topic index, start, end], ...] in code points (feedback corpus only)
    act, urgency, mixed
"""

from __future__ import annotations

import hashlib
import json
import logging
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from opencc import OpenCC

import corpora
from labels import EMOTIONS, SENTIMENTS, TOPICS
from mapping import ABSENT, POLARITY, EmotionMapping, TopicMapping

log = logging.getLogger(__name__)

Row = dict[str, Any]

POOL = 4  # rows looked at for each one taken, so that there is something to balance


def labelled(item: Row, evidence: list[list[int]], mixed_target: list[float]) -> Row:
    """All targets of an item that was labelled by our guide. What the annotator did not mark is absent."""
    allowed = dict.fromkeys(TOPICS, ABSENT)
    for topic in item["topics"]:
        allowed[topic["topic"]] = POLARITY[topic["polarity"]]
    mixed = item["sentiment"] == "mixed"
    targets = {
        "sentiment": mixed_target if mixed else [float(item["sentiment"] == label) for label in SENTIMENTS],
        "emotions": {emotion: [int(emotion in item["emotions"]), 1.0] for emotion in EMOTIONS},
        "topics": "".join(f"{allowed[topic]:x}" for topic in TOPICS),
        "evidence": evidence,
        "act": item["act"],
        "urgency": item["urgency"],
        "mixed": int(mixed),
    }
    return targets if item["stars"] is None else targets | {"stars": item["stars"]}


def feedback_row(item: Row, mixed_target: list[float]) -> Row:
    """A corpus item with all its targets."""
    places = [(topic["topic"], item["text"].find(topic["evidence"]), len(topic["evidence"])) for topic in item["topics"]]
    evidence = [[TOPICS.index(topic), start, start + length] for topic, start, length in places if start >= 0 and length]
    head = {key: item[key] for key in ("id", "text", "language", "part", "split")}
    return head | {"set": "feedback"} | labelled(item, evidence, mixed_target)


class PublicRows:
    """Turns public rows into ours and chooses among them."""

    def __init__(self, data: Path, settings: Row, seed: int) -> None:
        self.settings = settings
        self.seed = seed
        self.emotions = EmotionMapping(json.loads((data / "emotion" / "mapping.json").read_text(encoding="utf-8")))
        self.topics = TopicMapping(json.loads((data / "topics" / "mapping.json").read_text(encoding="utf-8")))
        self.sets = corpora.public_sets(data)
        # A text of a set that may not be trained on is dropped wherever else it appears.
        self.barred = {
            fingerprint(row["text"]) for public in self.sets if self.excluded(public) for row in public.rows()
        }

    def excluded(self, public: corpora.PublicSet) -> bool:
        """Must this set not be trained on? config.toml names whole sources or single files, with the reasons."""
        return not {public.source, public.name}.isdisjoint(self.settings["excluded"])

    def targets(self, public: corpora.PublicSet, row: Row) -> Row | None:
        """Our targets of a public row, or None if it says nothing to us."""
        if public.family == "sentiment":
            targets: Row = {"sentiment": [float(row["label"] == label) for label in SENTIMENTS]}
            if row["stars"] is not None:
                targets["stars"] = min(5, max(1, round(row["stars"])))
            return targets
        if public.family == "emotion":
            emotions = self.emotions.targets(public.source, row["labels"])
            return {"emotions": {name: list(value) for name, value in emotions.items()}} if emotions else None
        topics = self.topics.targets(row, public.language)
        if topics is None:
            return None
        allowed, likely = topics
        return {"topics": "".join(f"{value:x}" for value in allowed), "likely": likely}

    def candidates(self, public: corpora.PublicSet, split: str, limit: int) -> list[Row]:
        """Up to `limit` rows of a set with targets, in the seed's order."""
        rows: list[Row] = []
        for number, row in corpora.shuffled(list(enumerate(public.rows(split))), self.seed):
            if len(rows) == limit:
                break
            if split == "train" and fingerprint(row["text"]) in self.barred:
                continue
            targets = self.targets(public, row)
            if targets is None or len(row["text"].strip()) < 2:
                continue
            head = {"id": f"{public.name}/{split}/{number}", "text": row["text"], "language": public.language}
            rows.append(head | {"set": public.name, "split": split} | targets)
        return rows

    def train(self, budgets: Row) -> list[Row]:
        """Training rows: every family and language has a budget, shared evenly among its sets, so that the small, clean ones
        weigh more than their size. A set that `budgets` names has one of its own."""
        chosen: list[Row] = []
        groups: dict[tuple[str, str], list[corpora.PublicSet]] = defaultdict(list)
        for public in self.sets:
            if self.excluded(public):
                continue
            own = corpora.matching(public.name, budgets.get("sets", {}))
            if own is None:
                groups[public.family, public.language].append(public)
            else:
                chosen += balanced(self.candidates(public, "train", POOL * own), own)
        for (family, language), members in groups.items():
            caps = budgets[family]
            budget = caps.get(language, caps["other"])
            pools = [self.candidates(public, "train", POOL * budget) for public in members]
            for pool, share in zip(pools, even_shares([len(pool) for pool in pools], budget)):
                chosen += balanced(pool, share)
        return chosen

    def annotated(self, folder: Path) -> list[Row]:
        """Train rows of public sets that we have labelled ourselves, by the key and the positions that `folder` holds."""
        items = {item["key"]: item for path in sorted(folder.glob("*.jsonl")) for item in corpora.read_lines(path)}
        wanted = {item["set"] for item in items.values()}
        rows = {}
        for public in self.sets:
            if public.name not in wanted or self.excluded(public):
                continue
            for row in public.rows("train"):
                key = hashlib.sha256(fingerprint(row["text"]).encode("utf-8")).hexdigest()[:16]
                item = items.get(key)
                if item is None or item["set"] != public.name:
                    continue
                evidence = [
                    [TOPICS.index(topic["topic"]), topic["start"], topic["end"]] for topic in item["topics"] if "start" in topic
                ]
                head = {"id": key, "text": row["text"], "language": public.language, "set": f"annotated/{public.name}"}
                targets = labelled(item, evidence, self.settings["mixed_sentiment"])
                if item["sentiment"] != row["label"]:
                    # The set's own notion of tone, which other rows of it teach, differs from our guide's: neither is taken here.
                    del targets["sentiment"]
                rows[key] = head | {"split": "train"} | targets
        return list(rows.values())

    def dev(self) -> list[Row]:
        """Dev rows of every set of a core language that people labelled."""
        chosen: list[Row] = []
        for public in self.sets:
            measured = public.family in ("sentiment", "emotion") and not public.source.endswith("_weak")
            if measured and public.language in corpora.CORE:
                chosen += self.candidates(public, "dev", self.settings["dev_rows"])
        return chosen


def even_shares(sizes: list[int], budget: int) -> list[int]:
    """Split a budget over pools as evenly as their sizes allow."""
    shares = [0] * len(sizes)
    for position, index in enumerate(sorted(range(len(sizes)), key=lambda i: sizes[i])):
        shares[index] = min(sizes[index], (budget - sum(shares)) // (len(sizes) - position))
    return shares


def balanced(rows: list[Row], count: int) -> list[Row]:
    """The first `count` rows, taken in turn from each kind of target, so that rare labels are not drowned."""
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        kinds[kind(row)].append(row)
    chosen: list[Row] = []
    queues = list(kinds.values())
    depth = 0
    while len(chosen) < count and queues:
        chosen += [queue[depth] for queue in queues]
        depth += 1
        queues = [queue for queue in queues if len(queue) > depth]
    return chosen[:count]


def kind(row: Row) -> str:
    """What `balanced` balances: the sentiment, the first emotion or the first topic that is present."""
    if "sentiment" in row:
        return str(row["sentiment"])
    if "emotions" in row:
        return next((name for name, (target, _) in row["emotions"].items() if target), "none")
    return next((str(i) for i, digit in enumerate(row["topics"]) if not int(digit, 16) & ABSENT), "none")


def fingerprint(text: str) -> str:
    """Letters and digits only, folded: equal for texts that differ in spacing, case or punctuation."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def to_traditional(rows: Iterable[Row], every: int) -> None:
    """Convert each `every`-th Simplified training row to Traditional characters, in place."""
    convert = OpenCC("s2tw").convert
    simplified = [row for row in rows if row["language"] == "zh"]
    for row in simplified[::every]:
        row["text"] = convert(row["text"])
        row["language"] = "zh-Hant"


def run(settings: Row, data: Path, corpus: Path, annotations: Path, out: Path, seed: int) -> None:
    """Write `rows.jsonl.zst` (corpus, a small choice of public rows for the stage `heads`, dev rows), `finetune.jsonl.zst` (the
    public rows of the stage `finetune`, those with our own labels among them) and `counts.json`."""
    rows = [feedback_row(item, settings["mixed_sentiment"]) for item in corpora.feedback(corpus)]
    public = PublicRows(data, settings, seed)
    small, large = (public.train(settings[budgets]) for budgets in ("heads_rows", "finetune_rows"))
    for chosen in (small, large):
        to_traditional(chosen, settings["traditional_every"])
    large += public.annotated(annotations)
    rows += corpora.shuffled(small + public.dev(), seed)

    out.mkdir(parents=True, exist_ok=True)
    corpora.write_lines(out / "rows.jsonl.zst", rows)
    corpora.write_lines(out / "finetune.jsonl.zst", corpora.shuffled(large, seed))
    counts: dict[str, Counter[str]] = {"train": Counter(), "dev": Counter(), "finetune": Counter()}
    for row in rows:
        counts[row["split"]][row["set"]] += 1
    counts["finetune"].update(row["set"] for row in large)
    (out / "counts.json").write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    log.info("prepare: %s", {split: sum(count.values()) for split, count in counts.items()})
