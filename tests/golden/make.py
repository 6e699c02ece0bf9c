#!/usr/bin/env python3
"""Make the golden files that the Rust engines are tested against.

    python tests/golden/make.py tiny --base STAGES/base    # tests/fixtures/tiny-model and tests/golden/tiny.json
    python tests/golden/make.py base                       # tests/golden/base.json from models/painpoint-base
    python tests/golden/make.py fast                       # tests/golden/fast.json from models/painpoint-fast

`tiny` needs the output of the training stage `base` for its tokenizer (models/training/README.md). Every figure comes from
`transformers.BertModel` and PyTorch in float32 on the dequantised weights, as the model is shipped.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "models" / "training"))

import checkpoint  # noqa: E402
import network  # noqa: E402
import vocabulary  # noqa: E402
from labels import HEAD_LABELS, TOPICS  # noqa: E402

SEED = 20240607
TINY_PIECES = 3400
TINY_SETTINGS = {
    "architecture": "bert",
    "layers": 2,
    "hidden": 64,
    "heads": 4,
    "intermediate": 128,
    "max_tokens": 64,
    "layer_norm_eps": 1e-12,
    "activation": "gelu",
}
# Widths differ on purpose, and two heads have no hidden layer, so that a reader that assumes either is caught.
TINY_WIDTHS = {"sentiment": 16, "stars": 8, "emotions": 24, "act": 0, "urgency": 8, "mixed": 0, "topics": 20}
VECTORS_FOR = 4  # sentences whose token vectors and attention are written in full


def tiny_tokenizer(base: Path, sentences: list[str], path: Path) -> int:
    """Cut the real tokenizer to what the sentences need and its commonest pieces; gives the vocabulary's size."""
    full = vocabulary.read(base / "tokenizer.json")
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    used = {number for text in sentences for number in tokenizer.encode(text).ids}
    pieces = {piece: number for number, (piece, _) in enumerate(full["model"]["vocab"])}
    characters = {character for number in used for character in tokenizer.id_to_token(number)}
    used |= {pieces[character] for character in characters if character in pieces}
    common = range(TINY_PIECES - len(used))  # the vocabulary is sorted by frequency
    smaller, old_ids = vocabulary.cut(full, used | set(common))
    vocabulary.write(smaller, path)
    return len(old_ids)


