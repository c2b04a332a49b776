"""The words of many texts at once, as sets of numbers: Unicode's word boundaries, worked out on arrays of characters.

Rules and names (WB3 to WB16) are those of Unicode Standard Annex 29, "Unicode Text Segmentation", section 4.1. In
writing without spaces (Han, Thai) characters are words by themselves. Texts are taken in blocks: memory is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from allegedly.synchrony.coactivity.normal import CNT_MENTION, OUT

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]

BLOCK = 2**12
"""Texts in a block: their number within it and a word share 64 bits."""
BITS = 51
"""Bits of a word's number. Two words in a million have one number in common with a chance of 1 in 4,500."""
_NAMES = (
    "Other CR LF Newline Extend ZWJ Format Katakana Hebrew_Letter ALetter Single_Quote Double_Quote MidNumLet "
    "MidLetter MidNum Numeric ExtendNumLet WSegSpace Regional_Indicator"
).split()
_OF = {name: number for number, name in enumerate(_NAMES)}
_CLASS, _PICTURE, _LETTER, _SPACE, _SEEN = 31, 32, 64, 128, 256
_WIDE = 1 << 5
_QUOTE, _NEWLINE = 0x27, 0x0A
_PLACES = 256


@dataclass(frozen=True, slots=True)
class WordSets:
    """The distinct words of each text as ascending numbers: those of text i are ``word[start[i]:start[i+1]]``."""

    start: Ints
    word: Ints

    @property
    def size(self) -> Ints:
        return np.diff(self.start)


def word_sets(texts: Sequence[str], as_: str | None = None) -> WordSets:
    """Return the words of each text in lower case, without @mentions and links; only words with a letter or a digit.

    As the coordination-network-toolkit 1.5.2 sees them (`tokenize`, then `str.split`), links and all marks are words
    too, but for apostrophes at a boundary.
    """
    words, sizes = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for start in range(0, len(texts), BLOCK):
        part = texts[start : start + BLOCK]
        text, word = _words(part, as_)
        mixed = np.sort((text << np.uint64(BITS)) | word)
        mixed = mixed[np.r_[True, mixed[1:] != mixed[:-1]]] if len(mixed) else mixed
        words.append((mixed & np.uint64(2**BITS - 1)).astype(np.int64))
        sizes.append(np.bincount((mixed >> np.uint64(BITS)).astype(np.int64), minlength=len(part)))
    return WordSets(np.r_[0, np.cumsum(np.concatenate(sizes))], np.concatenate(words))


def _words(texts: Sequence[str], as_: str | None) -> tuple[Hashes, Hashes]:
    """Return all words of a block: the number of the text, and that of the word."""
    joined = "\n".join([text.replace("\n", " ") for text in texts]).lower()
    joined = (CNT_MENTION if as_ == "cnt" else OUT).sub("", joined)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if not len(codes):
        return np.empty(0, np.uint64), np.empty(0, np.uint64)
    kinds = _kinds(codes)
    starts = _starts(codes, kinds)
    counted = ((kinds & _SPACE) == 0) & ~(starts & (codes == _QUOTE))
    if as_ != "cnt":
        counted &= _with_letter(kinds, starts)
    segment, text = np.cumsum(starts)[counted], np.cumsum(codes == _NEWLINE)[counted]
    first = np.flatnonzero(np.r_[True, segment[1:] != segment[:-1]]) if len(segment) else np.empty(0, np.int64)
    return text[first].astype(np.uint64), _numbers(codes[counted], first)


def _numbers(codes: Codes, first: Ints) -> Hashes:
    """Return a number for each word that begins at one of `first`: multilinear hashing (Carter and Wegman 1979)."""
    if not len(first):
        return np.empty(0, np.uint64)
    place = np.arange(len(codes)) - np.repeat(first, np.diff(np.r_[first, len(codes)]))
    sums: Hashes = np.add.reduceat(codes.astype(np.uint64) * _multipliers()[place % _PLACES], first)
    sums ^= sums >> np.uint64(32)
    return (sums * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - BITS)


def _with_letter(kinds: npt.NDArray[np.uint16], starts: Bools) -> Bools:
    """Mask the characters of segments in which there is a letter or a digit."""
    first = np.flatnonzero(starts)
    has = np.maximum.reduceat(kinds & _LETTER, first) > 0
    return np.repeat(has, np.diff(np.r_[first, len(kinds)]))


