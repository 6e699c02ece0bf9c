"""What came out: numbers of every peer, as JSON, as a table in Markdown, as a plot."""

from __future__ import annotations

import json
import math
import platform
import statistics
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from peers import REFERENCE

LIBRARIES = ("onnxruntime", "torch", "transformers", "scikit-learn", "fasttext", "numpy")
Answer = dict[str, Any]


@dataclass
class Row:
    """One peer: its settings, and a number of every round."""

    setting: str
    batch: int
    sentiment_macro_f1: float
    tried: list[dict[str, Any]]
    documents_per_s: dict[str, list[float]] = field(default_factory=dict)
    tokens_per_s: dict[str, list[float]] = field(default_factory=dict)
    peak_mib: list[float] = field(default_factory=list)
    first_result_s: list[float] = field(default_factory=list)
    short_ms: list[float] = field(default_factory=list)
    short_cpu_ms: list[float] = field(default_factory=list)

    def add(self, which: str, answer: Answer | None, clock: str) -> None:
        """A timed pass over a set."""
        if answer is None:
            return
        seconds = answer["passes"][0][f"{clock}_s"]
        self.documents_per_s.setdefault(which, []).append(answer["documents"] / seconds)
        self.tokens_per_s.setdefault(which, []).append(answer["tokens"] / seconds)
        self.peak_mib.append(answer["peak_mib"])

    def add_alone(self, answer: Answer | None) -> None:
        """One short document, many times."""
        if answer is None:
            return
        self.first_result_s.append(answer["first_result_s"])
        self.short_ms.append(statistics.median(answer["calls_ms"]))
        self.short_cpu_ms.append(answer["calls_cpu_ms"])


def setting(model: str) -> str:
    """What the settings of a peer are called: without the folders of a file."""
    way, colon, rest = model.partition(":")
    return f"{Path(rest).stem} ({way})" if colon and way in ("lanes", "threads") else way if colon else Path(model).stem


def labels(vectors: Path, heads: Path, model: Path) -> list[str]:
    """The sentiment that the model's head reads from document vectors."""
    head = json.loads((model / "manifest.json").read_text(encoding="utf-8"))["heads"]["sentiment"]
    with np.load(heads) as file:
        weights = {name.removeprefix("heads.sentiment."): file[name] for name in file.files}
    values = np.fromfile(vectors, "<f4").reshape(-1, weights["hidden.weight"].shape[1])
    inner = values @ weights["hidden.weight"].T + weights["hidden.bias"]
    inner = inner * (1 + np.vectorize(math.erf)(inner / math.sqrt(2))) / 2
    logits = inner @ weights["output.weight"].T + weights["output.bias"]
    return [head["labels"][index] for index in logits.argmax(1)]


def ratios(row: Row, reference: Row, which: str) -> list[float]:
    """The row's speed over the reference's, round by round."""
    return [a / b for a, b in zip(row.documents_per_s.get(which, []), reference.documents_per_s.get(which, []))]


def spread(values: list[float]) -> str:
    """Median, with lowest and highest."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})" if values else "-"


def middle(values: list[float], form: str) -> str:
    """The median, or a dash."""
    return format(statistics.median(values), form) if values else "-"


def table(rows: dict[str, Row], lengths: dict[str, float], clock: str) -> str:
    """All peers, the fastest first."""
    sets = list(lengths)
    reference = rows.get(REFERENCE)
    titles = ["peer", "settings"]
    titles += [f"documents/s, {length:.0f} tokens each" for length in lengths.values()]
    titles += [
        "tokens/s",
        f"× {REFERENCE}",
        "short document, ms",
        "start to first result, s",
        "peak memory, MiB",
        "sentiment, macro-F1",
    ]
    lines = [f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}"]
    for name, row in sorted(rows.items(), key=lambda entry: -statistics.median(entry[1].documents_per_s.get(sets[0], [0]))):
        cells = [name, f"{row.setting}, batch {row.batch}"]
        cells += [middle(row.documents_per_s.get(which, []), ",.0f") for which in sets]
        cells += [
            middle(row.tokens_per_s.get(sets[0], []), ",.0f"),
            spread(ratios(row, reference, sets[0])) if reference else "-",
            middle(row.short_cpu_ms if clock == "cpu" else row.short_ms, ".2f"),
            middle(row.first_result_s, ".2f"),
            middle(row.peak_mib, ",.0f"),
            f"{100 * row.sentiment_macro_f1:.1f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def machine() -> dict[str, Any]:
    """The processor, what of it matters here, and the system."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    wanted = ("avx2", "avx_vnni", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8")
    flags = facts.get("flags", "").split()
    return {
        "processor": facts.get("model name", platform.processor()),
        "cores": sum(line.startswith("processor") for line in lines),
        "sets": [flag for flag in wanted if flag in flags],
        "system": f"{platform.system()} {platform.machine()}",
    }


def versions() -> dict[str, str]:
    """Of the libraries, and of this repository."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    lock = (Path(__file__).with_name("engines") / "Cargo.lock").read_text(encoding="utf-8")
    found["rten"] = lock.partition('name = "rten"\nversion = "')[2].partition('"')[0]
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=Path(__file__).parent)
    return found | {"painpoint": commit.stdout.strip()}


def write(out: Path, rows: dict[str, Row], settings: dict[str, Any], lengths: dict[str, float]) -> None:
    """`peers.json` in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    document = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "versions": versions(),
        "settings": settings,
        "tokens_a_document": lengths,
        "peers": {name: asdict(row) for name, row in rows.items()},
    }
    (out / "peers.json").write_text(json.dumps(rounded(document), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def rounded(value: Any) -> Any:
    """Numbers to five digits that count."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    return [rounded(entry) for entry in value] if isinstance(value, list) else value


def render(out: Path) -> None:
    """The table and the plot, from `peers.json` in the same folder."""
    import plot  # not while peers are measured: matplotlib is large

    document = json.loads((out / "peers.json").read_text(encoding="utf-8"))
    rows = {name: Row(**row) for name, row in document["peers"].items()}
    settings, box = document["settings"], document["machine"]
    head = (
        f"{document['date']}, {box['processor']} ({box['cores']} cores, {', '.join(box['sets'])}), {box['system']}; "
        f"{settings['threads']} thread{'s' * (settings['threads'] > 1)}, {settings['rounds']} rounds, "
        f"one of {settings['step']} documents timed, one of {settings['accuracy_step']} read for accuracy, "
        f"{settings['clock']} time. {settings['note']}"
    )
    used = ", ".join(f"{name} {number}" for name, number in document["versions"].items())
    text = f"{head}\n\n{table(rows, document['tokens_a_document'], settings['clock'])}\n\n{used}\n"
    (out / "peers.md").write_text(text, encoding="utf-8")
    plot.draw(rows, out / "peers.svg")


if __name__ == "__main__":
    render(Path(__file__).with_name("results"))
