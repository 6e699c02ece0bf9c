"""The shipped format: how tensors are stored in `weights.safetensors`, and how they are read back.

A model whose manifest has `shares_with` takes its tokenizer and its word embeddings from the folder of that name beside its own.

Everything that is measured is measured through `load`, that is on the weights as they are shipped, never on the floats
they were made from.

    dense weight matrices   int8 [out, in], symmetric, with `NAME.scale` float32 [out]
    word embeddings         packed nibbles uint8 [vocabulary, hidden / 2], with `NAME.scale` float16 [vocabulary, hidden / 32]
    other embeddings        float16
    LayerNorm, biases       float32
    heads                   float32; matrices of more than `SMALL` values float16
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

FORMAT = 1
BLOCK = 32
SMALL = 4096
WORDS = "embeddings.word_embeddings.weight"
UNSEALED = "0" * 64
TOKENIZER = "tokenizer.json"
WEIGHTS = "weights.safetensors"

Tensors = dict[str, np.ndarray]


def pack_nibbles(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Quantise a float matrix to four bits: value = (nibble - 8) * scale, one scale for 32 values of a row.

    Byte j of a block holds value j in its low and value j + 16 in its high nibble. The scale is chosen so that the value
    of largest magnitude falls on -8, the end that has one step more.
    """
    rows, columns = weight.shape
    blocks = weight.reshape(rows, columns // BLOCK, BLOCK)
    extreme = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)
    scale = (extreme / -8).astype(np.float16)
    safe = np.where(scale == 0, 1, scale).astype(np.float32)
    nibbles = np.clip(np.rint(blocks / safe) + 8, 0, 15).astype(np.uint8)
    packed = nibbles[..., : BLOCK // 2] | (nibbles[..., BLOCK // 2 :] << 4)
    return packed.reshape(rows, columns // 2), scale[..., 0]


def unpack_nibbles(packed: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """The float32 matrix that `pack_nibbles` (or the base wheel) stored."""
    rows = packed.shape[0]
    blocks = packed.reshape(rows, -1, BLOCK // 2)
    nibbles = np.concatenate([blocks & 15, blocks >> 4], axis=-1).astype(np.float32) - 8
    return (nibbles * scale.astype(np.float32)[..., None]).reshape(rows, -1)


def quantise_rows(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Quantise a float matrix to int8 with one symmetric scale for each output channel (row)."""
    scale = np.abs(weight).max(axis=1) / 127
    scale = np.where(scale == 0, 1, scale).astype(np.float32)
    return np.clip(np.rint(weight / scale[:, None]), -127, 127).astype(np.int8), scale


def store_encoder(tensors: Mapping[str, np.ndarray]) -> Tensors:
    """Encoder tensors in their stored types. Word embeddings come packed, with their scales; all else comes as floats."""
    stored: Tensors = {}
    for name, value in tensors.items():
        if name.startswith(WORDS):
            stored[name] = value
        elif name.startswith("embeddings.") and "LayerNorm" not in name:
            stored[name] = value.astype(np.float16)
        elif value.ndim == 2:
            stored[name], stored[f"{name}.scale"] = quantise_rows(value)
        else:
            stored[name] = value.astype(np.float32)
    return stored


def store_heads(tensors: Mapping[str, np.ndarray]) -> Tensors:
    """Head tensors in their stored types."""
    return {
        name: value.astype(np.float16 if name.endswith("weight") and value.size > SMALL else np.float32)
        for name, value in tensors.items()
    }


def restore(stored: Mapping[str, np.ndarray]) -> Tensors:
    """Stored tensors as float32, scales applied."""
    restored: Tensors = {}
    for name, value in stored.items():
        if name.endswith(".scale"):
            continue
        scale = stored.get(f"{name}.scale")
        if value.dtype == np.uint8:
            restored[name] = unpack_nibbles(value, scale)
        elif value.dtype == np.int8:
            restored[name] = value.astype(np.float32) * scale[:, None]
        else:
            restored[name] = value.astype(np.float32)
    return restored


def save(folder: Path, stored: Mapping[str, np.ndarray], manifest: dict[str, Any]) -> None:
    """Write the weights and the manifest beside the tokenizer that already stands in `folder`, or in the one it shares with."""
    shares = manifest.get("shares_with")
    names = [name for name in sorted(stored) if not (shares and name.startswith(WORDS))]
    save_file({name: np.ascontiguousarray(stored[name]) for name in names}, folder / WEIGHTS)
    (folder / WEIGHTS).chmod(0o644)
    files = [f"{shares}/{TOKENIZER}", f"{shares}/{WEIGHTS}", WEIGHTS] if shares else [TOKENIZER, WEIGHTS]
    manifest["files"] = {name: describe(place(folder, name)) for name in files}
    write_manifest(folder, manifest)


def place(folder: Path, name: str) -> Path:
    """Where a file that the manifest of a model lists is."""
    return folder.parent / name if "/" in name else folder / name


def tokenizer_of(folder: Path) -> Path:
    """The tokenizer of a shipped model."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return next(place(folder, name) for name in manifest["files"] if name.endswith(TOKENIZER))


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest with its seal: the SHA-256 of the file, with zeros in the place of the seal."""
    unsealed = {name: value for name, value in manifest.items() if name != "seal"} | {"seal": UNSEALED}
    text = json.dumps(unsealed, indent=1, ensure_ascii=False) + "\n"
    seal = hashlib.sha256(text.encode("utf-8")).hexdigest()
    (folder / "manifest.json").write_text(text.replace(UNSEALED, seal), encoding="utf-8")


def load(folder: Path) -> tuple[dict[str, Any], Tensors]:
    """The manifest and the dequantised tensors of a shipped model; a file that does not match its hash is refused."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if manifest["format"] != FORMAT:
        raise ValueError(f"{folder}: format {manifest['format']}, this code reads {FORMAT}")
    for name, expected in manifest["files"].items():
        if describe(place(folder, name)) != expected:
            raise ValueError(f"{place(folder, name)} does not match the manifest")
    stored = load_file(folder / WEIGHTS)
    if shares := manifest.get("shares_with"):
        other = load_file(folder.parent / shares / WEIGHTS)
        stored |= {name: value for name, value in other.items() if name.startswith(WORDS)}
    return manifest, restore(stored)


def describe(path: Path) -> dict[str, Any]:
    """Size and SHA-256 of a file, as the manifest lists them."""
    content = path.read_bytes()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
