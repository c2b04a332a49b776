"""The trained network: an int8 encoder in onnxruntime, and its small heads in numpy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from allegedly import inference
from allegedly.annotate.claims.tagger.features import ROLES, Integers
from allegedly.annotate.claims.tagger.wordpiece import WordPiece
from allegedly.records import Act

Floats = NDArray[np.float32]


class Heads:
    """The layers above the encoder. Weights bear the names that training gives them."""

    def __init__(self, weights: dict[str, Floats]) -> None:
        self.w = weights
        self.features = _tables(weights, "features")
        self.pairs = _tables(weights, "pairs")

    def tokens(self, vectors: Floats, features: Integers) -> Floats:
        """Join the encoder's vectors, shape ``(tokens, width)``, with the features of the tokens."""
        return np.concatenate([vectors, _looked_up(self.features, features)], -1)

    def cues(self, tokens: Floats) -> Floats:
        """Return the probability that each token is the anchor of a cue."""
        return _sigmoid(self._two("cue", tokens)[:, 0])

    def own(self, tokens: Floats) -> Floats:
        """Return shape ``(tokens, 1 + acts)``: the probability of the author's own claim, and of its acts."""
        found = self._two("own", tokens)
        return np.concatenate([_sigmoid(found[:, :1]), _softmax(found[:, 1:])], -1)

    def roles(self, tokens: Floats, anchors: Sequence[int], pairs: Integers) -> tuple[Floats, Floats]:
        """Return what each token is to each anchor.

        First the probabilities of `ROLES`, shape ``(anchors, tokens, roles)``, then those of accused, channel, hedge,
        and of the first and the last token of a piece of content.
        """
        told, by = np.split(self._linear("token", tokens), 2, -1)
        own, times = np.split(self._linear("anchor", tokens[list(anchors)]), 2, -1)
        hidden = times[:, None] * by[None]
        hidden += told[None]
        hidden += own[:, None]
        hidden += _looked_up(self.pairs, pairs)
        np.maximum(hidden, 0, out=hidden)
        found = self._linear("role", hidden)
        return _softmax(found[..., : len(ROLES)]), _sigmoid(found[..., len(ROLES) :])

    def acts(self, tokens: Floats, anchors: Sequence[int], content: Floats) -> Floats:
        """Return the probabilities of the acts, shape ``(anchors, acts)``."""
        mean = content @ tokens / np.maximum(content.sum(1, keepdims=True), 1e-6)
        most = np.stack([tokens[row > 0].max(0, initial=-10) for row in content])
        found = self._two("act", np.concatenate([tokens[list(anchors)], mean, most], -1))
        return _softmax(found[:, :-1])  # the last is polarity, which follows from the act

    def _linear(self, name: str, x: Floats) -> Floats:
        found: Floats = x @ self.w[f"{name}.weight"].T + self.w[f"{name}.bias"]
        return found

    def _two(self, name: str, x: Floats) -> Floats:
        return self._linear(f"{name}.3", np.maximum(self._linear(f"{name}.0", x), 0))


class Network:
    """The whole model as it lies in a folder: ``encoder.onnx``, ``heads.npz``, ``vocabulary.txt``, ``model.json``."""

    def __init__(self, folder: Path) -> None:
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        self.acts: tuple[Act, ...] = tuple(about["acts"])
        self.thresholds: dict[str, float] = about["thresholds"]
        self.calibration: list[float] = about["calibration"]
        self.vocabulary = WordPiece(folder / "vocabulary.txt")
        self._session = inference.session(
            folder / "encoder.onnx",
            arena=False,
            without=("SkipLayerNormFusion",),  # its kernel is three times slower than the two it joins
        )
        with np.load(folder / "heads.npz") as stored:
            self.heads = Heads({name: stored[name].astype(np.float32) for name in stored.files})

    def vectors(self, pieces: Integers, places: Integers) -> Floats:
        """Return the vectors of the tokens of a window, shape ``(tokens, width)``."""
        (found,) = self._session.run(None, {"pieces": pieces[None]})
        vectors: Floats = found[0][places]
        return vectors


def one_thread() -> AbstractContextManager[Any]:
    """Let numpy multiply on one thread inside: its matrices are small here, and threads that wait burn a processor."""
    limited: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limited


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


_FOLDER: ContextVar[Path | None] = ContextVar("folder of the model", default=None)


def use_model(folder: Path | None) -> None:
    """Use the model in `folder` from now on in this thread; None goes back to the shipped one."""
    _FOLDER.set(folder)


def network() -> Network:
    """Return the model, loaded once per process: the shipped one unless `use_model` said otherwise."""
    return _loaded(_FOLDER.get())


@cache
def _loaded(folder: Path | None) -> Network:
    if folder is not None:
        return Network(folder)
    with as_file(files("allegedly") / "models" / "attribution") as shipped:
        return Network(shipped)


def _tables(weights: dict[str, Floats], name: str) -> list[Floats]:
    count = sum(key.startswith(f"{name}.") for key in weights)
    return [weights[f"{name}.{i}.weight"] for i in range(count)]


def _looked_up(tables: Sequence[Floats], ids: Integers) -> Floats:
    found = tables[0][ids[..., 0]]
    for i, table in enumerate(tables[1:], start=1):
        found += table[ids[..., i]]
    return found


def _sigmoid(x: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-x.clip(-30, 30)))
    return found


def _softmax(x: Floats) -> Floats:
    found: Floats = np.exp(x - x.max(-1, keepdims=True))
    found /= found.sum(-1, keepdims=True)
    return found
