"""Stage `finetune`: the whole encoder learns all heads together.

Only the word embeddings stand still: they are stored as the four bits they came in, and would be rounded anew if they moved.
The heads start from those that the stage `heads` trained on the frozen encoder.

A batch holds rows of like length. Its rows come in fixed shares from the feedback corpus, the only data in which every row has
every label, from views of it (see views.py), and from the families of public sets, whose missing labels carry no loss. Sets that a
phase's `focus` names are families of their own.

The run is a row of phases, each with shares and learning rates of its own and starting from what the one before it has left. The
learning rates of a phase rise over its first part and then fall to nothing at its end, which is a number of minutes or of steps,
whichever is over first: on a machine of unknown speed a run still ends properly. It can be stopped at any time and goes on from
its last checkpoint.

Written to OUT:

    tensors.safetensors, tokenizer.json     as from the stage `prune`, with the trained encoder
    heads.safetensors                       as from the stage `heads`
    facts.json                              how long the run was and what it has seen, for the card
"""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

import checkpoint
import corpora
import network
import views
from encode import cut, token_spans
from heads import Rounds, Row, Targets, evidence_loss, evidence_masks, pooled_loss, pooled_targets, topic_loss, topic_targets
from labels import HEAD_LABELS

log = logging.getLogger(__name__)

CLASSES = ("sentiment", "stars", "act", "urgency")  # heads whose targets are smoothed
ORDINAL = ("stars", "urgency")  # heads whose classes have an order
CORPUS = ("feedback", "segments", "variants")  # families that come from the feedback corpus
LOG_STEPS = 50
SAVE_SECONDS = 180


