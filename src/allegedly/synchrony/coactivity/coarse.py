"""A key in SQL that is the same for any two texts that are the same once normal: a sieve that loads no text.

The key is coarser than the normal text, never finer: white space goes, and case goes further. What passes the sieve is
compared in Python, by the exact definition in `normal`.
"""

from __future__ import annotations

_CNT_ENDS = r" \x09-\x0d"
_SPACES = (*range(9, 14), *range(28, 32))
_ASCII_SPACE = r"\x09-\x0d\x1c-\x1f"
_WIDE_SPACE = r"\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
_LOWER = "lower(replace(replace(text, 'İ', 'i\u0307'), 'ς', 'σ'))"
"""Lower case that goes as far as Python's, where a last Σ becomes ς and İ two characters (Unicode SpecialCasing)."""


def with_key(relation: str, as_: str | None) -> str:
    """Return the relation with a column `key` made from its column `text`: 0 where the normal text is empty."""
    bare = _bare(relation, as_)
    return f"(SELECT *, CASE WHEN coalesce(bare, '') = '' THEN 0::UBIGINT ELSE hash(bare) END AS key FROM {bare})"


def _bare(relation: str, as_: str | None) -> str:
    """Add `bare`, the text without case, mentions, links and white space, in steps so that each is worked out once."""
    wide = f"(SELECT *, strlen(text) > length(text) AS wide FROM {relation})"
    lower = f"(SELECT *, CASE WHEN wide THEN {_LOWER} ELSE lower(text) END AS low FROM {wide})"
    kept = f"(SELECT *, {_without(as_)} AS kept FROM {lower})"
    return f"(SELECT *, {_unspaced()} AS bare FROM {kept})"


def _without(as_: str | None) -> str:
    """Out with mentions, and links where they do not count; the toolkit ends a mention at White_Space only."""
    if as_ == "cnt":
        return f"CASE WHEN contains(low, '@') THEN {_cut('@', _CNT_ENDS)} ELSE low END"
    cut = _cut("(?:@|https?://)", f" {_ASCII_SPACE}")
    return f"CASE WHEN contains(low, '@') OR contains(low, '://') THEN {cut} ELSE low END"


def _cut(start: str, ends: str) -> str:
    wide = f"regexp_replace(low, '{start}[^{ends}{_WIDE_SPACE}]*', '', 'g')"
    return f"CASE WHEN wide THEN {wide} ELSE regexp_replace(low, '{start}[^{ends}]*', '', 'g') END"


def _unspaced() -> str:
    odd = " OR ".join(f"contains(kept, chr({code}))" for code in _SPACES)
    odd += f" OR (wide AND regexp_matches(kept, '[{_WIDE_SPACE}]'))"
    every = f"regexp_replace(kept, '[ {_ASCII_SPACE}{_WIDE_SPACE}]+', '', 'g')"
    return f"CASE WHEN {odd} THEN {every} ELSE replace(kept, ' ', '') END"
