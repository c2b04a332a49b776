"""Numbers that a statement tells, in digits of any script or words of fourteen languages, without dates and clocks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

_TOKEN = re.compile(
    r"\d+(?::\d\d)+"
    r"|\d+(?:[.,  ’'٬]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,٫]\d+)?"
    r"|(?:[^\W\d_]|[ऀ-ॣॱ-෿])+(?:['’‌](?:[^\W\d_])+)*"
    r"|[^\w\s]"
)
_LINKS = frozenset("and & - – und et y e и й та і و ve və ו".split())
_YEARS = range(1800, 2101)
_HAN = re.compile(r"[零〇一二两兩三四五六七八九十百千万萬亿億]+")
_HAN_ALONE = frozenset("一零〇百千万萬亿億")
"""Said alone they tell no number: 一 is an article, the others parts of words."""
_HAN_ENDS = ("年", "月", "日", "号", "號", "点", "點", "时", "時")
"""What a date and a clock are told in."""
_GROUPS = re.compile(r"\d{1,3}(?:[.,  ’'٬]\d{3})+")


class _Run:
    """A number as its words are read one after another: “two hundred and six thousand”."""

    def __init__(self) -> None:
        self.whole, self.part, self.any, self.linked = 0.0, 0.0, False, False

    def takes(self, value: float) -> bool:
        """Add the next word where it goes on with the number; return whether it does."""
        if not self.any:
            self.part, self.any = value, True
        elif value >= 1000:
            self.whole, self.part = self.whole + max(self.part, 1) * value, 0.0
        elif value == 100 and 0 < self.part < 20:
            self.part *= value
        elif value == 20 and self.part == 4:
            self.part = 80.0
        elif (self.part in (60, 80) and value < 20) or self._below(value) or self._inverted(value):
            self.part += value
        else:
            return False
        self.linked = False
        return True

    def _below(self, value: float) -> bool:
        size = 10 ** len(str(int(value)))
        return self.part % size == 0 and (self.part > 0 or self.whole > 0) and value == int(value)

    def _inverted(self, value: float) -> bool:
        return self.linked and 0 < self.part % 100 < 10 and 20 <= value <= 90 and value % 10 == 0

    @property
    def value(self) -> float:
        return self.whole + self.part


def numbers_told(text: str, language: str) -> frozenset[float]:
    """Return the numbers above one that `text` tells, without years, days of a month and times of day."""
    found = set(_spelled(text) if language == "zh" else ())
    words, months = _words(language), _months()
    run, before = _Run(), ""
    tokens = [t.casefold() for t in _TOKEN.findall(unicodedata.normalize("NFKC", text))]
    for place, token in enumerate(tokens):
        beside = {before, *tokens[place + 1 : place + 3]}
        for value in _values(token, words, bool(beside & months), tokens[place + 1 : place + 2]):
            run.linked |= token[0] in "וو"
            if (token[0].isdigit() and run.any) or not run.takes(value):
                found.add(run.value)
                run = _Run()
                run.takes(value)
            break
        else:
            if token in _LINKS and run.any:
                run.linked = True
            elif run.any:
                found.add(run.value)
                run = _Run()
        before = token
    return frozenset(v for v in {*found, run.value} if v > 1)


def _values(token: str, words: dict[str, float], dated: bool, after: list[str]) -> Iterator[float]:
    if token[0].isdigit():
        value = _figure(token)
        if value is not None and not (dated and value <= 31) and not any(a[:1] in _HAN_ENDS for a in after):
            yield value
    elif token in words:
        yield words[token]
    elif token[0] in "وו" and token[1:] in words:
        yield words[token[1:]]
    elif (value := _compound(token)) is not None and "zwei" in words:
        yield value


def _figure(token: str) -> float | None:
    """Return what digits tell; None for a clock and for what looks like a year."""
    if ":" in token:
        return None
    plain = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in token)
    grouped = _GROUPS.match(plain)
    if grouped and not (grouped.end() < len(plain) and plain[grouped.end()].isdigit()):
        plain = re.sub(r"\D", "", grouped[0]) + plain[grouped.end() :]
    try:
        value = float(plain.replace(",", ".").replace("٫", "."))
    except ValueError:
        return None
    return None if value in _YEARS and len(token) == 4 else value


@lru_cache(maxsize=50_000)
def _compound(token: str) -> float | None:
    """Return the number that a German compound spells (sechsundvierzig), None where it spells none."""
    words, run, rest = _words("de"), _Run(), token
    while rest:
        if rest.startswith("und") and run.any:
            run.linked, rest = True, rest[3:]
        elif rest.startswith("ein") and not run.any and len(rest) > 3:
            run.takes(1.0)
            rest = rest[3:]
        else:
            part = next((rest[:n] for n in range(len(rest), 2, -1) if rest[:n] in words), None)
            if part is None or not run.takes(words[part]):
                return None
            rest = rest[len(part) :]
    return run.value if run.any else None


def _spelled(text: str) -> Iterator[float]:
    """Yield the numbers told in Chinese numerals."""
    words = _words("zh")
    for match in _HAN.finditer(text):
        if match[0] in _HAN_ALONE or text[match.end() : match.end() + 1] in _HAN_ENDS:
            continue
        whole = part = digit = 0.0
        for value in (words.get(c, 0.0) for c in match[0]):
            if value >= 10_000:
                whole, part, digit = (whole + part + digit) * value, 0.0, 0.0
            elif value >= 10:
                part, digit = part + max(digit, 1) * value, 0.0
            else:
                digit = value
        yield whole + part + digit


@lru_cache(maxsize=20)
def _words(language: str) -> dict[str, float]:
    rows = (line.split("\t") for line in _lines("numerals.tsv"))
    return {word: float(value) for code, value, forms in rows if code == language for word in forms.split()}


@lru_cache(maxsize=1)
def _months() -> frozenset[str]:
    return frozenset(word for line in _lines("months.txt") for word in line.split())


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath(name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
