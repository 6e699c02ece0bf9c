"""The encoder as ONNX graphs: exported by torch, fused by onnxruntime's own optimiser, quantised by onnxruntime's own tools.

    float32         as exported; onnxruntime fuses what it recognises when it loads it
    float32-fused   Attention, BiasGelu and SkipLayerNormalization put in by `onnxruntime.transformers.optimizer`
    dynamic-…       int8 weights, activations quantised while it runs (`quantize_dynamic`)
    static-…        int8 weights, activations quantised with ranges from training texts (`quantize_static`)

Every graph takes `input_ids` and `attention_mask`, [batch, length] of int64, and gives `tokens`, [batch, length, hidden].
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from transformers import BertConfig, BertModel

import network
from batches import batches_of

log = logging.getLogger(__name__)

INPUTS = ("input_ids", "attention_mask")
OPSET = 17
DYNAMIC = {"u8s8": QuantType.QInt8, "u8u8": QuantType.QUInt8}
"""Weights of the dynamic graphs; activations are always u8 there."""
STATIC = {"u8s8": QuantType.QUInt8, "s8s8": QuantType.QInt8}
"""Activations of the static graphs; weights are always s8 here."""
FORMS = ("QDQ", "QOperator")
CHANNELS = {"": False, "-channels": True}
"""One scale for a whole weight matrix, or one for each of its outputs."""


class Tokens(torch.nn.Module):
    """The encoder without what a caller of the graph does not need."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        return self.encoder(input_ids, attention_mask=attention_mask).last_hidden_state


class Calibration(CalibrationDataReader):
    """Batches of training texts, one after the other."""

    def __init__(self, documents: Sequence[Sequence[int]]) -> None:
        self.batches: Iterator[dict[str, np.ndarray]] = (
            dict(zip(INPUTS, (batch.ids, batch.mask))) for batch in batches_of(documents, 8)
        )

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self.batches, None)


def export(model: Path, out: Path) -> None:
    """The float32 graph of a shipped model, with attention in the plain form that optimisers recognise."""
    _, encoder, _ = network.load(model)
    plain = BertModel(BertConfig(**encoder.config.to_dict() | {"attn_implementation": "eager"}), add_pooling_layer=False)
    plain.load_state_dict(encoder.state_dict())
    example = torch.ones(2, 8, dtype=torch.long)
    names = [*INPUTS, "tokens"]
    torch.onnx.export(
        Tokens(plain.eval()),
        (example, example),
        str(out),
        input_names=names[:2],
        output_names=names[2:],
        dynamic_axes={name: {0: "batch", 1: "length"} for name in names},
        opset_version=OPSET,
    )


def fuse(graph: Path, out: Path, heads: int, hidden: int) -> None:
    """The graph with onnxruntime's fused operators."""
    fused = optimizer.optimize_model(
        str(graph), "bert", num_heads=heads, hidden_size=hidden, optimization_options=FusionOptions("bert"), opt_level=0
    )
    log.info("fused: %s", {name: count for name, count in fused.get_fused_operator_statistics().items() if count})
    fused.save_model_to_file(str(out))


def quantise_dynamic(graph: Path, out: Path, weights: str, per_channel: bool) -> None:
    """Int8 weights; every dense layer finds the range of its inputs while it runs."""
    quantize_dynamic(
        graph,
        out,
        weight_type=DYNAMIC[weights],
        per_channel=per_channel,
        reduce_range=False,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},  # nothing infers types across fused operators
    )


def quantise_static(graph: Path, out: Path, form: str, activations: str, per_channel: bool,
                    documents: Sequence[Sequence[int]]) -> None:  # fmt: skip
    """Int8 weights and fixed ranges of the dense layers' inputs."""
    quantize_static(
        graph,
        out,
        Calibration(documents),
        quant_format=QuantFormat[form],
        op_types_to_quantize=["MatMul", "Gemm", "Attention"],
        activation_type=STATIC[activations],
        weight_type=QuantType.QInt8,
        per_channel=per_channel,
        reduce_range=False,
        extra_options={"MatMulConstBOnly": True},
    )


def make(model: Path, folder: Path, documents: Sequence[Sequence[int]]) -> None:
    """All graphs of a model, in `folder`; those that exist are left as they are. `documents` set the static ranges."""
    folder.mkdir(parents=True, exist_ok=True)
    shape = json.loads((model / "manifest.json").read_text(encoding="utf-8"))["encoder"]
    plain, fused, prepared = (folder / f"{name}.onnx" for name in ("float32", "float32-fused", "prepared"))
    create(plain, lambda out: export(model, out))
    create(fused, lambda out: fuse(plain, out, shape["heads"], shape["hidden"]))
    create(prepared, lambda out: quant_pre_process(onnx.load(plain), out, skip_symbolic_shape=True))
    for weights, channels, (base, suffix) in product(DYNAMIC, CHANNELS, ((plain, ""), (fused, "-fused"))):
        path = folder / f"dynamic-{weights}{channels}{suffix}.onnx"
        create(path, partial(quantise_dynamic, base, weights=weights, per_channel=CHANNELS[channels]))
    for form, activations, channels in product(FORMS, STATIC, CHANNELS):
        path = folder / f"static-{form.lower()}-{activations}{channels}.onnx"
        settings = {"form": form, "activations": activations, "per_channel": CHANNELS[channels]}
        create(path, partial(quantise_static, prepared, documents=documents, **settings))


def create(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make a file that does not exist; it appears whole or not at all."""
    if not path.exists():
        log.info("making %s", path.name)
        unfinished = path.with_suffix(".unfinished")
        write(unfinished)
        unfinished.rename(path)
