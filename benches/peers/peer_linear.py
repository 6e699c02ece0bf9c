"""A linear model of character and word n-grams, scikit-learn; `model` is its file. It reads texts and gives labels."""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from task import Task, measure


def train(texts: Path, out: Path) -> None:
    """Fit on the train part of the corpus; `mixed` items are left out, as in the figures."""
    content = json.loads(texts.read_text(encoding="utf-8"))
    pairs = [pair for pair in zip(content["texts"], content["sentiments"]) if pair[1] != "mixed"]
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=3, sublinear_tf=True)
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    model = make_pipeline(make_union(characters, words), LogisticRegression(C=4.0, tol=1e-3, max_iter=500))
    model.fit(*zip(*pairs))
    out.write_bytes(pickle.dumps(model))


def main() -> None:
    if sys.argv[1] == "train":
        return train(Path(sys.argv[2]), Path(sys.argv[3]))
    task = Task.from_arguments()
    model = pickle.loads(Path(task.model).read_bytes())
    measure(task, lambda texts: model.predict(texts).tolist(), texts=True)


if __name__ == "__main__":
    main()
