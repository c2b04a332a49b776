"""Words to word pieces, as BERT's uncased models have them (Wu et al. 2016, Devlin et al. 2019).

The library that does this elsewhere brings a client for downloading models with it; the algorithm is a few lines.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import chain, groupby
from pathlib import Path

_LONGEST = 100
"""Code points. A longer word is unknown, as in training."""
_IDEOGRAPHS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2CEAF), (0x2F800, 0x2FA1F))


class WordPiece:
    """A vocabulary of word pieces, one a line; those that go on a word begin with ``##``."""

    def __init__(self, vocabulary: Path) -> None:
        words = vocabulary.read_text(encoding="utf-8").split("\n")
        self._ids = {word: i for i, word in enumerate(words) if word}
        self.unknown, self.start, self.stop = (self._ids[mark] for mark in ("[UNK]", "[CLS]", "[SEP]"))
        self._known: dict[str, list[int]] = {}

    def ids(self, token: str) -> list[int]:
        """Return the ids of the pieces of `token`, at least one."""
        found = self._known.get(token)
        if found is None:
            found = list(chain.from_iterable(map(self._pieces, _words(token)))) or [self.unknown]
            if len(self._known) < 100_000:
                self._known[token] = found
        return found

    def rank(self, word: str) -> int:
        """Return the id of a whole word, -1 where the vocabulary lacks it; frequent words come before rare ones."""
        return self._ids.get(word, -1)

    def _pieces(self, word: str) -> list[int]:
        """Return the longest piece that begins `word`, the longest that goes on, and so forth."""
        if len(word) > _LONGEST:
            return [self.unknown]
        found: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = self._ids.get(("##" if start else "") + word[start:end])
                if piece is not None:
                    found.append(piece)
                    start = end
                    break
            else:
                return [self.unknown]
        return found


def _words(token: str) -> Iterator[str]:
    """Yield the words of `token`: lower case, no accents, each punctuation mark and ideograph for itself."""
    plain = "".join(c for c in unicodedata.normalize("NFD", token.lower()) if unicodedata.category(c) != "Mn")
    clean = "".join(" " if c.isspace() else c for c in plain if c.isspace() or _printable(c))
    for part in clean.split():
        for alone, signs in groupby(part, _stands_alone):
            if alone:
                yield from signs
            else:
                yield "".join(signs)


def _printable(sign: str) -> bool:
    return sign != "\ufffd" and not unicodedata.category(sign).startswith("C")


def _stands_alone(sign: str) -> bool:
    if sign.isascii():
        return not sign.isalnum()
    code = ord(sign)
    return unicodedata.category(sign).startswith("P") or any(low <= code <= high for low, high in _IDEOGRAPHS)
