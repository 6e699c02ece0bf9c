"""Make what the peers read, in a folder: token ids, graphs, heads, the models that are trained here. What exists is kept.

    python benches/peers/prepare.py target/peers

A process of its own, since the libraries for it are large and `compare.py` should be small beside what it measures.
"""

from __future__ import annotations

import importlib.util
import logging
import subprocess
import sys
from pathlib import Path

import numpy as np

import checkpoint
import graphs
import texts

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models/painpoint-base"
TRAINED = {"linear": "sklearn", "fasttext": "fasttext"}
"""Peers that are trained here, with the library they need."""


def main() -> None:
    logging.basicConfig(level=logging.ERROR)
    logging.getLogger("graphs").setLevel(logging.INFO)
    work = Path(sys.argv[1])
    stamp = checkpoint.describe(MODEL / "weights.safetensors")["sha256"][:12]
    texts.make(ROOT / "data/feedback", MODEL / "tokenizer.json", work / "texts")
    graphs.make(MODEL, work / f"graphs-{stamp}", texts.read(work / "texts", "calibration")["documents"])
    _, tensors = checkpoint.load(MODEL)
    np.savez(work / "heads.npz", **{name: value for name, value in tensors.items() if name.startswith("heads.sentiment.")})
    for name, library in TRAINED.items():
        model = work / f"{name}.model"
        if importlib.util.find_spec(library) and not model.exists():
            program = Path(__file__).with_name(f"peer_{name}.py")
            subprocess.run([sys.executable, str(program), "train", str(work / "texts/train.json"), str(model)], check=True)


if __name__ == "__main__":
    main()