def _starts(codes: Codes, kinds: npt.NDArray[np.uint16]) -> Bools:
    """Mask the characters before which there is a word boundary."""
    of = (kinds & _CLASS).astype(np.uint8)
    ignored = _ignored(of)
    base = np.flatnonzero(~ignored) if ignored.any() else np.arange(len(codes))
    joins = _joins(of[base])
    starts = np.zeros(len(codes), bool)
    starts[base] = ~joins
    if ignored.any():
        starts[1:] &= ~((of[:-1] == _OF["ZWJ"]) & ((kinds[1:] & _PICTURE) > 0))  # WB3c
    starts[0] = True
    return starts


def _ignored(of: Bytes) -> Bools:
    """WB4: marks and format characters go with what they follow, unless that is a line's end."""
    loose = (of >= _OF["Extend"]) & (of <= _OF["Format"])
    if loose.any():
        loose[1:] &= ~_is(of[:-1], "CR", "LF", "Newline")
        loose[0] = False
    return loose


def _joins(of: Bytes) -> Bools:
    """Mask the characters (WB4 done with) that have no boundary before them."""
    joins = np.zeros(len(of), bool)
    joins[1:] = _pairs()[of[:-1].astype(np.int64) * _WIDE + of[1:]]
    middle = np.flatnonzero((of >= _OF["Single_Quote"]) & (of <= _OF["MidNum"]))
    middle = middle[(middle > 0) & (middle < len(of) - 1)]
    before, at, after = of[middle - 1], of[middle], of[middle + 1]
    letters = _is(before, "ALetter", "Hebrew_Letter") & _is(after, "ALetter", "Hebrew_Letter")
    kept = letters & _is(at, "MidLetter", "MidNumLet", "Single_Quote")  # WB6, WB7
    kept |= (before == _OF["Hebrew_Letter"]) & (at == _OF["Double_Quote"]) & (after == _OF["Hebrew_Letter"])  # WB7b, c
    numbers = (before == _OF["Numeric"]) & (after == _OF["Numeric"])
    kept |= numbers & _is(at, "MidNum", "MidNumLet", "Single_Quote")  # WB11, WB12
    joins[middle[kept]] = joins[middle[kept] + 1] = True
    joins |= _second_flags(of)
    return joins


def _second_flags(of: Bytes) -> Bools:
    """WB15, WB16: regional indicators go in twos."""
    flag: Bools = of == _OF["Regional_Indicator"]
    if not flag.any():
        return flag
    place = np.arange(len(of))
    last_other = np.maximum.accumulate(np.where(flag, -1, place))
    second: Bools = flag & ((place - last_other) % 2 == 0)
    return second


def _is(of: Bytes, *names: str) -> Bools:
    found: Bools = of == _OF[names[0]]
    for name in names[1:]:
        found |= of == _OF[name]
    return found


@lru_cache(maxsize=1)
def _pairs() -> Bools:
    """Which two classes have no boundary between them, whatever is around: WB5, WB7a, WB8 to WB10, WB13 to WB13b."""
    letters, number, low = ["ALetter", "Hebrew_Letter"], ["Numeric"], ["ExtendNumLet"]
    word = [*letters, *number]
    joined = [(a, b) for a in word for b in word] + [("Hebrew_Letter", "Single_Quote"), ("Katakana", "Katakana")]
    joined += [(a, b) for a in (*word, "Katakana", *low) for b in low] + [
        (a, b) for a in low for b in (*word, "Katakana")
    ]
    table = np.zeros(_WIDE * _WIDE, bool)
    for a, b in joined:
        table[_OF[a] * _WIDE + _OF[b]] = True
    return table


@lru_cache(maxsize=1)
def _multipliers() -> Hashes:
    """Odd numbers, so that one changed character always changes the sum."""
    return np.random.Generator(np.random.PCG64(29)).integers(0, 2**63, _PLACES, dtype=np.uint64) * np.uint64(
        2
    ) + np.uint64(1)


def _kinds(codes: Codes) -> npt.NDArray[np.uint16]:
    """Return class and flags of each character. Flags of characters are looked up when they are first seen."""
    table = _table()
    kinds = table[codes]
    if not (kinds & _SEEN).all():
        for code in np.unique(codes[(kinds & _SEEN) == 0]).tolist():
            char = chr(code)
            table[code] |= _SEEN | (_LETTER if char.isalnum() else 0) | (_SPACE if char.isspace() else 0)
        kinds = table[codes]
    return kinds


@lru_cache(maxsize=1)
def _table() -> npt.NDArray[np.uint16]:
    table = np.zeros(0x110000, np.uint16)
    text = files("allegedly.synchrony.coactivity").joinpath("word_break.txt").read_text("ascii")
    for name, ranges in re.findall(r"^(\w+) (.+)$", text, re.MULTILINE):
        for span in ranges.split():
            first, _, last = span.partition("-")
            table[int(first, 16) : int(last or first, 16) + 1] |= _OF.get(name, _PICTURE)
    return table
