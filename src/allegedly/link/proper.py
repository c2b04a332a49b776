"""Proper names as they stand in a text, whether or not anything known bears them: a camp, a ship, a colliery."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from allegedly.annotate.places.gazetteer import country_of
from allegedly.link.words import stopwords
from allegedly.records import slug

_TOKEN = re.compile(r"[^\W\d_][\w’'-]*|\d+|[^\w\s]|\n")
_ACCENT = re.compile("[\u0300-\u036f]")
_ENDS = frozenset('.!?:;“”"\n')
"""Signs after which a capital says nothing."""
_CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december".split()
)


def name_key(name: str) -> str:
    """Return what `name` goes by when names are compared: its slug without accents and the Arabic article."""
    return slug(_ACCENT.sub("", unicodedata.normalize("NFKD", name))).removeprefix("al-")


def proper_names(text: str) -> Counter[str]:
    """Count the names in `text`: runs of capitalised words.

    Countries, days and what only begins a sentence are left out.
    """
    first, found = Counter[str](), Counter[str]()
    for begins, run in _runs(text):
        words = [w.removesuffix("'s").removesuffix("’s") for w in run]
        while words and (words[0].casefold() in stopwords() or words[0].isdigit()):
            words, begins = words[1:], False
        name = " ".join(words)
        if name and not country_of(name) and name.casefold() not in _CALENDAR:
            (first if begins and len(words) == 1 else found)[name_key(name)] += 1
    found.update({name: n for name, n in first.items() if name in found})
    return found


def _runs(text: str) -> list[tuple[bool, list[str]]]:
    """Return the runs of capitalised words, each with whether it begins a sentence."""
    runs: list[tuple[bool, list[str]]] = []
    before, open_run = ".", False
    for token in _TOKEN.findall(text):
        named = token[0].isupper() or (open_run and token.isdigit())
        if named and open_run:
            runs[-1][1].append(token)
        elif named:
            runs.append((before in _ENDS, [token]))
        before, open_run = token, named
    return runs
