"""Stage `average`: the weighted mean of the weights that the last phases of fine-tuning ended with.

Phases that start where another one ended stay near enough to each other that the mean of their weights lies in the same valley, and
errs less than any of them (Wortsman et al. 2022, "Model soups", arXiv:2203.05482; Izmailov et al. 2018, arXiv:1803.05407).

Written to OUT:

    tensors.safetensors, tokenizer.json, heads.safetensors     as from the stage `finetune`
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file


def mean(paths: Sequence[Path], shares: Sequence[float]) -> dict[str, np.ndarray]:
    """The weighted mean of every float32 tensor; the others, which no phase changes, as they are."""
    states = [load_file(path) for path in paths]
    return {
        name: np.average([state[name] for state in states], axis=0, weights=shares).astype(np.float32)
        if tensor.dtype == np.float32
        else tensor
        for name, tensor in states[-1].items()
    }


def run(phases: Sequence[Path], shares: Sequence[float], out: Path) -> None:
    """Write the mean of the weights of the last phases, each in proportion to its share."""
    out.mkdir(parents=True, exist_ok=True)
    last = phases[-len(shares) :]
    for name in ("tensors.safetensors", "heads.safetensors"):
        save_file(mean([phase / name for phase in last], shares), out / name)
    shutil.copyfile(phases[-1] / "tokenizer.json", out / "tokenizer.json")
