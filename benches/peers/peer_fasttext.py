"""fastText; `model` is its file. It reads texts and gives labels."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import fasttext

from task import Task, measure

PREFIX = "__label__"


def line(text: str) -> str:
    """Words between spaces; every character outside Latin script is a word, since fastText cannot divide Chinese or Thai."""
    spaced = "".join(char if ord(char) < 0x0E00 else f" {char} " for char in text.lower())
    return " ".join(spaced.split())


def train(texts: Path, out: Path) -> None:
    """Fit on the train part of the corpus; `mixed` items are left out, as in the figures."""
    content = json.loads(texts.read_text(encoding="utf-8"))
    pairs = [pair for pair in zip(content["texts"], content["sentiments"]) if pair[1] != "mixed"]
    lines = out.with_suffix(".txt")
    lines.write_text("".join(f"{PREFIX}{label} {line(text)}\n" for text, label in pairs), encoding="utf-8")
    model = fasttext.train_supervised(
        str(lines), epoch=10, lr=0.5, wordNgrams=3, minn=2, maxn=4, dim=50, bucket=200_000, thread=1, verbose=0
    )
    model.save_model(str(out))


def main() -> None:
    if sys.argv[1] == "train":
        return train(Path(sys.argv[2]), Path(sys.argv[3]))
    task = Task.from_arguments()
    model = fasttext.load_model(task.model)

    def labels(texts: list[str]) -> list[str]:
        # `model.predict` of this version fails with NumPy 2; what it calls does not.
        return [model.f.predict(line(text) + "\n", 1, 0.0, "strict")[0][1].removeprefix(PREFIX) for text in texts]

    measure(task, labels, texts=True)


if __name__ == "__main__":
    main()
