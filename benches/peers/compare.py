#!/usr/bin/env python3
"""Our engines against other ways to compute the same model, and against much simpler models, in one run.

    benches/peers/run [--threads 2] [--rounds 5] [--step 1] [--clock wall]

makes the virtual environment, builds the programs and calls this. README.md says what is measured and how.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import evaluate
import results
import texts
from peers import BATCHES, Peer, all_peers

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models/painpoint-base"
SHORT = 12
"""Tokens of the document that is timed alone, with `<s>` and `</s>`."""
FIRST_BATCH = 8
"""The batch size at which graphs are chosen."""
TOOLS = {"painpoint int8, whole tool": "base", "painpoint fast, whole tool": "fast", "painpoint cascade, whole tool": "cascade"}
"""The models of the whole program."""


@dataclass
class Comparison:
    """The settings of a run and where things lie."""

    work: Path
    threads: int
    step: int
    sweep_step: int
    accuracy_step: int
    clock: str
    sets: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ask(self, peer: Peer, model: str, batch: int, **changes: Any) -> dict[str, Any] | None:
        """The answer of a process of its own; None if it failed."""
        short = next(i for i, ids in enumerate(self.sets["dev"]["documents"]) if len(ids) == SHORT)
        task = {
            "model": model,
            "threads": self.threads,
            "batch": batch,
            "short": self.sets["dev"]["documents"][short],
            "short_text": self.sets["dev"]["texts"][short],
            "calls": 0,
            "set": str(self.work / "texts/dev.json"),
            "step": self.step,
            "passes": 0,
            "vectors": None,
        } | changes
        task["started"] = time.time()
        environment = os.environ | {name: str(task["threads"]) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
        done = subprocess.run([*peer.program, json.dumps(task)], capture_output=True, text=True, env=environment)
        if done.returncode:
            print(
                f"{peer.name}, {Path(model).stem}: {(done.stderr.strip().splitlines() or ['failed'])[-1][:200]}", file=sys.stderr
            )
            return None
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def rate(self, answer: dict[str, Any]) -> float:
        """Documents a second of an answer with passes."""
        return float(answer["documents"] / min(span[f"{self.clock}_s"] for span in answer["passes"]))

    def best_settings(self, peer: Peer) -> tuple[str, int, list[dict[str, Any]]]:
        """The fastest model at one batch size, then the fastest batch size with it; and all that was tried."""
        tried: list[dict[str, Any]] = []

        def try_one(model: str, batch: int) -> float:
            answer = self.ask(peer, model, batch, step=self.sweep_step, passes=1)
            rate = self.rate(answer) if answer else 0.0
            tried.append({"model": results.setting(model), "batch": batch, "documents_per_s": round(rate, 1)})
            return rate

        batch = FIRST_BATCH if FIRST_BATCH in peer.batches else peer.batches[0]
        rates = {(model, batch): try_one(model, batch) for model in peer.models} if len(peer.models) > 1 else {}
        model = max(rates, key=lambda key: rates[key])[0] if rates else peer.models[0]
        if len(peer.batches) > 1:
            rates |= {(model, size): try_one(model, size) for size in peer.batches if (model, size) not in rates}
        best = max(rates, key=lambda key: rates[key]) if rates else (model, batch)
        return *best, tried

    def sentiment(self, peer: Peer, model: str, batch: int) -> float | None:
        """Macro-F1 of sentiment on the dev items."""
        out = self.work / "vectors"
        if not self.ask(peer, model, batch, vectors=str(out), step=self.accuracy_step):
            return None
        told = json.loads(out.read_text()) if peer.gives_labels else results.labels(out, self.work / "heads.npz", MODEL)
        return self.macro_f1(told)

    def macro_f1(self, told: Sequence[str]) -> float | None:
        """As `evaluate.py` has it, for the labels of every `accuracy_step`-th dev item."""
        gold = self.sets["dev"]["sentiments"][:: self.accuracy_step]
        pairs = [(label, other) for label, other in zip(gold, told, strict=True) if label != "mixed"]
        return evaluate.macro_f1([{label} for label, _ in pairs], [{other} for _, other in pairs])


def run_tool(comparison: Comparison, model: str, name: str, step: int, threads: int) -> dict[str, Any]:
    """The whole program, JSONL in and JSONL out, in the shape of a peer's answer."""
    chosen = comparison.sets[name]
    rows = [{"id": key, "text": text} for key, text in zip(chosen["items"][::step], chosen["texts"][::step])]
    source, out = comparison.work / "rows.jsonl", comparison.work / "records.jsonl"
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    begun = time.perf_counter()
    command = [
        str(comparison.work / "tool/release/painpoint"),
        "score",
        "-q",
        "--model",
        model,
        "--threads",
        str(threads),
        str(source),
        "-o",
        str(out),
    ]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed")
    span = {"wall_s": time.perf_counter() - begun, "cpu_s": usage.ru_utime + usage.ru_stime}
    tokens = sum(map(len, chosen["documents"][::step]))
    return {"documents": len(rows), "tokens": tokens, "passes": [span], "peak_mib": usage.ru_maxrss / 1024}


