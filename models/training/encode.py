"""Stage `encode`: every row through the frozen encoder, once.

The encoder runs as it will in the tool (weights in int8 and nibbles, activations in eight bits), or as it was trained, to measure
what that costs. Corpus dev rows, on which the published figures rest, run in float32; all others in bfloat16 where the
processor has it (cosine to float32 above 0.999).

Written to OUT:

    vectors.npy     float32 [rows, hidden]: document vectors, in the order of rows.jsonl.zst
    chunks/N.npz    token vectors (float16, end to end), their lengths and row numbers, of the rows with topic targets, and
                    the corpus rows' evidence as token spans. A chunk that exists is not made again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file
from tokenizers import Encoding, Tokenizer
from transformers import BertModel

import checkpoint
import corpora
import network

log = logging.getLogger(__name__)

END = 2  # </s>


class FrozenEncoder:
    """The tokenizer and the encoder, giving token vectors in batches of similar length."""

    def __init__(self, folder: Path, encoder: dict[str, Any], batch_tokens: int, as_shipped: bool) -> None:
        tensors = load_file(folder / "tensors.safetensors")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.model: BertModel = network.build_encoder(
            encoder | {"vocabulary": self.tokenizer.get_vocab_size()},
            checkpoint.restore(checkpoint.store_encoder(tensors) if as_shipped else tensors),
        )
        if as_shipped:
            network.quantise_activations(self.model)
        self.batch_tokens = batch_tokens

    @torch.inference_mode()
    def run(self, encodings: list[list[int]], exact: bool) -> Iterator[tuple[int, np.ndarray]]:
        """(position, token vectors [length, hidden] in float32) of every token list, in order of length."""
        order = sorted(range(len(encodings)), key=lambda i: len(encodings[i]))
        start = 0
        while start < len(order):
            end = start + 1
            while end < len(order) and (end + 1 - start) * len(encodings[order[end]]) <= self.batch_tokens:
                end += 1
            batch = [encodings[i] for i in order[start:end]]
            width = len(batch[-1])
            ids = torch.zeros(len(batch), width, dtype=torch.long)
            mask = torch.zeros_like(ids)
            for row, tokens in enumerate(batch):
                ids[row, : len(tokens)] = torch.tensor(tokens)
                mask[row, : len(tokens)] = 1
            with torch.autocast("cpu", torch.bfloat16, enabled=not exact):
                hidden = self.model(ids, attention_mask=mask).last_hidden_state
            for row, position in enumerate(order[start:end]):
                yield position, hidden[row, : len(batch[row])].float().numpy()
            start = end


def cut(encoding: Encoding, limit: int) -> list[int]:
    """The first `limit` token ids, the last of them `</s>`."""
    return encoding.ids if len(encoding.ids) <= limit else [*encoding.ids[: limit - 1], END]


def token_spans(encoding: Encoding, length: int, evidence: list[list[int]]) -> list[list[int]]:
    """[topic, first token, end token] of every evidence span that lies inside the window."""
    spans = []
    for topic, start, end in evidence:
        inside = [i for i, (a, b) in enumerate(encoding.offsets[: length - 1]) if a < end and b > start and b > a]
        if inside:
            spans.append([topic, inside[0], inside[-1] + 1])
    return spans


def encode_chunk(encoder: FrozenEncoder, rows: list[dict[str, Any]], first: int, limits: tuple[int, int],
                 split: str | None) -> dict[str, np.ndarray]:  # fmt: skip
    """Vectors of a run of rows of which the first has number `first` in the file; only rows of `split`, if one is given."""
    wanted = [split in (None, row["split"]) for row in rows]
    encodings = encoder.tokenizer.encode_batch([row["text"] if want else "" for row, want in zip(rows, wanted)])
    ids = [cut(encoding, limits[row["set"] == "feedback"]) for encoding, row in zip(encodings, rows)]
    exact = [row["set"] == "feedback" and row["split"] == "dev" for row in rows]
    vectors = np.zeros((len(rows), encoder.model.config.hidden_size), np.float32)
    tokens: dict[int, np.ndarray] = {}
    for kind in (False, True):
        chosen = [i for i in range(len(rows)) if exact[i] == kind and wanted[i]]
        for position, hidden in encoder.run([ids[i] for i in chosen], kind):
            index = chosen[position]
            vectors[index] = hidden.mean(0)
            if "topics" in rows[index]:
                tokens[index] = hidden.astype(np.float16)
    numbers = sorted(tokens)
    spans = [
        [first + i, *span] for i in numbers for span in token_spans(encodings[i], len(ids[i]), rows[i].get("evidence", []))
    ]
    return {
        "vectors": vectors,
        "rows": np.array(numbers, np.int64) + first,
        "lengths": np.array([len(tokens[i]) for i in numbers], np.int64),
        "tokens": np.concatenate([tokens[i] for i in numbers]) if numbers else np.zeros((0, vectors.shape[1]), np.float16),
        "spans": np.array(spans, np.int64).reshape(-1, 4),
    }


def run(settings: dict[str, Any], encoder_settings: dict[str, Any], model: Path, prepared: Path, out: Path,
        split: str | None = None, as_shipped: bool = True) -> None:  # fmt: skip
    """Encode all rows, or those of one split, chunk by chunk. Rows left out have a vector of zeros and no token vectors."""
    rows = list(corpora.read_lines(prepared / "rows.jsonl.zst"))
    size = settings["chunk_rows"]
    chunks = out / "chunks"
    chunks.mkdir(parents=True, exist_ok=True)
    encoder = None
    for number, first in enumerate(range(0, len(rows), size)):
        path = chunks / f"{number:04}.npz"
        if path.exists():
            continue
        encoder = encoder or FrozenEncoder(model, encoder_settings, settings["batch_tokens"], as_shipped)
        began = time.monotonic()
        limits = (settings["public_tokens"], encoder_settings["max_tokens"])
        arrays = encode_chunk(encoder, rows[first : first + size], first, limits, split)
        partial = path.with_suffix(".partial")
        with partial.open("wb") as file:
            np.savez(file, **arrays)
        partial.rename(path)
        log.info("encode: %d of %d rows, the last chunk in %.0f s", min(first + size, len(rows)), len(rows), time.monotonic() - began)
    np.save(out / "vectors.npy", np.concatenate([np.load(path)["vectors"] for path in sorted(chunks.glob("*.npz"))]))
