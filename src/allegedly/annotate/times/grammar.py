"""From text to time expressions: a grammar (``rules.py``) over the codes of tokens (``tokens.py``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from allegedly.annotate.times.rules import GRAMMAR, TRIGGER
from allegedly.annotate.times.tokens import Word, words_of

_RUN = re.compile(r"[^_]+_?")
"""Codes up to a word of no code, which rules may look at."""


class Match(NamedTuple):
    """A time expression: the rule that found it, its words, and the codes of what comes before and after."""

    rule: str
    words: tuple[Word, ...]
    before: str
    after: str

    @property
    def codes(self) -> str:
        return "".join(word.code for word in self.words)

    def first(self, codes: str) -> Word | None:
        """Return the first word that has one of `codes`."""
        return next((word for word in self.words if word.code in codes), None)

    def all(self, codes: str) -> list[Word]:
        """Return the words that have one of `codes`."""
        return [word for word in self.words if word.code in codes]


def matches(text: str) -> Iterator[Match]:
    """Yield the time expressions of a paragraph, in order, not yet knowing what they are counted from."""
    words = words_of(text)
    codes = "".join([word.code for word in words])
    for run in _RUN.finditer(codes):
        if TRIGGER.search(run.group()):
            for found in GRAMMAR.finditer(codes, *run.span()):
                start, end = found.span()
                end -= _ends_sentence(words[start:end], text)
                inside = tuple([_whole_year(word) for word in words[start:end]])
                yield Match(str(found.lastgroup), inside, codes[:start][-3:], codes[end : end + 3])


def matches_within(match: Match) -> Iterator[Match]:
    """Yield the expressions inside one that has no reading as a whole: “hours on 13 August” holds a date."""
    words = match.words[1:]
    codes = "".join(word.code for word in words)
    for found in GRAMMAR.finditer(codes) if TRIGGER.search(codes) else ():
        start, end = found.span()
        yield Match(str(found.lastgroup), words[start:end], match.codes[0] + codes[:start], codes[end:] + match.after)


def _whole_year(word: Word) -> Word:
    return word._replace(code="y") if word.code == "j" else word


def match_of(words: tuple[Word, ...]) -> Match | None:
    """Return the expression that `words` are as a whole, or None: the ends of "from … to …" are read by themselves."""
    found = GRAMMAR.match("".join(word.code for word in words))
    return Match(str(found.lastgroup), words, "T", "") if found and found.end() == len(words) else None


def _ends_sentence(words: list[Word], text: str) -> bool:
    """True where the last of `words` is a full stop that no abbreviation needs ("in May.", but not "on 3 Dec.")."""
    if len(words) < 2 or words[-1].code != "." or words[-2].code == "G":
        return False
    before = text[words[-2].start : words[-2].end]
    return len(before) > 4 or before in ("May", "June", "July") or before[0].isdecimal()
