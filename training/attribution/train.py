"""Train the tagger.

    python training/attribution/train.py --encoder FOLDER --out FOLDER [--corpus FOLDER] [--polnear CHECKOUT]

FOLDER of the encoder holds ``model.safetensors`` and ``vocab.txt`` of all-MiniLM-L6-v2. Trains on the corpus of
this folder, or on the train part of a checkout of PolNeAR. Writes ``tagger.pt`` after each epoch.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from allegedly.annotate.claims.tagger.wordpiece import WordPiece
from markup import read_all
from model import Sizes, Tagger, load_minilm
from polnear import read_split
from prepare import Example, cached

HERE = Path(__file__).parent


def batches(examples: Sequence[Example], pieces: int, rng: random.Random) -> Iterator[list[Example]]:
    """Yield batches of windows of like length, at most `pieces` word pieces each, in random order."""
    order = sorted(examples, key=lambda e: len(e.pieces) + rng.random() * 30)
    found: list[list[Example]] = [[]]
    for example in order:
        if found[-1] and (len(found[-1]) + 1) * len(example.pieces) > pieces:
            found.append([])
        found[-1].append(example)
    rng.shuffle(found)
    yield from found


def encoded(model: Tagger, batch: Sequence[Example]) -> Tensor:
    length, words = max(len(e.pieces) for e in batch), max(len(e.places) for e in batch)
    pieces = torch.zeros(len(batch), length, dtype=torch.long)
    mask = torch.full((len(batch), 1, 1, length), -1e4)
    places = torch.zeros(len(batch), words, dtype=torch.long)
    features = torch.zeros(len(batch), words, batch[0].tokens.shape[1], dtype=torch.long)
    for i, e in enumerate(batch):
        pieces[i, : len(e.pieces)] = torch.from_numpy(e.pieces.astype(np.int64))
        mask[i, ..., : len(e.pieces)] = 0
        places[i, : len(e.places)] = torch.from_numpy(e.places.astype(np.int64))
        features[i, : len(e.places)] = torch.from_numpy(e.tokens.astype(np.int64))
    with torch.autocast("cpu", torch.bfloat16):
        tokens: Tensor = model.tokens(pieces, mask, places, features)
    return tokens.float()


def loss_of(model: Tagger, batch: Sequence[Example]) -> Tensor:
    """Return the mean loss of a batch: cues, roles, marks, acts, the author's own voice."""
    vectors = encoded(model, batch)
    losses = []
    for e, row in zip(batch, vectors, strict=True):
        tokens = row[: len(e.places)]
        target = torch.zeros(len(tokens))
        target[e.anchors[: e.gold]] = 1
        loss = F.binary_cross_entropy_with_logits(model.cue(tokens)[:, 0], target, reduction="sum") / 10
        if e.own is not None:
            loss = loss + own_loss(model, tokens, torch.from_numpy(e.own.astype(np.int64)))
        if e.anchors:
            loss = loss + pair_loss(model, tokens, e)
        losses.append(loss)
    return torch.stack(losses).mean()


def own_loss(model: Tagger, tokens: Tensor, own: Tensor) -> Tensor:
    found = model.own(tokens)
    loss = F.binary_cross_entropy_with_logits(found[:, 0], (own > 0).float(), reduction="sum")
    if (own > 0).any():
        loss = loss + 0.5 * F.cross_entropy(found[own > 0, 1:], own[own > 0] - 1, reduction="sum")
    return loss / 200


def pair_loss(model: Tagger, tokens: Tensor, e: Example) -> Tensor:
    anchors = torch.tensor(e.anchors)
    roles = torch.from_numpy(e.roles.astype(np.int64))
    found = model.pair_roles(tokens, anchors, torch.from_numpy(e.pairs.astype(np.int64)))
    weight = torch.ones(len(e.anchors))
    weight[e.gold :] = 0.2
    each = F.cross_entropy(found[..., :4].reshape(-1, 4), roles.reshape(-1), reduction="none").reshape(roles.shape)
    loss = (each.sum(1) * weight).sum() / 20
    if e.gold:
        marks = torch.from_numpy(e.marks.astype(np.int64))[: e.gold]
        acts = torch.tensor(e.acts)
        told = model.acts(tokens, anchors[: e.gold], (roles[: e.gold] == 3).float())
        wanted = torch.stack([(marks & bit > 0).float() for bit in (1, 2, 4, 8, 16)], -1)
        each = F.binary_cross_entropy_with_logits(found[: e.gold, :, 4:], wanted, reduction="none")
        loss = loss + each[..., 3:].sum() / 10
        if (acts >= 0).all():
            loss = loss + each[..., :3].sum() / 12
            loss = loss + F.cross_entropy(told[:, :-1], acts, reduction="sum") / 3
            negated = torch.tensor(e.negated, dtype=torch.float)
            loss = loss + F.binary_cross_entropy_with_logits(told[:, -1], negated, reduction="sum") / 4
    return loss


def train(model: Tagger, examples: Sequence[Example], options: argparse.Namespace) -> None:
    rng = random.Random(options.seed)
    steps = options.epochs * sum(1 for _ in batches(examples, options.pieces, rng))
    encoder = list(model.encoder.parameters())
    inside = {id(p) for p in encoder}
    heads = [p for p in model.parameters() if id(p) not in inside]
    groups = [{"params": encoder, "lr": options.rate}, {"params": heads, "lr": options.rate * 10}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    warm = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.02, (steps - step) / (steps - warm + 1)))
    )
    average = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.98))
    for epoch in range(options.epochs):
        model.train()
        start, total, seen = time.monotonic(), 0.0, 0
        for batch in batches(examples, options.pieces, rng):
            loss = loss_of(model, batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            average.update_parameters(model)
            optimizer.zero_grad()
            total, seen = total + loss.item() * len(batch), seen + len(batch)
        print(f"epoch {epoch + 1}: loss {total / seen:.3f}, {time.monotonic() - start:.0f} s", flush=True)
        torch.save({"sizes": model.sizes, "state": average.module.state_dict()}, options.out / "tagger.pt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=HERE / "corpus")
    parser.add_argument("--polnear", type=Path, help="train on this checkout of PolNeAR instead")
    parser.add_argument("--share", type=float, default=1.0, help="share of the texts to train on, for a learning curve")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--pieces", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    vocabulary = WordPiece(options.encoder / "vocab.txt")
    texts = list(read_split(options.polnear, "train")) if options.polnear else read_all(options.corpus)
    name = f"{'polnear' if options.polnear else 'corpus'}-{len(texts)}"
    examples = cached(name, texts, vocabulary, options.out / "cache", annotated=not options.polnear)
    chosen = {text.id for text in random.Random(0).sample(texts, round(options.share * len(texts)))}
    examples = [e for e in examples if e.text in chosen]
    model = Tagger(Sizes(layers=options.layers))
    load_minilm(model, options.encoder / "model.safetensors")
    print(f"{len(chosen)} texts, {len(examples)} windows, {sum(e.gold for e in examples)} claims", flush=True)
    train(model, examples, options)


if __name__ == "__main__":
    main()
