"""Which 8-bit encoding some bytes are in, judged from the words they make. Works from one short sentence on.

Each candidate is scored by how ordinary its non-ASCII characters are: frequent letters of the languages it serves,
letters of one script within a word, capitals only where capitals stand. The letters named are the most frequent ones
of running text in those languages (order of frequency is common knowledge, e.g. any cryptography primer).
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice, pairwise

_CYRILLIC = "оеаинтсрвлкмду"
_LATIN_WEST = "éèêëàâäáãåçñóòôöõøíìîïúùûüßæœ"
_LATIN_CENTRAL = "áéíóúýčďěňřšťůžąćęłńśźżöüőűäôľĺŕăâîșțđß"
FREQUENT = {
    "windows-1252": _LATIN_WEST,
    "windows-1251": _CYRILLIC,
    "koi8-r": _CYRILLIC,
    "windows-1256": "اليمنورتبهدسعف",
    "windows-1250": _LATIN_CENTRAL,
    "windows-1254": "ışğçöüâîû",
    "windows-1253": "αοιετνσηρπκμλυάίόέήύς",
    "windows-1255": "יוהלאתמרבשנדעקם",
    "koi8-u": _CYRILLIC + "ії",
    "cp866": _CYRILLIC,
    "iso-8859-2": _LATIN_CENTRAL,
    "iso-8859-5": _CYRILLIC,
}
_PRIOR = {"windows-1252": 0.15, "windows-1251": 0.1, "windows-1256": 0.1, "koi8-r": 0.05}
_OPENING = frozenset("“„‘‚«‹¿¡")
_INSIDE = frozenset("’–—·\u00a0\u00ad\u200c\u200d")
_PUNCTUATION = _OPENING | _INSIDE | frozenset("”»›…°§№€£،؛؟")
_WORD = re.compile(rb"[A-Za-z]{0,30}[\x80-\xff][A-Za-z\x80-\xff]{0,30}")
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_ENOUGH = 0.35
_MULTIBYTE = {"gb18030", "gb2312", "gbk", "big5", "big5hkscs", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949"}


def guess(raw: bytes) -> str:
    """Return the likeliest legacy encoding of `raw`, or nothing when no candidate makes ordinary words."""
    words = [match[0] for match in islice(_WORD.finditer(raw), 2000)]
    scores = {name: _score(words, name, frozenset(letters)) for name, letters in FREQUENT.items()}
    if _is_latin_with_specks(raw):
        scores = {name: score for name, score in scores.items() if name in ("windows-1252", "windows-1250")}
    best = max(scores, key=lambda name: scores[name] + _PRIOR.get(name, 0))
    return best if scores[best] >= _ENOUGH else _multibyte(raw)


def _is_latin_with_specks(raw: bytes) -> bool:
    """A few high bytes in a Latin text do not make it Cyrillic or Arabic."""
    high = len(raw) - len(raw.translate(None, bytes(range(128, 256))))
    return high < 8 and high < len(_ASCII_LETTER.findall(raw[:65536]))


def _score(words: list[bytes], encoding: str, frequent: frozenset[str]) -> float:
    """Mean ordinariness, from -1 to 1, of the non-ASCII characters that `encoding` makes of `words`."""
    try:
        decoded = [word.decode(encoding) for word in words]
    except UnicodeDecodeError:
        return -1.0
    marks = [mark for word in decoded for mark in _marks(word, frequent)]
    return sum(marks) / len(marks) if marks else -1.0


def _marks(word: str, frequent: frozenset[str]) -> list[float]:
    letters = "".join(c for c in word if c.isalpha())
    fault = _mixes_scripts(letters) or _misplaces_capitals(letters) or _piles_accents(letters)
    return [
        _punctuation(word, at) if char in _PUNCTUATION else _letter(char, frequent, fault)
        for at, char in enumerate(word)
        if not char.isascii()
    ]


def _letter(char: str, frequent: frozenset[str], fault: bool) -> float:
    if fault or not (char.isalpha() or unicodedata.combining(char)):
        return -1.0
    return 1.0 if char.lower() in frequent else 0.2


def _punctuation(word: str, at: int) -> float:
    """Punctuation stands at a word's edges, and what opens stands before it."""
    before, after = word[:at][-1:].isalpha(), word[at + 1 :][:1].isalpha()
    if word[at] in _INSIDE:
        return 0.5
    if before and after:
        return -1.0
    return 1.0 if word[at] in _OPENING and after else 0.5


def _mixes_scripts(letters: str) -> bool:
    return len({_script(c) for c in letters}) > 1


def _script(char: str) -> str:
    return "LATIN" if char.isascii() else unicodedata.name(char, "?").partition(" ")[0]


def _misplaces_capitals(letters: str) -> bool:
    return any(a.islower() and b.isupper() for a, b in pairwise(letters)) or (
        len(letters) > 2 and letters[:2].isupper() and not letters.isupper()
    )


def _piles_accents(letters: str) -> bool:
    """Latin words are not made of accented letters alone, but for one small letter such as à."""
    accented = [not c.isascii() and _script(c) == "LATIN" for c in letters]
    return all(accented) and (len(letters) > 1 or letters != letters.lower())


def _multibyte(raw: bytes) -> str:
    """East Asian encodings, as charset-normalizer sees them; only where there is enough to judge by."""
    from charset_normalizer import from_bytes

    if sum(map(len, _WORD.findall(raw[:65536]))) < 24:
        return ""
    best = from_bytes(raw[: 65536 // 2 * 2], cp_isolation=sorted(_MULTIBYTE)).best()
    return best.encoding if best and best.encoding in _MULTIBYTE else ""
