"""A task for a peer, and the answer to it; `engines/src/lib.rs` is the same for the peers that are Rust.

A peer is a process of its own. Its one argument is a task in JSON, its one line on standard output an answer.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Ids = Sequence[int]


@dataclass(frozen=True)
class Task:
    """What to measure, and how."""

    model: str  # of the engine: its name, or the file of its graph or weights
    threads: int
    batch: int  # documents that are encoded together
    short: list[int]  # the document that is encoded first, and timed alone
    short_text: str  # the same, for peers that read text
    calls: int  # how often that is timed
    set: str  # the file of the documents
    step: int  # every so-manieth of them is used
    passes: int  # how often these are timed
    vectors: str | None  # where their vectors go, or their labels for peers that give labels
    started: float  # when the process was started, in seconds since 1970

    @classmethod
    def from_arguments(cls) -> Task:
        """The one argument of this program."""
        return cls(**json.loads(sys.argv[1]))


def measure(task: Task, encode: Callable[[list[Any]], Any], texts: bool = False) -> None:
    """Measure `encode`, which takes token ids, or texts, of documents and gives their vectors, or labels; print the answer."""
    short = task.short_text if texts else task.short
    encode([short])
    first_result_s = time.time() - task.started

    content = json.loads(Path(task.set).read_text(encoding="utf-8"))
    chosen = content["texts" if texts else "documents"][:: task.step]
    if task.vectors:
        write(Path(task.vectors), encode(chosen))
    passes = [timed(encode, chosen) for _ in range(task.passes)]
    calls = [timed(encode, [short]) for _ in range(task.calls)]
    answer = {
        "first_result_s": first_result_s,
        "documents": len(chosen),
        "tokens": sum(map(len, content["documents"][:: task.step])),
        "passes": passes,
        "calls_ms": [1e3 * call["wall_s"] for call in calls],
        "calls_cpu_ms": 1e3 * sum(call["cpu_s"] for call in calls) / len(calls) if calls else None,
        "peak_mib": peak_mib(),
    }
    print(json.dumps(answer))


def timed(encode: Callable[[list[Any]], Any], documents: list[Any]) -> dict[str, float]:
    """How long it took, on the wall and on all cores together."""
    wall, cpu = time.perf_counter(), time.process_time()
    encode(documents)
    return {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}


def write(path: Path, results: Any) -> None:
    """Vectors as float32 one after the other; labels as JSON."""
    if isinstance(results, np.ndarray):
        results.astype("<f4").tofile(path)
    else:
        path.write_text(json.dumps(results), encoding="utf-8")


def peak_mib() -> float:
    """The most memory this process has held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
