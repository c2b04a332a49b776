"""Place names that the recogniser passed over or took for somebody: found by gazetteer and the words around them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cache

from spacy.tokens import Doc
from spacy.tokens import Span as Tokens

from allegedly.annotate.places.gazetteer import countries, lookup
from allegedly.annotate.places.lexicon import words

CAPITALISED = r"[^\W\d_a-zß-öø-ÿ][\w’'.-]*\w"
TOWN = 5_000
"""People of a place that a name of something else may be a mistake for."""
_STATE = 300_000
"""People of a country whose name and capital every reader knows."""
_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_WORD = re.compile(rf"(?<![\w-]){_UPPER}[\w-]+")
_DATELINE = re.compile(rf"({_UPPER}(?:{_UPPER}|[ .'’-])+{_UPPER})\s*[,(—–-].*(?:[—–-]|/\.)$", re.DOTALL)


def located(text: str) -> Iterator[tuple[int, int]]:
    """Yield capitalised names after a locative preposition."""
    yield from (match.span(1) for match in _after_preposition().finditer(text))


@cache
def _after_preposition() -> re.Pattern[str]:
    prepositions = "|".join(sorted(words("locative")))
    return re.compile(rf"\b(?:{prepositions})\s+(?:the\s+)?({CAPITALISED}(?:\s+{CAPITALISED}){{0,3}})")


def told(text: str) -> Iterator[tuple[int, int]]:
    """Yield names that are told to be places, in the gazetteer or not: "the village of X", "the X crossing"."""
    for match in _told_pattern().finditer(text):
        yield match.span(1 if match[1] else 2)


@cache
def _told_pattern() -> re.Pattern[str]:
    kinds, sites = ("|".join(sorted(found)) for found in (words("types", "city"), words("sites")))
    name = rf"{CAPITALISED}(?:\s{CAPITALISED}){{0,2}}"
    return re.compile(rf"\b(?:{kinds})\s+of\s+({name})|\bthe\s+({name})\s+(?:{sites})\b")


def well_known(doc: Doc, text: str, people: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield states and capitals that the recogniser has not marked, or has taken for a person that nobody else names.

    `people` are the words of the full names of persons in the document.
    """
    for match in _WORD.finditer(text):
        for name in _well_known().get(match.group(), ()):
            start, end = match.start(), match.start() + len(name)
            if text.startswith(name, start) and name not in people:
                tokens = doc.char_span(start, end)
                if tokens is not None and _is_free(tokens):
                    yield start, end
                    break


@cache
def _well_known() -> dict[str, list[str]]:
    """Return the names of states and capitals by their first word, also in capitals as datelines have them."""
    large = [c for c in countries().values() if c.population >= _STATE]
    names = {name for c in large for name in (c.name, *c.capitals)} - words("also_people")
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names | {name.upper() for name in names}, key=lambda name: (-len(name), name)):
        first = _WORD.match(name)
        if first and len(name) > 3:
            found[first.group()].append(name)
    return dict(found)


def _is_free(tokens: Tokens) -> bool:
    """True where no other name holds `tokens`: they are a whole entity, or in none and next to no other name."""
    label = tokens[0].ent_type_
    if label:
        alone = tokens[0].ent_iob_ == "B" and (tokens.end == len(tokens.doc) or tokens.doc[tokens.end].ent_iob_ != "I")
        return label == "PERSON" and alone
    around = [tokens.doc[i] for i in (tokens.start - 1, tokens.end) if 0 <= i < len(tokens.doc)]
    return tokens.root.pos_ == "PROPN" and all(token.pos_ != "PROPN" for token in around)


def dateline(text: str) -> tuple[int, int] | None:
    """Return where the town in capitals stands that the dateline `text` opens with, or None."""
    match = _DATELINE.match(text)
    if match and any(not e.alternate and e.population >= TOWN for e in lookup(match[1])):
        return match.span(1)
    return None
