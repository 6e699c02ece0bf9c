#!/usr/bin/env python3
"""Half a year of made-up reviews, with facts planted in them that a report must find.

    python3 data/report/half_year.py > reviews.jsonl
    painpoint score reviews.jsonl -o records.jsonl --since 2026-05-01 --value-column refund \\
        --reach-column views --report report.html

What is planted, in reviews drawn evenly from data/feedback over 181 days:

* a cause: nine in ten English complaints about faults say that a blue hinge snapped, and
  each of these costs a refund of 50;
* a leap: 60 more complaints about wrong deliveries in the week of 6 April;
* a fix: from 1 May on, six in ten complaints about waiting are gone;
* a score effect: who cannot get into an account answers the NPS question with 4 less.

Nothing else depends on anything. `--records` gives what a reader without fault would make
of the reviews, instead of the reviews. Python 3.9 or newer; the same seed gives the same bytes.
"""

import argparse
import json
import os
import sys
from datetime import date, timedelta

LANGUAGES = ["en", "fr", "es", "th", "zh-Hans", "zh-Hant"]
FIRST_DAY = date(2026, 1, 1)
DAYS = 181

CAUSE = "defects_reliability"
CAUSES = [
    "the blue hinge snapped on day two",
    "blue hinge snapped the first week",
    "their blue hinge snapped, just like that",
    "and then the blue hinge snapped",
    "blue hinge snapped again after the repair",
    "guess what, the blue hinge snapped",
]
REFUND = 50
SPIKE = "delivery_accuracy"
SPIKE_COUNT = 60
SPIKE_DAYS = range(95, 102)  # the week of Monday, 6 April
FIXED = "waiting_responsiveness"
FIX_DAY = 120  # 1 May
COSTLY = "account_access"

SEVERITY = {"P1": 0.9, "P2": 0.6, "P3": 0.4, "P4": 0.1}
TONES = {"positive": ("positive", 0.9), "neutral": ("neutral", 0.0)}


class Random:
    """SplitMix64 (Steele, Lea & Flood, 2014)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, end):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        bits = self.state
        bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & mask
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & mask
        return (bits ^ (bits >> 31)) % end

    def happens(self, per_mille):
        return self.below(1000) < per_mille

    def one_of(self, items):
        return items[self.below(len(items))]


def blames(item, topic):
    return any(it["topic"] == topic and it["polarity"] == "negative" for it in item["topics"])


def corpus():
    """Reviews of the parts a to g of the corpus, so that the half-year stays as it is when
    the corpus grows; none that blames what is costly along with something else, which would
    then cost as much."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "feedback")
    items = []
    for language in LANGUAGES:
        for part in ("-b", "-c", "-d", "-e", "-f", "-g", ""):
            with open(os.path.join(folder, f"{language}{part}.jsonl"), encoding="utf-8") as lines:
                items.extend(json.loads(line) for line in lines)
    return [it for it in items if not blames(it, COSTLY) or len(it["topics"]) == 1]


def review(item, number, day, random):
    """A review with what is to be said of it."""
    planted = item["language"] == "en" and blames(item, CAUSE) and random.happens(900)
    text, topics = item["text"], item["topics"]
    if planted:
        words = random.one_of(CAUSES)
        evidence = next(it["evidence"] for it in topics if it["topic"] == CAUSE)
        text = text.replace(evidence, words)
        topics = [
            {**it, "evidence": words if it["topic"] == CAUSE else it["evidence"]} for it in topics
        ]
    answer = random.below(11)
    negative = item["sentiment"] in ("negative", "mixed")
    return {
        "id": "r%d" % number,
        "date": (FIRST_DAY + timedelta(days=day)).isoformat(),
        "text": text,
        "nps": max(answer - 4, 0) if blames(item, COSTLY) else answer,
        "channel": random.one_of(["app", "shop", "phone"]),
        "customer": "c%d" % random.below(9000),
        "refund": REFUND if planted else 0,
        "views": 30 if negative else 10,
    }, topics


def record(row, topics, item):
    """What a reader without fault would write."""
    tone, score = TONES.get(item["sentiment"], ("negative", -0.9))
    mentions = [
        (it, [{"start": 0, "end": 1, "text": it["evidence"]}]) for it in topics
    ]
    return {
        "schema": 1,
        "id": row["id"],
        "language": item["language"],
        "sentiment": {"label": tone, "score": score, "mixed": item["sentiment"] == "mixed"},
        "emotions": [{"label": it, "probability": 0.9} for it in item["emotions"]],
        "act": {"label": item["act"], "probability": 0.9},
        "urgency": {"level": item["urgency"], "reasons": ["repeated contact"]},
        "topics": [
            {"topic": it["topic"], "polarity": it["polarity"], "probability": 0.9, "evidence": words}
            for it, words in mentions
        ],
        "pain_points": [
            {"topic": it["topic"], "severity": SEVERITY.get(item["urgency"], 0.1), "evidence": words}
            for it, words in mentions
            if it["polarity"] == "negative"
        ],
        "context": {name: row[name] for name in ("date", "nps", "channel", "customer")},
        "fields": {"refund": row["refund"], "views": row["views"]},
        "model": "none",
    }


def rows(count, seed):
    """Every review with its topics and its item."""
    random = Random(seed)
    items = corpus()
    spiked = [it for it in items if blames(it, SPIKE)]
    for number in range(count):
        day = random.below(DAYS)
        item = random.one_of(items)
        while day >= FIX_DAY and blames(item, FIXED) and random.happens(600):
            item = random.one_of(items)
        yield *review(item, number, day, random), item
    for number in range(count, count + SPIKE_COUNT * count // 20000):
        item = random.one_of(spiked)
        yield *review(item, number, random.one_of(SPIKE_DAYS), random), item


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20000, help="reviews without those of the leap")
    parser.add_argument("--seed", type=int, default=20260702)
    parser.add_argument("--records", action="store_true", help="records instead of reviews")
    arguments = parser.parse_args()
    for row, topics, item in rows(arguments.count, arguments.seed):
        line = record(row, topics, item) if arguments.records else row
        sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


if __name__ == "__main__":
    main()
