"""From text to time expressions: tokens become one-letter codes, and a grammar over the codes finds the expressions.

``words.tsv`` gives the code of each word; numbers and punctuation get theirs here:
``d`` one or two digits, ``y`` a year, ``n`` other numbers, ``#`` an ordinal, ``E`` a decade, ``I`` a numeric date,
``G`` a.m. or p.m., ``_`` anything else. Punctuation stands for itself (all dashes are ``-``).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

_TOKENS = (
    r"\d{4}[-/]\d\d?[-/]\d\d?(?:T\d\d:\d\d(?::\d\d)?)?(?!\w)|\d\d?[/.]\d\d?[/.](?:\d{4}|\d\d)(?!\w)"
    r"|['’]?\d{2,4}['’]?s\b|\d+(?:st|nd|rd|th)\b|\d+(?:[.,]\d+)*"
    r"|[Qq][1-4]\b|[ap]\.m\b\.?|(?<=\d)[ap]m\b|(?<=\d )[ap]m\b|[AP]\.?M\b\.?|o['’]clock|[^\W\d_]+|[^\s\w]|_"
)
_DASHES = frozenset("-–—‐−~")
_PUNCTUATION = frozenset(",:./()&'’")

_MONTH_DAY = r"[Mm]\.?[-/]?T?(?:w-?)?[d#](?![:G\d])(?:,?oy|[-/,]?y(?!-?U))?"
_DAY_MONTH = r"T?(?:w-?)?[d#](?:o?T?|[-/])[Mm]\.?(?:[-/]?,?o?y(?!-?U))?|y[-/][Mm][-/]d"
_DATE = rf"(?:(?:W\.?,?)?(?:{_MONTH_DAY}|{_DAY_MONTH})|I|J(?:,?o?y)?|W\.?,?T?(?:w-?)?#)"
_DAY = rf"(?:{_DATE}|D|T?[lxh]?W)"
_WEEK_DAY = r"(?:T?[hlx]U(?:\^|,)?W|Wo?T?[hlx]U)"
_CLOCK = r"(?:d(?::d){1,2}G?z?|[dn]G[z.]?|w?[dw]K|[yn]z|[dw](?=iTS)|C)"
_HOUR = r"(?:d(?::d)?G?|wK?|C)"
_NUMBER = r"(?:Afo?|fo?|HA|AH|A|y|[dw]&A?H|[dn](?=-?[Ulx])|w(?:-?w)*|H)"
_HALF = r"(?:&A?H)?"
_THING = r"(?=[TAhdwfJ#]|\Z)"
_WHOLE = r"(?:M\.?(?:[-/,]?[oi]?y)?|Q-?o?y|yQ|T?[hlx]U|y|T?U|T?Z(?:o?y)?)"
_TO = r"(?:>|-)"
_POINT = rf"(?:{_DATE}|D|P|T?[lxh]?W|T?[BF]-?o?{_WHOLE}|{_WHOLE})"

_RULES = {
    "shortly": r"[pP](?:[ab](?![TF]*[CSDdwWMmIJ])|r)",
    "code": r"P",
    "range_days": rf"<?[Mm]\.?[d#]{_TO}[d#](?![:G\d])(?:,?y)?|=[Mm]\.?[d#]&[d#](?:,?y)?"
    rf"|<?T?[d#]{_TO}T?[d#]o?[Mm](?:,?o?y)?|=T?[d#]&T?[d#]o?[Mm](?:,?o?y)?",
    "night_range": rf"T?F?S(?:o|\^)T?[d#]{_TO}[d#]o?M(?:,?o?y)?|T?F?S(?:o|\^)M\.?[d#]{_TO}[d#](?:,?y)?",
    "range_dates": rf"<?{_DATE}{_TO}{_DATE}|={_DATE}&{_DATE}|<T?[lxh]?W{_TO}T?[lxh]?W|=W&W",
    "range_months": rf"<?M\.?(?:,?y)?{_TO}M\.?(?:,?y)?(?![d#])|=M\.?(?:,?y)?&M\.?(?:,?y)?(?![d#])",
    "range_points": rf"<{_POINT}{_TO}{_POINT}|={_POINT}[&>-]{_POINT}",
    "week_day": _WEEK_DAY,
    "range_years": rf"<?y{_TO}[yd](?!-?U)|=y&y",
    "range_clock": rf"[<=@]?{_HOUR}[->&]{_CLOCK}(?:(?:\^|o)?{_DAY}|iTS)?|{_DAY}S?,?[<=@]?{_HOUR}[->&]{_CLOCK}",
    "clock_day": rf"@?F?{_CLOCK}(?:i?TS|S)?,?(?:\^|oT?)?{_DAY}S?|{_DAY}S?,?@?{_CLOCK}",
    "day_off": r"[TAwd]U[ba]D",
    "part_day": rf"(?:iT|@)?T?F?-?S(?:\^|o|,)?T?F?{_DAY}|T?FUo(?:{_DAY})|T?F?{_DAY},?F?S|N",
    "day_date": _DATE,
    "week_of": rf"T?(?:#|[lh])[UW]o{_WHOLE}|T?#oT?M",
    "edge": rf"T?[BF]-?o?{_WHOLE}",
    "count_date": rf"[TkA]?(?:{_NUMBER})?U[ba](?:T?{_DATE}|T?[lxh]?W)",
    "count_thing": rf"k?{_NUMBER}-?U{_HALF}[ba]{_THING}",
    "counted": rf"k?{_NUMBER}-?U{_HALF}[gerb]|U[er]|i{_NUMBER}UTi?U?z|{_NUMBER}U<P",
    "in_count": rf"i{_NUMBER}U(?!-?q)",
    "stretch": rf"T?[lx]{_NUMBER}?-?U|T?{_NUMBER}[lx]U",
    "unit_off": r"TU(?:ax|bl)",
    "beside": r"TU[ba]",
    "part_beside": r"TF?S[ba]",
    "in_unit": r"[erF]iTU(?!W)",
    "deictic": rf"T?[lxh](?:[UZS]|M\.?)(?:o(?:y|D))?|{_DAY}",
    "season": r"T?F?-?Z(?:o|,)?T?(?:y|[hlx]U)",
    "week_number": r"Ud(?!\d|[:.]\d)(?:oy)?",
    "quarter": r"Q-?(?:o?(?:y|T?[lxh]U))?|y-?Q|T?#-?U(?:oT?(?:y|[hlx]U)|,?y)?",
    "decade": r"T?F?-?E",
    "from_day": rf"{_NUMBER}U<(?:D|T?[lxh]?W)",
    "set": r"v|V(?:H|#)?(?:U|W|S|{n}U)|R".replace("{n}", _NUMBER),
    "month": r"M\.?(?:[-/,]?[oi]?y)?",
    "duration": rf"k?{_NUMBER}-?U{_HALF}",
    "whole_unit": r"(?:iT|T)U(?![A-Za-z#&^@-])",
    "year": r"y",
    "clock": rf"@{{0,2}}{_CLOCK}(?:iTS)?|(?:iT|[@YT])F?S",
}
_GRAMMAR = re.compile("|".join(f"(?P<{name}>{rule})" for name, rule in _RULES.items()))
_TRIGGER = re.compile(r"[WMmSZUDNCPEIRyKvJQ]|[dn]G|d:d")


class Word(NamedTuple):
    """A token with its code, its value in the lexicon (or the number it is) and where it stands in the paragraph."""

    code: str
    value: str
    start: int
    end: int


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


@cache
def _lexicon() -> dict[str, tuple[str, str]]:
    path = files("allegedly.annotate.times") / "words.tsv"
    with path.open(encoding="utf-8") as lines:
        return {row["word"]: (row["code"], row["value"]) for row in csv.DictReader(lines, delimiter="\t")}


@cache
def _token() -> re.Pattern[str]:
    holidays = sorted((word for word, (code, _) in _lexicon().items() if code == "J"), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, holidays))})\b|{_TOKENS}")


def words_of(text: str) -> list[Word]:
    """Return the tokens of `text` with their codes."""
    lexicon = _lexicon()
    words = [
        Word(*(lexicon.get(w) or _code(w)), m.start(), m.end()) for m in _token().finditer(text) if (w := m.group())
    ]
    for i in [i for i, word in enumerate(words[:-1]) if word.value == "TS" and word.end - word.start == len("second")]:
        if words[i + 1].code in "UW" or (i + 2 < len(words) and words[i + 2].code == "M"):
            words[i] = words[i]._replace(code="#", value="2")
    return words


@lru_cache(maxsize=32_768)
def _code(text: str) -> tuple[str, str]:
    if text[0].isdecimal() or (text[0] in "'’" and len(text) > 1):
        return _number(text)
    if text[0] in "qQ" and text[-1].isdecimal():
        return "Q", text[1]
    if text in _DASHES:
        return "-", text
    if text in _PUNCTUATION:
        return ("," if text in "()" else text), text
    if len(text) > 1 and text[0] in "aApP" and text[1] in ".mM" and text.rstrip(".")[-1] in "mM" and len(text) < 5:
        return "G", text[0].lower()
    return _lexicon().get(text.lower(), ("_", text)) if text.casefold() not in _CASED else ("_", text)


_CASED = frozenset({"may", "mar", "mon", "sun", "sat", "wed"})
"""Words that name a time only where they are written as the lexicon has them."""


def _number(text: str) -> tuple[str, str]:
    digits = re.sub(r"\D", "", text)
    if text.endswith("s") and digits.endswith("0"):
        full = digits if len(digits) == 4 else "19" + digits
        return ("E", full[:3]) if len(full) == 4 and "1" <= full[0] <= "2" else ("n", digits)
    if text.endswith(("st", "nd", "rd", "th")):
        return ("#", digits) if len(digits) < 3 and int(digits) <= 31 else ("_", digits)
    if not text.isdecimal():
        return ("I", text) if re.search(r"\d[-/.]\d+[-/.]\d", text) else ("n", text.replace(",", ""))
    if len(text) == 4 and "1000" <= text <= "2199":
        return "y", text
    return ("d" if len(text) <= 2 else "n"), text


def matches(text: str) -> Iterator[Match]:
    """Yield the time expressions of a paragraph, in order, not yet knowing what they are counted from."""
    words = words_of(text)
    codes = "".join([word.code for word in words])
    for run in re.finditer(r"[^_]+", codes):
        if _TRIGGER.search(run.group()):
            for found in _GRAMMAR.finditer(codes, *run.span()):
                start, end = found.span()
                end -= _ends_sentence(words[start:end], text)
                yield Match(str(found.lastgroup), tuple(words[start:end]), codes[:start][-3:], codes[end : end + 3])


def match_of(words: tuple[Word, ...]) -> Match | None:
    """Return the expression that `words` are as a whole, or None: the ends of "from … to …" are read by themselves."""
    found = _GRAMMAR.match("".join(word.code for word in words))
    return Match(str(found.lastgroup), words, "T", "") if found and found.end() == len(words) else None


def _ends_sentence(words: list[Word], text: str) -> bool:
    """True where the last of `words` is a full stop that no abbreviation needs ("in May.", but not "on 3 Dec.")."""
    if len(words) < 2 or words[-1].code != "." or words[-2].code == "G":
        return False
    before = text[words[-2].start : words[-2].end]
    return len(before) > 4 or before in ("May", "June", "July") or before[0].isdecimal()
