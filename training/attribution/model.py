"""The tagger in torch: a BERT-shaped encoder, one head that finds cues, one that says what each token is to a cue."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from allegedly.annotate.claims.tagger.features import PAIR_SIZES, ROLES, TOKEN_SIZES

MARKS = 5
"""Accused, channel, hedge; first and last token of a piece of content."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Shape of the network."""

    layers: int = 6
    width: int = 384
    heads: int = 12
    vocabulary: int = 30522
    positions: int = 512
    features: int = 32
    pair: int = 128
    acts: int = 13


class Layer(nn.Module):
    """One transformer layer, norm after each half as in BERT."""

    def __init__(self, sizes: Sizes, dropout: float) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.mixed = nn.Linear(sizes.width, 3 * sizes.width)
        self.joined = nn.Linear(sizes.width, sizes.width)
        self.wide = nn.Linear(sizes.width, 4 * sizes.width)
        self.narrow = nn.Linear(4 * sizes.width, sizes.width)
        self.norms = nn.ModuleList(nn.LayerNorm(sizes.width, eps=1e-12) for _ in range(2))
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, width = x.shape
        mixed = self.mixed(x).reshape(batch, length, 3, self.heads, width // self.heads)
        query, key, value = (mixed[:, :, i].transpose(1, 2) for i in range(3))
        scores = query @ key.transpose(2, 3) / math.sqrt(width // self.heads)
        weights = F.dropout((scores + mask).softmax(-1), self.dropout, self.training)
        seen = (weights @ value).transpose(1, 2).reshape(batch, length, width)
        x = self.norms[0](x + F.dropout(self.joined(seen), self.dropout, self.training))
        inner = self.narrow(F.gelu(self.wide(x)))
        out: Tensor = self.norms[1](x + F.dropout(inner, self.dropout, self.training))
        return out


class Encoder(nn.Module):
    """Word pieces to vectors, shape ``(batch, pieces, width)``."""

    def __init__(self, sizes: Sizes, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(sizes.vocabulary, sizes.width)
        self.positions = nn.Embedding(sizes.positions, sizes.width)
        self.norm = nn.LayerNorm(sizes.width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(sizes, dropout) for _ in range(sizes.layers))
        self.dropout = dropout

    def forward(self, pieces: Tensor, mask: Tensor) -> Tensor:
        where = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.norm(self.words(pieces) + self.positions(where))
        x = F.dropout(x, self.dropout, self.training)
        for layer in self.layers:
            x = layer(x, mask)
        return x


class Tagger(nn.Module):
    """Encoder and heads. Every head reads the vector of a token's first word piece joined with its features."""

    def __init__(self, sizes: Sizes, dropout: float = 0.1) -> None:
        super().__init__()
        self.sizes = sizes
        self.encoder = Encoder(sizes, dropout)
        self.features = nn.ModuleList(nn.Embedding(n, sizes.features) for n in TOKEN_SIZES)
        joined = sizes.width + sizes.features
        self.cue = nn.Sequential(
            nn.Linear(joined, sizes.pair), nn.ReLU(), nn.Dropout(dropout), nn.Linear(sizes.pair, 1)
        )
        self.own = nn.Sequential(
            nn.Linear(joined, sizes.pair), nn.ReLU(), nn.Dropout(dropout), nn.Linear(sizes.pair, 1 + sizes.acts)
        )
        self.anchor = nn.Linear(joined, 2 * sizes.pair)
        self.token = nn.Linear(joined, 2 * sizes.pair)
        self.pairs = nn.ModuleList(nn.Embedding(n, sizes.pair) for n in PAIR_SIZES)
        self.role = nn.Linear(sizes.pair, len(ROLES) + MARKS)
        self.act = nn.Sequential(
            nn.Linear(3 * joined, sizes.pair), nn.ReLU(), nn.Dropout(dropout), nn.Linear(sizes.pair, sizes.acts + 1)
        )
        for table in (*self.features, *self.pairs):
            nn.init.normal_(table.weight, std=0.02)

    def tokens(self, pieces: Tensor, mask: Tensor, places: Tensor, features: Tensor) -> Tensor:
        """Return shape ``(batch, tokens, width + features)``."""
        x = self.encoder(pieces, mask)
        first = x.gather(1, places.unsqueeze(-1).expand(-1, -1, x.shape[-1]))
        known = sum(table(features[..., i]) for i, table in enumerate(self.features))
        return torch.cat([first, known], -1)

    def pair_roles(self, tokens: Tensor, anchors: Tensor, pairs: Tensor) -> Tensor:
        """Return shape ``(anchors, tokens, roles + marks)`` for the tokens of one window and some anchors of it."""
        told, by = self.token(tokens).chunk(2, -1)
        own, times = self.anchor(tokens[anchors]).chunk(2, -1)
        known = sum(table(pairs[..., i]) for i, table in enumerate(self.pairs))
        hidden = F.relu(own[:, None] + told[None] + times[:, None] * by[None] + known)
        found: Tensor = self.role(hidden)
        return found

    def acts(self, tokens: Tensor, anchors: Tensor, content: Tensor) -> Tensor:
        """Return shape ``(anchors, acts + 1)``, the last for polarity; `content` is 1 for the tokens of each."""
        mean = content @ tokens / content.sum(1, keepdim=True).clamp(min=1e-6)
        most = (tokens[None] - 1e4 * (1 - content[..., None])).amax(1).clamp(min=-10)
        found: Tensor = self.act(torch.cat([tokens[anchors], mean, most], -1))
        return found


def load_minilm(model: Tagger, weights: Path) -> None:
    """Fill the encoder with the first layers of a BERT-shaped safetensors file (all-MiniLM-L6-v2, Apache-2.0)."""
    state = load_file(weights)
    encoder = model.encoder
    kind = state["embeddings.token_type_embeddings.weight"][0]
    with torch.no_grad():
        encoder.words.weight.copy_(state["embeddings.word_embeddings.weight"])
        encoder.positions.weight.copy_(state["embeddings.position_embeddings.weight"] + kind)
        _copy(encoder.norm, state, "embeddings.LayerNorm")
        for i, layer in enumerate(encoder.layers):
            at = f"encoder.layer.{i}"
            parts = [f"{at}.attention.self.{name}" for name in ("query", "key", "value")]
            layer.mixed.weight.copy_(torch.cat([state[f"{part}.weight"] for part in parts]))
            layer.mixed.bias.copy_(torch.cat([state[f"{part}.bias"] for part in parts]))
            _copy(layer.joined, state, f"{at}.attention.output.dense")
            _copy(layer.norms[0], state, f"{at}.attention.output.LayerNorm")
            _copy(layer.wide, state, f"{at}.intermediate.dense")
            _copy(layer.narrow, state, f"{at}.output.dense")
            _copy(layer.norms[1], state, f"{at}.output.LayerNorm")


def _copy(module: nn.Module, state: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(state[f"{name}.weight"])
    module.bias.copy_(state[f"{name}.bias"])
