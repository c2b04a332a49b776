"""A model file in the form that the wheel has, small enough to be reckoned by hand; and an encoder of words alone."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allegedly.vectors.unigram import SPACE

WIDTH, LAYERS, HEADS, HIDDEN, POSITIONS = 64, 2, 4, 128, 160
EPSILON = 1e-12
PIECES = ("<s>", "<pad>", "</s>", "<unk>", SPACE, "q", "u", "e", "r", "y", ":", "p", "a", "s", "g", "m", "i", "n",
          SPACE + "mine", "mines", SPACE + "port", "й", "ї", "\u06a9", "port", "o", "t")  # fmt: skip
START, PADDING, STOP, UNKNOWN = 0, 1, 2, 3
NORMAL = {ord("\u00a0"): " ", ord("ﬁ"): "fi", ord("\u200b"): ""}
DROPPED = PIECES.index("mines")
"""The piece that `kept` leaves out."""

Floats = NDArray[np.float32]


def scores() -> list[float]:
    return [0.0, 0.0, 0.0, 0.0, *(-3.0 - 0.1 * i for i in range(len(PIECES) - 4))]


def tensors(seed: int = 0) -> dict[str, Floats]:
    """Return every tensor by name; matrices have a row for each output."""
    dice = np.random.default_rng(seed)

    def some(*shape: int, around: float = 0.0, spread: float = 0.1) -> Floats:
        return dice.normal(around, spread, shape).astype(np.float32)

    found = {"emb.word": some(len(PIECES), WIDTH, spread=1.0), "emb.pos": some(POSITIONS, WIDTH, spread=0.2)}
    found["emb.type"] = some(2, WIDTH)
    sizes = {"q": (WIDTH, WIDTH), "k": (WIDTH, WIDTH), "v": (WIDTH, WIDTH), "ao": (WIDTH, WIDTH)}
    sizes |= {"fi": (HIDDEN, WIDTH), "fo": (WIDTH, HIDDEN)}
    for layer in range(LAYERS):
        for name, shape in sizes.items():
            found[f"l{layer}.{name}.w"], found[f"l{layer}.{name}.b"] = some(*shape), some(shape[0])
    for norm in ("emb.ln", *(f"l{layer}.{which}" for layer in range(LAYERS) for which in ("aln", "oln"))):
        found[f"{norm}.w"], found[f"{norm}.b"] = some(WIDTH, around=1), some(WIDTH)
    return {name: _rounded(values) if _in_blocks(name) else values for name, values in found.items()}


def _in_blocks(name: str) -> bool:
    return name == "emb.word" or (name.endswith(".w") and "ln" not in name)


def _rounded(values: Floats) -> Floats:
    """Return the values as blocks of four bits keep them."""
    blocks = values.reshape(-1, 32)
    scale = _scale(blocks)
    return (np.clip(np.rint(blocks / scale), -8, 7) * scale).reshape(values.shape).astype(np.float32)


def _scale(blocks: Floats) -> Floats:
    return (np.abs(blocks).max(1, keepdims=True) / 7).astype(np.float16).astype(np.float32)


def _blocks(values: Floats) -> bytes:
    """Write a matrix as the format has it: a scale, then the first sixteen in the low halves of the bytes."""
    blocks = values.reshape(-1, 32)
    scale = (np.abs(blocks).max(1) / 7).astype("<f2")
    whole = np.clip(np.rint(blocks / scale.astype(np.float32)[:, None]) + 8, 0, 15).astype(np.uint8)
    packed = whole[:, :16] | (whole[:, 16:] << 4)
    return b"".join(s.tobytes() + p.tobytes() for s, p in zip(scale, packed, strict=True))


def model_file(found: dict[str, Floats] | None = None) -> bytes:
    """Return a model file that holds `tensors`."""
    found = found or tensors()
    text = [piece.encode() for piece in PIECES]
    head = [b"E5Q4", struct.pack("<i", 1)]
    head.append(struct.pack("<7i", WIDTH, LAYERS, HEADS, HIDDEN, len(PIECES), POSITIONS, 2))
    head.append(struct.pack("<fi", EPSILON, 0))
    head.append(struct.pack("<5i", len(PIECES), START, STOP, PADDING, UNKNOWN))
    head.append(struct.pack("<Q", sum(map(len, text))))
    head.append(np.cumsum([0, *map(len, text)]).astype("<u4").tobytes())
    head += [np.array(scores(), "<f4").tobytes(), *text]
    head.append(struct.pack("<iI", len(NORMAL), 0))
    head += [struct.pack(f"<IB{len(w)}I", point, len(w), *map(ord, w)) for point, w in NORMAL.items()]
    data = {n: _blocks(v) if _in_blocks(n) else v.astype("<f4").tobytes() for n, v in found.items()}
    start = sum(map(len, head)) + 4 + sum(2 + len(name) + 21 for name in data)
    head.append(struct.pack("<i", len(data)))
    for name, content in data.items():
        head.append(struct.pack("<H", len(name)) + name.encode())
        head.append(struct.pack("<BIQQ", int(_in_blocks(name)), found[name].size, start, len(content)))
        start += len(content)
    return b"".join([*head, *data.values()])


def kept() -> bytes:
    """Return the mask of all pieces but one."""
    return np.packbits([i != DROPPED for i in range(len(PIECES))]).tobytes()


def reckoned(found: dict[str, Floats], rows: Sequence[int]) -> NDArray[np.float64]:
    """Return the vector of pieces by the book (Devlin et al. 2019), in double precision: mean of tokens, length 1."""
    t = {name: values.astype(np.float64) for name, values in found.items()}
    x = _norm(t["emb.word"][list(rows)] + t["emb.pos"][: len(rows)] + t["emb.type"][0], t, "emb.ln")
    for layer in range(LAYERS):
        at = f"l{layer}."
        x = _norm(x + _dense(_attended(x, t, at), t, f"{at}ao"), t, f"{at}aln")
        x = _norm(x + _dense(_bent(_dense(x, t, f"{at}fi")), t, f"{at}fo"), t, f"{at}oln")
    mean = x.mean(0)
    return np.asarray(mean / np.linalg.norm(mean))


def _dense(x: Any, t: dict[str, Any], name: str) -> Any:
    return x @ t[f"{name}.w"].T + t[f"{name}.b"]


def _norm(x: Any, t: dict[str, Any], name: str) -> Any:
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + EPSILON) * t[f"{name}.w"] + t[f"{name}.b"]


def _bent(x: Any) -> Any:
    from math import erf

    return x * 0.5 * (1 + np.vectorize(erf)(x / np.sqrt(2)))


def _attended(x: Any, t: dict[str, Any], at: str) -> Any:
    q, k, v = (_dense(x, t, at + which).reshape(len(x), HEADS, -1).transpose(1, 0, 2) for which in "qkv")
    odds = np.exp(q @ k.transpose(0, 2, 1) / np.sqrt(WIDTH // HEADS))
    return (odds / odds.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(len(x), WIDTH)


MEANT = {"мина": "mine", "порт": "port", "корабль": "ship", "mina": "mine", "puerto": "port", "barco": "ship"}


class Words:
    """Stands in for `Vectors`: each word has a direction of its own, whatever its language; foreign words by a list."""

    def __init__(self, digest: str = "words") -> None:
        self.digest, self.read = digest, 0

    def vectors(self, texts: Iterable[str], role: str = "passage", windows: int = 1) -> Floats:
        found = []
        for text in texts:
            self.read += 1
            total = sum((_direction(MEANT.get(w, w)) for w in text.casefold().split()), _direction("") / 100)
            found.append(total / np.linalg.norm(total))
        return np.array(found, np.float32)


def _direction(word: str) -> Any:
    seed = int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest())
    return np.random.default_rng(seed).normal(size=384)


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
