"""Some texts on disk with their index and room for their vectors; all of it is read where it lies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from allegedly.link.matching.postings import Postings
from allegedly.link.matching.terms import gram_terms, word_terms
from allegedly.link.matching.texts import Text, for_words

Floats = NDArray[np.float32]
WIDTH = 384
"""Of a vector, whole numbers of a byte each beside one scale."""
_STEPS = 127
_FIELDS = ("id", "text", "title")


class Segment:
    """Texts numbered from 0. Only vectors change, from not yet made to made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.languages: list[str] = json.loads((folder / "languages.json").read_text("utf-8"))
        self.language: NDArray[np.uint16] = np.load(folder / "language.npy", mmap_mode="r")
        self._strings = {name: _Strings(folder, name) for name in _FIELDS}
        self.words, self.grams = (Postings.open(folder / name) for name in ("words", "grams"))
        self._vectors, self._scales = (_changeable(folder / f"{name}.npy") for name in ("vectors", "scales"))
        self._check()

    def _check(self) -> None:
        """Say so where files do not fit together: cut short, or of another segment."""
        n = len(self)
        fit = {
            "language": not n or int(self.language.max()) < len(self.languages),
            **{name: strings.fit(n) for name, strings in self._strings.items()},
            "words": self.words.fit(n),
            "grams": self.grams.fit(n),
            "vectors": self._vectors.shape == (n, WIDTH) and self._scales.shape == (n,),
        }
        for name, good in fit.items():
            if not good:
                raise ValueError(f"{self.folder.name}/{name} is damaged")

    def __len__(self) -> int:
        return len(self.language)

    def id(self, n: int) -> str:
        return self._strings["id"][n]

    def ids(self) -> Iterator[str]:
        return map(self.id, range(len(self)))

    def said(self, n: int) -> tuple[str, str]:
        """Return text and title."""
        return self._strings["text"][n], self._strings["title"][n]

    def text(self, n: int) -> Text:
        return Text(self.id(n), self._strings["text"][n], self.languages[self.language[n]], self._strings["title"][n])

    def missing(self, which: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of `which` that have no vector yet."""
        found: NDArray[np.int64] = which[self._scales[which] == 0]
        return found

    def keep(self, which: NDArray[np.int64], vectors: Floats) -> None:
        """Keep vectors of length 1, shape ``(which, 384)``. Whoever keeps them as well keeps the same."""
        largest = np.abs(vectors).max(1)
        self._vectors[which] = np.rint(vectors / largest[:, None] * _STEPS).astype(np.int8)
        self._scales[which] = largest / _STEPS

    def forget(self) -> None:
        """Forget all vectors."""
        self._scales[:] = 0

    def vectors(self, which: NDArray[np.int64] | slice) -> Floats:
        """Return vectors that are made; zeros where one is not."""
        found: Floats = self._vectors[which] * self._scales[which][..., None]
        return found


def write(texts: Sequence[Text], folder: Path) -> None:
    """Write a new segment."""
    folder.mkdir(parents=True)
    said = [for_words(text.text, text.title) for text in texts]
    Postings.of([word_terms(each) for each in said]).save(folder / "words")
    Postings.of([gram_terms(each) for each in said]).save(folder / "grams")
    _write_texts(texts, folder)
    for name, kind, shape in (("vectors", np.int8, (len(texts), WIDTH)), ("scales", np.float32, (len(texts),))):
        np.lib.format.open_memmap(folder / f"{name}.npy", "w+", kind, shape)  # holes, where the disk knows holes


def join(parts: Sequence[Segment], folder: Path) -> None:
    """Write several segments as one, with the vectors that they have."""
    folder.mkdir(parents=True)
    Postings.joined([part.words for part in parts]).save(folder / "words")
    Postings.joined([part.grams for part in parts]).save(folder / "grams")
    _write_texts([part.text(n) for part in parts for n in range(len(part))], folder)
    np.save(folder / "vectors.npy", np.concatenate([part._vectors for part in parts]))
    np.save(folder / "scales.npy", np.concatenate([part._scales for part in parts]))


def _write_texts(texts: Sequence[Text], folder: Path) -> None:
    languages = sorted({text.language for text in texts})
    numbers = {language: n for n, language in enumerate(languages)}
    (folder / "languages.json").write_text(json.dumps(languages), "utf-8")
    np.save(folder / "language.npy", np.array([numbers[text.language] for text in texts], np.uint16))
    for name in _FIELDS:
        parts = [getattr(text, name).encode("utf-8", "surrogatepass") for text in texts]
        (folder / f"{name}.utf8").write_bytes(b"".join(parts) or b"\0")  # an empty file cannot be mapped
        np.save(folder / f"{name}.npy", np.cumsum([0, *map(len, parts)]))


class _Strings:
    def __init__(self, folder: Path, name: str) -> None:
        self._ends = np.load(folder / f"{name}.npy", mmap_mode="r")
        self._bytes = np.memmap(folder / f"{name}.utf8", np.uint8, "r")

    def __getitem__(self, n: int) -> str:
        return self._bytes[self._ends[n] : self._ends[n + 1]].tobytes().decode("utf-8", "surrogatepass")

    def fit(self, n: int) -> bool:
        """Return whether there are `n` of them, and room for all."""
        return len(self._ends) == n + 1 and int(self._ends[-1]) <= len(self._bytes)


def _changeable(path: Path) -> NDArray[np.float32]:
    """Map a file for writing; where it must not be written, changes stay in memory."""
    np.load(path, mmap_mode="r")  # or one that was cut short would be filled up with zeros
    try:
        found: NDArray[np.float32] = np.load(path, mmap_mode="r+")
    except PermissionError:
        found = np.load(path, mmap_mode="c")
    return found
