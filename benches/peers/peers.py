"""Who is compared: how each peer is started, and the settings it may choose from."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIBTORCH = HERE.parents[1] / "models/rust-bert/libtorch"
BATCHES = (1, 8, 16, 32, 64)
REFERENCE = "onnxruntime int8"
"""The peer that all others are set against."""


@dataclass(frozen=True)
class Peer:
    """A program that answers tasks, with what it may choose from."""

    name: str
    program: tuple[str, ...]
    models: tuple[str, ...]
    batches: tuple[int, ...] = ()
    gives_labels: bool = False


def program(name: str) -> tuple[str, ...]:
    """A peer in Python."""
    return (sys.executable, str(HERE / f"peer_{name}.py"))


def graph_models(graphs: Path, pattern: str, threads: int) -> tuple[str, ...]:
    """Graphs for onnxruntime, with the ways to use several threads if there are several; the fused ones first."""
    paths = sorted(graphs.glob(pattern), key=lambda path: ("fused" not in path.stem, path.stem))
    ways = ("threads", "lanes") if threads > 1 else ("threads",)
    return tuple(f"{way}:{path}" for path in paths for way in ways)


def all_peers(work: Path, model: Path, threads: int, extra: Sequence[str], batches: tuple[int, ...]) -> list[Peer]:
    """All peers that are built or installed; `extra` are NAME=PROGRAM, programs that answer tasks."""
    graphs = max(work.glob("graphs-*"), key=lambda path: path.stat().st_mtime)
    engines = work / "engines/release"
    peers = [
        Peer("painpoint int8", (str(engines / "ours"),), ("int8",)),
        Peer("painpoint f32", (str(engines / "ours"),), ("f32",)),
        Peer("onnxruntime int8", program("onnxruntime"), graph_models(graphs, "dynamic-*.onnx", threads)),
        Peer("onnxruntime int8, static", program("onnxruntime"), graph_models(graphs, "static-*.onnx", threads)),
        Peer("onnxruntime f32", program("onnxruntime"), graph_models(graphs, "float32*.onnx", threads)),
        Peer(
            "rten int8",
            (str(engines / "rten"),),
            tuple(str(graphs / f"dynamic-u8s8{suffix}.onnx") for suffix in ("", "-channels")),
        ),
        Peer("rten f32", (str(engines / "rten"),), (str(graphs / "float32.onnx"),)),
        Peer("torch bf16", program("torch"), (f"bf16:{model}",)),
        Peer("torch f32", program("torch"), (f"f32:{model}",)),
        Peer("linear n-grams", program("linear"), (str(work / "linear.model"),), (1,), gives_labels=True),
    ]
    if (LIBTORCH / "build-version").exists():
        peers.append(Peer("rust-bert f32", (str(engines / "ours"),), ("rust-bert",)))
    if importlib.util.find_spec("fasttext"):
        peers.append(Peer("fastText", program("fasttext"), (str(work / "fasttext.model"),), (1,), gives_labels=True))
    for entry in extra:
        name, _, path = entry.partition("=")
        peers.append(Peer(name, (path,), (str(model),)))
    return [replace(peer, batches=peer.batches or batches) for peer in peers if Path(peer.program[0]).exists() and peer.models]