def tool_start(comparison: Comparison, model: str) -> float:
    """Seconds from the start of the program to the end of one short row."""
    row = json.dumps({"id": "1", "text": "Too slow again, nobody answers."})
    begun = time.time()
    command = [str(comparison.work / "tool/release/painpoint"), "score", "-q", "--model", model, "--threads", "1", "-"]
    subprocess.run(command, input=row, text=True, capture_output=True, check=True)
    return time.time() - begun


def tool_sentiment(comparison: Comparison, model: str) -> float | None:
    """Macro-F1 of sentiment of the whole tool on the dev items; records come in the order of the rows."""
    run_tool(comparison, model, "dev", comparison.accuracy_step, comparison.threads)
    records = evaluate.read_lines(comparison.work / "records.jsonl")
    return comparison.macro_f1([record["sentiment"]["label"] for record in records])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=ROOT / "target/peers", help="what prepare.py and cargo have made")
    parser.add_argument("--out", type=Path, default=ROOT / "benches/peers/results", help="folder of the results")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="of every peer; default: all cores")
    parser.add_argument("--rounds", type=int, default=5, help="each peer is run that often, one after the other")
    parser.add_argument("--step", type=int, default=1, help="time every so-manieth document only")
    parser.add_argument("--batches", type=int, nargs="+", default=BATCHES, help="sizes to choose from")
    parser.add_argument("--calls", type=int, default=200, help="how often the short document is encoded in a process")
    parser.add_argument("--sweep-step", type=int, default=8, help="the same, while settings are searched")
    parser.add_argument("--accuracy-step", type=int, default=1, help="the same, while accuracy is measured")
    parser.add_argument(
        "--clock", choices=("wall", "cpu"), default="wall", help="cpu: for one thread on a machine that is not quiet"
    )
    parser.add_argument("--only", nargs="+", help="peers to run, by their names")
    parser.add_argument("--extra", nargs="+", default=[], metavar="NAME=PROGRAM", help="more programs that answer a task")
    parser.add_argument("--note", default="", help="a word on the machine's state, for the results")
    arguments = parser.parse_args()

    steps = (arguments.step, arguments.sweep_step, arguments.accuracy_step)
    comparison = Comparison(arguments.work, arguments.threads, *steps, arguments.clock)
    comparison.sets = {name: texts.read(arguments.work / "texts", name) for name in ("dev", "short")}
    rows: dict[str, results.Row] = {}
    runs: list[tuple[str, Peer, int]] = []
    for peer in all_peers(arguments.work, MODEL, arguments.threads, arguments.extra, tuple(arguments.batches)):
        if arguments.only and peer.name not in arguments.only:
            continue
        model, batch, tried = comparison.best_settings(peer)
        f1 = comparison.sentiment(peer, model, batch)
        if f1 is None:
            continue
        rows[peer.name] = results.Row(results.setting(model), batch, f1, tried)
        chosen = replace(peer, models=(model,), batches=(batch,))
        runs.append((peer.name, chosen, arguments.threads))
        if arguments.threads > 1 and peer.name == "painpoint int8":
            rows[f"{peer.name}, 1 thread"] = results.Row(results.setting(model), batch, f1, [])
            runs.append((f"{peer.name}, 1 thread", chosen, 1))
        print(f"{peer.name}: {results.setting(model)}, batch {batch}, macro-F1 {100 * f1:.1f}", file=sys.stderr)
    tools = {name: model for name, model in TOOLS.items() if not arguments.only or name in arguments.only}
    for name, model in tools.items():
        rows[name] = results.Row(model, 256, tool_sentiment(comparison, model) or 0.0, [])

    settings = {
        key: getattr(arguments, key)
        for key in ("threads", "rounds", "step", "sweep_step", "accuracy_step", "calls", "batches", "clock", "note")
    }
    lengths = {name: statistics.mean(map(len, content["documents"])) for name, content in comparison.sets.items()}
    for number in range(arguments.rounds):
        # There and back again, so that a machine that slows down slows all alike.
        for name, peer, threads in runs if number % 2 == 0 else reversed(runs):
            model, batch = peer.models[0], peer.batches[0]
            for which in comparison.sets:
                path = str(arguments.work / f"texts/{which}.json")
                answer = comparison.ask(peer, model, batch, passes=1, threads=threads, set=path)
                rows[name].add(which, answer, arguments.clock)
            alone = comparison.ask(peer, model, 1, calls=arguments.calls, threads=1)
            rows[name].add_alone(alone)
        for name, model in tools.items():
            for which in comparison.sets:
                answer = run_tool(comparison, model, which, arguments.step, arguments.threads)
                rows[name].add(which, answer, arguments.clock)
            rows[name].first_result_s.append(tool_start(comparison, model))
        print(f"round {number + 1} of {arguments.rounds}", file=sys.stderr)
        # After every round, so that a run that is stopped leaves something.
        results.write(arguments.out, rows, settings, lengths)
    results.render(arguments.out)


if __name__ == "__main__":
    main()
