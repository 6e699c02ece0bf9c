"""Accuracy against speed, as an SVG that is readable on white and on black."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402

GREY = "#808080"  # stands out from white and from black alike
OURS, OTHERS = "#e8710a", "#3b82c4"


def draw(rows: Mapping[str, Any], out: Path) -> None:
    """A point for every peer; documents a second on a logarithmic axis."""
    pyplot.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "peers", "font.family": "sans-serif", "font.size": 10}
    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    points = [(statistics.median(row.documents_per_s["dev"]), 100 * row.sentiment_macro_f1, name)
              for name, row in rows.items() if "dev" in row.documents_per_s]  # fmt: skip
    for rank, (speed, accuracy, name) in enumerate(sorted(points)):
        colour = OURS if name.startswith("painpoint") else OTHERS
        axes.scatter(speed, accuracy, s=45, color=colour, zorder=3)
        # Names of neighbours, which are equally accurate, at different heights.
        up = (10, -16, 26, -32)[rank % 4]
        axes.annotate(name, (speed, accuracy), (0, up), textcoords="offset points", ha="center", color=colour, fontsize=9)
    axes.set_xscale("log")
    axes.margins(x=0.12, y=0.25)
    axes.set_xlabel("documents a second", color=GREY)
    axes.set_ylabel("sentiment, macro-F1 (%)", color=GREY)
    axes.tick_params(colors=GREY, which="both")
    axes.grid(color=GREY, alpha=0.25)
    for spine in axes.spines.values():
        spine.set_color(GREY)
    figure.savefig(out, transparent=True, bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)
