"""Texts to word pieces by their likelihood (Kudo 2018), as SentencePiece and XLM-RoBERTa have them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

SPACE = "\u2581"
"""Stands before a word that a space precedes."""
_REMEMBERED = 200_000
_PENALTY = 10.0
"""How much less likely an unknown character is than the least likely piece, as in SentencePiece."""
_LONGEST = 200
"""Code points. A longer “word” (a link, a line without spaces) is cut: no text costs more than in proportion."""
_SPACES = re.compile(" +")


class Unigram:
    """Word pieces with their log-probabilities, and how characters are written before.

    Args:
        pieces: row ``i`` of the embedding table is that of ``pieces[i]``.
        scores: their log-probabilities.
        normal: what a code point is written as; others stay.
        unknown: the row of characters that no piece has.
    """

    def __init__(self, pieces: Sequence[str], scores: Sequence[float], normal: Mapping[int, str], unknown: int) -> None:
        self._rows = {piece: i for i, piece in reversed(list(enumerate(pieces))) if piece and i != unknown}
        self._scores = scores
        self._normal = dict(normal)
        self._unknown = unknown
        self._least = min(scores) - _PENALTY
        self._longest = max(map(len, pieces))
        self._known: dict[str, list[int]] = {}

    def rows(self, text: str, most: int) -> list[int]:
        """Return the rows of the first pieces of `text`, at most `most`."""
        found: list[int] = []
        for word in self._words(text, most):
            found += self._pieces(word)
            if len(found) >= most:
                break
        return found[:most]

    def _words(self, text: str, most: int) -> list[str]:
        # No text is read much farther than its pieces are wanted: a piece has no more characters than the longest one.
        written = _SPACES.sub(" ", text[: most * self._longest].translate(self._normal)).removeprefix(" ")
        return [part[i : i + _LONGEST] for part in (SPACE + w for w in written.split(" ")) for i in _starts(part)]

    def _pieces(self, word: str) -> list[int]:
        found = self._known.get(word)
        if found is None:
            found = self._likeliest(word)
            if len(self._known) < _REMEMBERED:
                self._known[word] = found
        return found

    def _likeliest(self, word: str) -> list[int]:
        """Return the pieces of `word` whose probabilities multiply to most (Viterbi 1967)."""
        best, came = [0.0] + [float("-inf")] * len(word), [(0, 0)] * (len(word) + 1)
        for start in range(len(word)):
            self._extend(word, start, best, came)
        found, end = list[int](), len(word)
        while end:
            end, row = came[end]
            found.append(row)
        return found[::-1]

    def _extend(self, word: str, start: int, best: list[float], came: list[tuple[int, int]]) -> None:
        """Try each piece that begins at `start`; the first of equals stays, as in SentencePiece."""
        base = best[start]
        for end in range(start + 1, min(len(word), start + self._longest) + 1):
            row = self._rows.get(word[start:end])
            if row is not None and base + self._scores[row] > best[end]:
                best[end], came[end] = base + self._scores[row], (start, row)
        if base + self._least > best[start + 1]:
            best[start + 1], came[start + 1] = base + self._least, (start, self._unknown)


def _starts(part: str) -> range:
    return range(0, len(part), _LONGEST)
