"""onnxruntime; `model` is `lanes:GRAPH`, a batch for each thread, or `threads:GRAPH`, all threads in one batch."""

from __future__ import annotations

import numpy as np
import onnxruntime

from batches import Batch, encode_all, mean_vectors
from task import Task, measure


def main() -> None:
    task = Task.from_arguments()
    way, graph = task.model.split(":", 1)
    lanes = task.threads if way == "lanes" else 1
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = task.threads // lanes
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    # Fused graphs take 32 bits.
    types = {entry.name: np.int32 if "int32" in entry.type else np.int64 for entry in session.get_inputs()}

    def run(batch: Batch) -> np.ndarray:
        values = {"input_ids": batch.ids, "attention_mask": batch.mask}
        inputs = {name: values[name].astype(kind, copy=False) for name, kind in types.items()}
        return mean_vectors(session.run(None, inputs)[0], batch.mask)

    measure(task, lambda documents: encode_all(documents, task.batch, run, lanes))


if __name__ == "__main__":
    main()
