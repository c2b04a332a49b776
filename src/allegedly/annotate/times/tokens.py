"""The tokens of a paragraph, each with a one-letter code.

``words.tsv`` gives the code of each word or phrase; numbers and punctuation get theirs here:
``d`` one or two digits, ``y`` a year, ``j`` a year cut short ("’87"), ``n`` other numbers, ``#`` an ordinal, ``E`` a
decade, ``I`` a numeric date, ``G`` a.m. or p.m., ``Q`` "Q3" or "H1", ``X`` "FY18", ``;`` what ends a sentence or
quotes, ``_`` anything else. Other punctuation stands for itself (all dashes are ``-``).
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TENS = rf"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:{_ONES}))?"
_TEENS = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_WORD_YEAR = (
    rf"(?i:(?:eighteen|nineteen|twenty)[ -](?:hundred|{_TEENS}|{_TENS})"
    rf"|two thousand(?: and)? (?:{_TEENS}|{_TENS}|{_ONES}))\b"
)
_TOKENS = (
    r"\d{4}[-/]\d\d?[-/]\d\d?(?:T\d\d:\d\d(?::\d\d)?)?(?!\w)|\d\d?[/.]\d\d?[/.](?:\d{4}|\d\d)(?!\w)"
    r"|\d\d?-\d\d?-\d{4}(?!\w)|['’]?\d{2,4}['’]?s\b|['’]\d\d(?![\w'’])|\d+(?:st|nd|rd|th)\b|\d+(?:[.,]\d+)*"
    rf"|{_WORD_YEAR}|[QqHh][1-4]\b|FY['’]?(?:\d{{4}}|\d\d)\b|[ap]\.m\b\.?"
    r"|(?<=\d)[ap]m\b|(?<![\d,.]\d\d)(?<=\d)[ap]\b|(?<=\d )[ap]m\b|[AP]\.?M\b\.?"
    r"|o['’]clock|['’]s\b|[^\W\d_]+|[^\s\w]|_"
)
_TOKEN = re.compile(_TOKENS)
_DASHES = frozenset("-–—‐−~")
_PUNCTUATION = frozenset(",:./()&'’")
_ENDS = frozenset('?!;"“”…[]')
_CASED = frozenset({"may", "mar", "mon", "sun", "sat", "wed"})
"""Words that name a time only where they are written as the lexicon has them."""
_OPEN = "?"
"""The code of a word whose neighbours have still to say what it is."""


class Word(NamedTuple):
    """A token with its code, its value in the lexicon (or the number it is) and where it stands in the paragraph."""

    code: str
    value: str
    start: int
    end: int


@cache
def _lexicon() -> dict[str, tuple[str, str]]:
    path = files("allegedly.annotate.times") / "words.tsv"
    with path.open(encoding="utf-8") as lines:
        return {row["word"]: (row["code"], row["value"]) for row in csv.DictReader(lines, delimiter="\t")}


@cache
def _phrases() -> dict[str, list[str]]:
    """Return the entries of more than one word by their first word in small letters, the longest first."""
    found: dict[str, list[str]] = {}
    for entry in sorted((e for e in _lexicon() if _first(e) != e), key=len, reverse=True):
        found.setdefault(_first(entry).lower(), []).append(entry)
    return found


def _first(entry: str) -> str:
    found = re.match(r"[^\W\d_]+", entry)
    return found.group() if found else entry


def words_of(text: str) -> list[Word]:
    """Return the tokens of `text` with their codes."""
    words = [Word(*_code(m.group()), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    open_ones = [i for i, word in enumerate(words) if word.code == _OPEN]
    for i in reversed(open_ones):
        words[i : i + 1] = [_settled(words, i)]
        _swallow(words, i, text)
    return words


def _settled(words: list[Word], i: int) -> Word:
    """Return the word at `i` as its neighbours have it: "past" or "second"; any other as it is by itself."""
    word = words[i]
    after = [w.code for w in words[i + 1 : i + 3]] + ["", ""]
    before = words[i - 1] if i else word
    if word.value == "second":
        ordinal = (after[0] in "UWH" and after[0]) or after[1] == "M" or before.code in "Mm"
        ordinal = ordinal or (
            before.value in ("20", "30") and before.code == "w" and i > 1 and words[i - 2].code in "MmT"
        )
        return word._replace(code="#", value="2") if ordinal else word._replace(code="U", value="TS")
    if word.value == "past":
        counted = before.code in "dwH" or (before.code == "U" and before.value in ("Q", "TM"))
        clock = counted and after[0] in ("d", "w", "C") and after[1] != "U"
        return word._replace(code="+") if clock else word._replace(code="l", value="last")
    return word


def _swallow(words: list[Word], i: int, text: str) -> None:
    """Make the phrase of the lexicon that starts with the word at `i`, if there is one, into that one word."""
    word = words[i]
    for entry in _phrases().get(text[word.start : word.end].lower(), ()):
        end = word.start + len(entry)
        there = text[word.start : end].replace("’", "'")
        if (there == entry or there.lower() == entry) and not text[end : end + 1].isalnum():
            code, value = _lexicon()[entry]
            last = next(k for k in range(i, len(words)) if words[k].end >= end)
            words[i : last + 1] = [Word(code, value, word.start, end)]
            return
    if word.code == _OPEN:
        words[i] = word._replace(code=_plain(text[word.start : word.end])[0])


@lru_cache(maxsize=32_768)
def _code(text: str) -> tuple[str, str]:
    if text.lower() in _phrases() or text.lower() in ("second", "past"):
        return _OPEN, text.lower() if text.lower() in ("second", "past") else _plain(text)[1]
    return _plain(text)


def _plain(text: str) -> tuple[str, str]:
    """Return code and value of a word that its neighbours do not change."""
    if found := _lexicon().get(text):
        return found
    if text[0].isdecimal() or (text[0] in "'’" and len(text) > 1):
        return _number(text)
    if text[-1].isdecimal():
        return _short(text)
    if text in _DASHES:
        return "-", text
    if text in _PUNCTUATION or text in _ENDS:
        return ("," if text in "()" else ";" if text in _ENDS else text), text
    return _word(text)


def _short(text: str) -> tuple[str, str]:
    """Return code and value of "Q3", "H1" and "FY18"."""
    if text[0] in "qQhH":
        return ("Q", text.upper()) if text[0] in "qQ" or text[1] in "12" else ("_", text)
    digits = text.lstrip("FY'’")
    return "X", f"FY{digits if len(digits) == 4 else '20' + digits}"


def _word(text: str) -> tuple[str, str]:
    if 1 < len(text) < 5 and text[0] in "aApP" and text[1] in ".mM" and text.rstrip(".")[-1] in "mM":
        return "G", text[0].lower()
    if " " in text or text.lower().startswith(("nineteen-", "twenty-", "eighteen-")):
        return "y", _word_year(text.lower())
    return _lexicon().get(text.lower(), ("_", text)) if text.casefold() not in _CASED else ("_", text)


def _word_year(text: str) -> str:
    """Return the year that words stand for: "nineteen ninety-six", "two thousand and four"."""
    first, *rest = text.replace("-", " ").replace(" and ", " ").split()
    if rest[0] == "thousand":
        return str(2000 + _sum(rest[1:]))
    return str(_sum([first]) * 100 + (0 if rest[0] == "hundred" else _sum(rest)))


def _sum(words: list[str]) -> int:
    return sum(int(_lexicon()[word][1]) for word in words)


def _number(text: str) -> tuple[str, str]:
    digits = re.sub(r"\D", "", text)
    if text in ("'s", "’s"):
        return "'", text
    if text[0] in "'’" and len(text) == 3:
        return "j", ("20" if digits < "50" else "19") + digits
    if text.endswith("s") and digits.endswith("0"):
        full = digits if len(digits) == 4 else "19" + digits
        return ("E", full[:3]) if len(full) == 4 and "1" <= full[0] <= "2" else ("n", digits)
    if text.endswith(("st", "nd", "rd", "th")):
        return ("#", str(int(digits))) if len(digits) < 3 and int(digits) <= 31 else ("_", digits)
    if not text.isdecimal():
        return ("I", text) if re.search(r"\d[-/.]\d+[-/.]\d", text) else ("n", text.replace(",", ""))
    if len(text) == 4 and "1000" <= text <= "2199":
        return "y", text
    return ("d" if len(text) <= 2 else "n"), text
