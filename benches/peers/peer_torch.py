"""PyTorch; `model` is `f32:FOLDER` or `bf16:FOLDER`, the folder that of a shipped model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

import network
from batches import Batch, encode_all
from task import Task, measure


def main() -> None:
    task = Task.from_arguments()
    kind, folder = task.model.split(":", 1)
    torch.set_num_threads(task.threads)
    torch.set_num_interop_threads(1)
    _, encoder, _ = network.load(Path(folder))
    if kind == "bf16":
        encoder = encoder.bfloat16()

    @torch.inference_mode()
    def run(batch: Batch) -> np.ndarray:
        ids, mask = torch.from_numpy(batch.ids), torch.from_numpy(batch.mask)
        tokens = encoder(ids, attention_mask=mask).last_hidden_state.float()
        weights = mask.float().unsqueeze(-1)
        return ((tokens * weights).sum(1) / weights.sum(1)).numpy()

    measure(task, lambda documents: encode_all(documents, task.batch, run))


if __name__ == "__main__":
    main()
