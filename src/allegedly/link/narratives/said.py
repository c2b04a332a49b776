"""What the words of a statement give away in fourteen languages: a denial, an own deed, its numbers."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from allegedly.link.narratives.numerals import numbers_told

_TOKEN = re.compile(r"(?:[^\W_]|[ऀ-ॣॱ-෿]|[̀-ًͯ-ْٰ‌])+(?:['’ʼ-](?:[^\W_])+)*")


class Said(NamedTuple):
    denials: int
    """Words of denial: denied, false, nothing to do with."""
    negations: int
    """Particles of negation."""
    own: bool
    """The speaker speaks of a deed of the own side: we, our."""
    numbers: frozenset[float]


def said(text: str, language: str) -> Said:
    """Read a statement in one of the languages listed; in others only its numbers are told."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("ʼ", "'")
    counts = {kind: len(p.findall(folded)) for kind, p in _patterns(language).items()}
    return Said(
        counts.get("denial", 0), counts.get("not", 0), counts.get("firsthand", 0) > 0, numbers_told(text, language)
    )


@lru_cache(maxsize=20)
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    found: dict[str, list[str]] = {}
    for line in files(__package__).joinpath("denials.tsv").read_text("utf-8").splitlines():
        code, _, rest = line.partition("\t")
        if code == language:
            kind, _, forms = rest.partition("\t")
            found.setdefault(kind, []).extend(_form(form) for form in forms.split())
    return {kind: _pattern(forms, language) for kind, forms in found.items()}


def _form(form: str) -> str:
    escaped = re.escape(unicodedata.normalize("NFKC", form).casefold())
    return escaped.replace(r"\*", r"\w*").replace("\\~", r"\s+").replace("~", r"\s+")


def _pattern(forms: list[str], language: str) -> re.Pattern[str]:
    """Return what finds any of the forms, the longest first; where a word begins is looked for once for all of them."""
    any_form = "|".join(sorted(forms, key=len, reverse=True))
    if language == "zh":
        return re.compile(any_form)
    prefix = {"ar": "[وف]?", "he": "[והבלכמש]?"}.get(language, "")
    return re.compile(rf"(?<!\w){prefix}(?:{any_form})(?!\w)")