@dataclass(frozen=True)
class TrainingSet:
    """Training rows as token ids, with their targets."""

    ids: list[list[int]]
    spans: list[list[tuple[int, int, int]]]
    families: list[str]
    pooled: dict[str, Targets]
    allowed: Tensor
    topic_weights: Tensor

    @classmethod
    def read(cls, rows: list[Row], tokenizer: Tokenizer, settings: Row) -> TrainingSet:
        """Tokenise the rows and build their targets."""
        encodings = tokenizer.encode_batch([row["text"] for row in rows])
        limits = [settings["corpus_tokens" if row["set"] in CORPUS else "public_tokens"] for row in rows]
        ids = [cut(encoding, limit) for encoding, limit in zip(encodings, limits)]
        allowed, weights = topic_targets(rows, settings["likely_weight"])
        pooled = pooled_targets(rows)
        for name in CLASSES:
            values, amount = pooled[name].values, settings["smoothing"]
            values.mul_(1 - amount).add_(amount / values.shape[1])
        return cls(
            ids=ids,
            spans=[
                [(topic, start, end) for topic, start, end in token_spans(encoding, len(kept), row.get("evidence", []))]
                for encoding, kept, row in zip(encodings, ids, rows)
            ],
            families=[corpora.matching(row["set"], settings.get("focus", {})) or row["set"].split("/")[0] for row in rows],
            pooled=pooled,
            allowed=allowed,
            topic_weights=weights,
        )

    def rounds(self, shares: dict[str, float], size: int, generator: np.random.Generator) -> Rounds:
        """Rows of every family in its share."""
        families = np.array(self.families)
        return Rounds([(np.flatnonzero(families == name), round(size * share)) for name, share in shares.items()], generator)

    def batches(self, rounds: Rounds, size: int) -> list[np.ndarray]:
        """The next rows in batches of like length, in random order."""
        chosen = rounds.next()
        lengths = np.array([len(self.ids[index]) for index in chosen])
        by_length = chosen[np.argsort(lengths, kind="stable")]
        parts = np.array_split(by_length, max(1, len(chosen) // size))
        return [parts[place] for place in rounds.generator.permutation(len(parts))]

    def tokens(self, chosen: np.ndarray) -> tuple[Tensor, Tensor]:
        """Padded token ids and their mask."""
        lengths = torch.tensor([len(self.ids[index]) for index in chosen])
        rows = [torch.tensor(self.ids[index]) for index in chosen]
        ids = nn.utils.rnn.pad_sequence(rows, batch_first=True)
        return ids, torch.arange(ids.shape[1])[None, :] < lengths[:, None]


@dataclass(frozen=True)
class Answers:
    """Logits of a batch, and the token vectors that they were read from."""

    hidden: Tensor  # [batch, length, dimension]
    mask: Tensor  # [batch, length]
    pooled: dict[str, Tensor]
    topics: Tensor  # [batch, topics, 4]
    attention: Tensor  # [batch, topics, length]


class Learner(nn.Module):
    """Encoder and heads, and the loss of a batch."""

    def __init__(self, encoder: BertModel, heads: network.Heads, settings: Row) -> None:
        super().__init__()
        self.encoder = encoder
        self.heads = heads
        self.settings = settings
        encoder.embeddings.word_embeddings.weight.requires_grad_(False)

    def answers(self, data: TrainingSet, chosen: np.ndarray, device: torch.device) -> Answers:
        """What the heads say; the encoder runs in bfloat16, the heads in float32."""
        ids, mask = (tensor.to(device) for tensor in data.tokens(chosen))
        with torch.autocast(device.type, torch.bfloat16):
            hidden = self.encoder(ids, attention_mask=mask.long()).last_hidden_state
        hidden = hidden.float()
        document = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        rate = self.settings["dropout"]
        document = functional.dropout(document, rate, self.training)
        pooled = {name: self.heads[name](document) for name in self.heads.pooled()}
        topics, attention = self.heads["topics"](functional.dropout(hidden, rate, self.training), mask)
        return Answers(hidden, mask, pooled, topics, attention)

    def losses(self, data: TrainingSet, chosen: np.ndarray, answers: Answers) -> dict[str, Tensor]:
        """The weighted loss of every head."""
        weights = self.settings["loss"]
        device = answers.topics.device
        losses = {
            name: weights[name]
            * pooled_loss(name, logits, data.pooled[name].values[chosen].to(device), data.pooled[name].weights[chosen].to(device))
            for name, logits in answers.pooled.items()
        }
        for name in ORDINAL:
            target = data.pooled[name]
            ordinal = ordinal_loss(answers.pooled[name], target.values[chosen].to(device), target.weights[chosen].to(device))
            losses[name] = losses[name] + weights["ordinal"] * ordinal
        topic_weights = data.topic_weights[chosen].to(device)
        labelled = (topic_weights.sum(1) > 0).sum().clamp_min(1)
        losses["topics"] = weights["topics"] * topic_loss(answers.topics, data.allowed[chosen].to(device), topic_weights) / labelled
        pairs, spans = (
            tensor.to(device) for tensor in evidence_masks([data.spans[index] for index in chosen], answers.attention.shape[-1])
        )
        losses["evidence"] = weights["evidence"] * evidence_loss(answers.attention, pairs, spans) / labelled
        return losses

    def groups(self) -> list[Row]:
        """Parameter groups with their highest learning rates: lower layers learn more slowly, biases and norms do not decay."""
        layers = len(self.encoder.encoder.layer)
        groups: dict[tuple[float, float], list[Tensor]] = {}
        for name, parameter in self.named_parameters():
            if not parameter.requires_grad:
                continue
            rate = self.settings["head_learning_rate"]
            if name.startswith("encoder."):
                depth = int(name.split(".")[3]) + 1 if name.startswith("encoder.encoder.layer.") else 0
                rate = self.settings["learning_rate"] * self.settings["layer_decay"] ** (layers - depth)
            decay = self.settings["weight_decay"] if parameter.ndim > 1 else 0.0
            groups.setdefault((rate, decay), []).append(parameter)
        return [{"params": values, "lr": rate, "peak": rate, "weight_decay": decay} for (rate, decay), values in groups.items()]


def ordinal_loss(logits: Tensor, values: Tensor, weights: Tensor) -> Tensor:
    """Squared distance of the cumulative distributions (the earth mover's, for classes in a row): a star too many costs less
    than four."""
    distance = (logits.softmax(-1).cumsum(-1) - values.cumsum(-1)).square().sum(-1, keepdim=True)
    return (distance * weights).sum() / weights.sum().clamp_min(1)


@dataclass
class Run:
    """What has been done so far."""

    seconds: float = 0.0
    steps: int = 0
    tokens: int = 0
    rows: Counter[str] = field(default_factory=Counter)

    def progress(self, settings: Row) -> float:
        """The share of the run that is over, by time or by steps."""
        return max(self.seconds / 60 / settings["minutes"], self.steps / settings["steps"])


def factor(progress: float, warm_up: float) -> float:
    """The learning rate as a share of its highest value."""
    return max(0.0, min((progress + 1e-3) / warm_up, (1 - progress) / (1 - warm_up)))


def build(pruned: Path, trained: Path, encoder_settings: Row, settings: Row) -> tuple[Tokenizer, Learner]:
    """The encoder as it will be stored, and the heads as they were trained on it."""
    tokenizer = Tokenizer.from_file(str(pruned / "tokenizer.json"))
    stored = checkpoint.store_encoder(load_file(pruned / "tensors.safetensors"))
    described = encoder_settings | {"vocabulary": tokenizer.get_vocab_size()}
    encoder = network.build_encoder(described, checkpoint.restore(stored))
    for module in encoder.modules():
        if isinstance(module, nn.Dropout):
            module.p = settings["dropout"]
    tensors = load_file(trained / "heads.safetensors")
    entries = {name: {"labels": labels, "hidden": network.width_of(tensors, name)} for name, labels in HEAD_LABELS.items()}
    heads = network.build_heads({"encoder": described, "heads": entries}, tensors)
    return tokenizer, Learner(encoder, heads, settings)


def train(learner: Learner, data: TrainingSet, settings: Row, seed: int, saved: Path) -> Run:
    """Train to the end of the budget, from the checkpoint `saved` if there is one."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    learner.to(device).train()
    optimiser = torch.optim.AdamW(learner.groups(), fused=True)
    rounds = data.rounds(settings["shares"], settings["chunk_rows"], np.random.default_rng(seed))
    torch.manual_seed(seed)
    done = Run()
    if saved.exists():
        state = torch.load(saved, map_location=device, weights_only=False)
        learner.load_state_dict(state["learner"])
        optimiser.load_state_dict(state["optimiser"])
        rounds, done = state["rounds"], state["done"]
        torch.set_rng_state(state["random"].cpu())
        log.info("finetune: goes on at step %d, minute %.1f", done.steps, done.seconds / 60)
    kept = done.seconds
    recent: dict[str, Tensor] = {}
    queue: list[np.ndarray] = []
    while done.progress(settings) < 1:
        if not queue:
            if done.seconds - kept > SAVE_SECONDS:
                save_checkpoint(saved, learner, optimiser, rounds, done)
                kept = done.seconds
            queue = data.batches(rounds, settings["batch"])
        began = time.monotonic()
        chosen = queue.pop()
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * factor(done.progress(settings), settings["warm_up"])
        losses = learner.losses(data, chosen, learner.answers(data, chosen, device))
        optimiser.zero_grad()
        torch.stack(list(losses.values())).sum().backward()
        nn.utils.clip_grad_norm_(learner.parameters(), settings["clip"])
        optimiser.step()
        for name, value in losses.items():
            recent[name] = recent.get(name, 0) + value.detach()
        done.seconds += time.monotonic() - began
        done.steps += 1
        done.tokens += sum(len(data.ids[index]) for index in chosen)
        done.rows.update(data.families[index] for index in chosen)
        if done.steps % LOG_STEPS == 0:
            report(done, recent, settings)
            recent.clear()
    return done


def report(done: Run, recent: dict[str, Tensor], settings: Row) -> None:
    """One line of the log."""
    means = {name: value.item() / LOG_STEPS for name, value in recent.items()}
    losses = " ".join(f"{name} {value:.3f}" for name, value in means.items())
    log.info(
        "finetune: step %d, %.1f %%, %.0f tokens/s, loss %.3f (%s)",
        done.steps, 100 * done.progress(settings), done.tokens / done.seconds, sum(means.values()), losses,
    )  # fmt: skip


def save_checkpoint(path: Path, learner: Learner, optimiser: torch.optim.Optimizer, rounds: Rounds, done: Run) -> None:
    """Write everything that is needed to go on; a checkpoint is never half written."""
    partial = path.with_suffix(".partial")
    state = {"learner": learner.state_dict(), "optimiser": optimiser.state_dict(), "rounds": rounds, "done": done}
    torch.save(state | {"random": torch.get_rng_state()}, partial)
    partial.rename(path)


def trained_tensors(pruned: Path, encoder: BertModel) -> dict[str, Tensor]:
    """The encoder in the form of the stage `prune`: word embeddings as packed there, all else as trained."""
    packed = load_file(pruned / "tensors.safetensors")
    words = {name: torch.from_numpy(value) for name, value in packed.items() if name.startswith(checkpoint.WORDS)}
    return {name: value.cpu().contiguous() for name, value in encoder.state_dict().items()} | words


def rows_of(prepared: Path, settings: Row, seed: int) -> list[Row]:
    """The corpus's train items, their views and the public rows."""
    corpus = [
        row for row in corpora.read_lines(prepared / "rows.jsonl.zst") if row["set"] == "feedback" and row["split"] == "train"
    ]
    public = list(corpora.read_lines(prepared / "finetune.jsonl.zst"))
    return corpus + views.of_corpus(corpus, settings["views"], seed) + views.of_public(public, settings["views"], seed)


def run(settings: Row, encoder_settings: Row, folders: Sequence[Path], out: Path, seed: int) -> None:
    """One phase: fine-tune and write the trained encoder and heads. `folders`: outputs of the stage that the encoder comes from
    (prune, or the phase before), of prepare, and of the stage that the heads come from (heads, or the phase before)."""
    start, prepared, warm = folders
    out.mkdir(parents=True, exist_ok=True)
    tokenizer, learner = build(start, warm, encoder_settings, settings)
    data = TrainingSet.read(rows_of(prepared, settings, seed), tokenizer, settings)
    log.info("finetune: %s rows, %d tokens", dict(Counter(data.families)), sum(map(len, data.ids)))
    done = train(learner, data, settings, seed, out / "checkpoint.pt")
    write(start, learner, done, out)


def write(start: Path, learner: Learner, done: Run, out: Path) -> None:
    """What a run of training leaves behind; `start` is the folder of the encoder it began with."""
    save_file(trained_tensors(start, learner.encoder), out / "tensors.safetensors")
    heads = {f"heads.{name}": value.cpu().contiguous() for name, value in learner.heads.state_dict().items()}
    save_file(heads, out / "heads.safetensors")
    shutil.copyfile(start / "tokenizer.json", out / "tokenizer.json")
    facts: dict[str, Any] = {
        "minutes": round(done.seconds / 60, 1),
        "steps": done.steps,
        "tokens": done.tokens,
        "tokens_per_second": round(done.tokens / done.seconds),
        "rows_seen": dict(done.rows),
        "device": "gpu" if torch.cuda.is_available() else "cpu",
        "threads": torch.get_num_threads(),
    }
    (out / "facts.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    log.info("finetune: %s", facts)
    (out / "checkpoint.pt").unlink(missing_ok=True)