def random_tensors(settings: dict[str, Any], generator: np.random.Generator) -> checkpoint.Tensors:
    """Random encoder weights, large enough that attention is peaked and outputs differ from text to text."""
    hidden, inner = settings["hidden"], settings["intermediate"]

    def normal(*shape: int, scale: float = 1.0, mean: float = 0.0) -> np.ndarray:
        return (mean + generator.standard_normal(shape) * scale).astype(np.float32)

    packed, scale = checkpoint.pack_nibbles(normal(settings["vocabulary"], hidden))
    tensors = {
        checkpoint.WORDS: packed,
        f"{checkpoint.WORDS}.scale": scale,
        "embeddings.position_embeddings.weight": normal(settings["max_tokens"], hidden, scale=0.3),
        "embeddings.token_type_embeddings.weight": normal(2, hidden, scale=0.3),
    }
    shapes = {
        "attention.self.query": (hidden, hidden),
        "attention.self.key": (hidden, hidden),
        "attention.self.value": (hidden, hidden),
        "attention.output.dense": (hidden, hidden),
        "intermediate.dense": (inner, hidden),
        "output.dense": (hidden, inner),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(settings["layers"]):
        prefix = f"encoder.layer.{layer}."
        for name, shape in shapes.items():
            tensors[f"{prefix}{name}.weight"] = normal(*shape, scale=1.5 / shape[1] ** 0.5)
            tensors[f"{prefix}{name}.bias"] = normal(shape[0], scale=0.1)
        norms += [f"{prefix}attention.output.LayerNorm", f"{prefix}output.LayerNorm"]
    for name in norms:
        tensors[f"{name}.weight"] = normal(hidden, scale=0.2, mean=1.0)
        tensors[f"{name}.bias"] = normal(hidden, scale=0.1)
    return tensors


def make_tiny(base: Path) -> None:
    """Write the tiny model and its golden file."""
    folder = ROOT / "tests" / "fixtures" / "tiny-model"
    folder.mkdir(parents=True, exist_ok=True)
    sentences = json.loads((HERE / "sentences.json").read_text(encoding="utf-8"))
    settings = TINY_SETTINGS | {"vocabulary": tiny_tokenizer(base, sentences, folder / "tokenizer.json")}

    generator = np.random.default_rng(SEED)
    torch.manual_seed(SEED)
    heads = {}
    for name, labels in HEAD_LABELS.items():
        head: dict[str, Any] = {"labels": list(labels), "hidden": TINY_WIDTHS[name], "temperature": 1.25}
        if name == "topics":
            head |= {"polarities": list(network.POLARITIES), "key": network.KEY}
        if name in ("emotions", "mixed", "topics"):
            head["thresholds"] = [round(float(value), 2) for value in generator.uniform(0.3, 0.7, len(labels))]
        heads[name] = head
    modules = network.Heads(settings["hidden"], heads)
    with torch.no_grad():
        for parameter in modules.parameters():
            parameter.copy_(torch.randn(parameter.shape) * (0.4 if parameter.ndim > 1 else 0.2))

    manifest = {
        "format": checkpoint.FORMAT,
        "name": "tiny-model",
        "version": 1,
        "licence": "MIT",
        "encoder": settings,
        "tokenizer": {"start": "<s>", "end": "</s>", "unknown": "<unk>"},
        "heads": heads,
        "low_confidence": 0.5,
        "provenance": {"made_by": "tests/golden/make.py", "seed": SEED, "weights": "random", "use": "tests only"},
    }
    stored = checkpoint.store_encoder(random_tensors(settings, generator)) | checkpoint.store_heads(modules.export())
    checkpoint.save(folder, stored, manifest)
    write_golden(folder, sentences, HERE / "tiny.json", VECTORS_FOR)


def make_shipped(name: str) -> None:
    """Write the golden file of a shipped model."""
    sentences = json.loads((HERE / "feedback.json").read_text(encoding="utf-8"))
    write_golden(ROOT / "models" / f"painpoint-{name}", sentences, HERE / f"{name}.json", 0)


def write_golden(folder: Path, sentences: list[str], path: Path, vectors_for: int) -> None:
    """Run the reference over the sentences and write what it gives."""
    manifest, encoder, heads = network.load(folder)
    tokenizer = Tokenizer.from_file(str(checkpoint.tokenizer_of(folder)))
    limit = manifest["encoder"]["max_tokens"]
    items = []
    for text in sentences:
        encoding = tokenizer.encode(text)
        if len(encoding.ids) > limit:
            raise ValueError(f"longer than one window of {limit} tokens: {text!r}")
        result = network.read_one(encoder, heads, encoding.ids)
        item = {
            "text": text,
            "ids": encoding.ids,
            "offsets": [byte_span(text, span) for span in encoding.offsets],
            "mean": numbers(result["mean"]),
            "logits": {name: numbers(value) for name, value in result["logits"].items()},
        }
        if len(text) > 20 and vectors_for > 0:
            vectors_for -= 1
            item |= {"tokens": numbers(result["tokens"]), "attention": numbers(result["attention"])}
        items.append(item)
    document = {
        "model": f"{manifest['name']}-{manifest['version']}",
        "weights_sha256": manifest["files"]["weights.safetensors"]["sha256"],
        "topics": list(TOPICS),
        "items": items,
    }
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in document.pop("items"))
    head = json.dumps(document, ensure_ascii=False)[:-1]
    path.write_text(f'{head},\n"items":[\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {len(items)} sentences, {path.stat().st_size:,} bytes")


def byte_span(text: str, span: tuple[int, int]) -> list[int]:
    """A span of code points, as Python gives it, in UTF-8 bytes, as Rust gives it."""
    return [len(text[:position].encode()) for position in span]


def numbers(values: torch.Tensor) -> list[Any]:
    """Nested lists rounded to seven significant digits, which is what float32 holds."""
    flat = [float(f"{value:.7g}") for value in values.flatten().tolist()]
    return np.array(flat, dtype=object).reshape(tuple(values.shape)).tolist()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    tiny = commands.add_parser("tiny", help="random tiny model and its golden file")
    tiny.add_argument("--base", type=Path, required=True, help="output folder of the training stage `base`")
    for name in ("base", "fast"):
        commands.add_parser(name, help=f"golden file of models/painpoint-{name}")
    arguments = parser.parse_args()
    if arguments.command == "tiny":
        make_tiny(arguments.base)
    else:
        make_shipped(arguments.command)


if __name__ == "__main__":
    main()
