"""Numbers of people as bounds: "at least 12" is 12 or more, "dozens" 24 or more, "no" nought, "a guard" one."""

from __future__ import annotations

import re
from typing import NamedTuple

from allegedly.annotate.events.harm import harm
from allegedly.annotate.tree import Tree

_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_UNITS += ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: n for n, word in enumerate(_UNITS)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12}
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")
_MOST = 10**10


class Count(NamedTuple):
    """Inclusive bounds; None where the text sets none."""

    min: int | None
    max: int | None


def number(words: list[str]) -> int | None:
    """Return the number that `words` spell ("1,200", "twenty-three", "two hundred"), or None."""
    total, current, seen = 0.0, 0.0, False
    for word in (part for w in words for part in w.lower().split("-")):
        if word in _WORDS:
            current, seen = current + _WORDS[word], True
        elif word in _SCALES and (seen or word != "dozen" or len(words) == 1):
            current, seen = (current or 1) * _SCALES[word], True
            total, current = (total + current, 0.0) if _SCALES[word] >= 1000 else (total, current)
        elif _DIGITS.fullmatch(word):
            current, seen = current + float(word.replace(",", "")), True
        elif word not in {"and", "a"}:
            return None
    return int(total + current) if seen and total + current < _MOST else None


def count_of(tree: Tree, head: int) -> tuple[Count, int] | None:
    """Return how many the noun phrase headed by `head` counts, and the token where the counting begins; None for none.

    A bare plural ("civilians") counts nothing; a bare singular counts one.
    """
    numbers = [k for k in tree.kids[head] if tree.deps[k] in {"nummod", "amod"} and _is_number(tree, k)]
    numbers = numbers or ([head] if tree.tags[head] in {"CD", "LS"} else [])
    numbers = numbers or [k for k in tree.kids[head] if tree.deps[k] == "compound" and tree.lowers[k] in _WORDS]
    if numbers and _is_date(tree, numbers[0]) and head:
        numbers = [head - 1] if tree.tags[head - 1] == "CD" and not _is_date(tree, head - 1) else []
    if numbers and tree.lowers[min(numbers[0] + 1, len(tree) - 1)] in {"more", "further", "additional"}:
        return None  # added to a count told before
    if numbers and numbers[0] and tree.lowers[numbers[0]] == "one" and tree.lowers[numbers[0] - 1] == "not":
        return Count(0, 0), numbers[0] - 1
    if numbers:
        return _numbered(tree, numbers[0])
    return _worded(tree, head)


def _is_number(tree: Tree, k: int) -> bool:
    """Whether a modifier is a number, also one that the tagger takes for an adjective, as at the head of a sentence."""
    return tree.tags[k] == "CD" or (tree.deps[k] == "nummod" and tree.lowers[k] in _WORDS)


def _numbered(tree: Tree, at: int) -> tuple[Count, int] | None:
    parts = sorted(k for k in tree.subtree(at) if tree.tags[k] == "CD" or tree.lowers[k] in _SCALES)
    parts = parts or [at]  # "Sixteen", which a tagger takes for a name at the head of a sentence
    parts = _run_of(tree, at, parts)
    joint = {tree.lowers[k] for k in range(parts[0] + 1, parts[-1])}
    spelled = tree.lowers[parts[0]] in _TENS
    if (joint & {"to", "-", "–", "or"} and not spelled) or (
        "and" in joint and parts[0] and tree.lowers[parts[0] - 1] == "between"
    ):
        return _ranged(tree, parts, min(parts[0], _hedge_start(tree, parts[0])))
    first = min([at, *(k for k in tree.subtree(at) if tree.heads[k] == at or k == at)])
    value = number([tree.words[k] for k in parts])
    if value is None:
        return None
    if parts[0] and tree.lowers[parts[0]] in _SCALES and tree.lowers[parts[0] - 1] in {"several", "many", "few"}:
        return Count(value * harm().quantity[tree.lowers[parts[0] - 1]], None), parts[0] - 1
    before = " ".join(tree.lowers[max(0, at - 4) : at])
    first = min(first, _hedge_start(tree, at))
    return _bounded(value, before, " ".join(tree.lowers[at + 1 : at + 3])), first


def _run_of(tree: Tree, at: int, parts: list[int]) -> list[int]:
    """Return those of `parts` that make one number with `at`: not “three” of “40 who were held in three cells”."""
    run = [at] if at in parts else parts[:1]
    for part in parts:
        gap = [tree.lowers[k] for k in range(run[-1] + 1, part)] if part > run[-1] else ["…"]
        if _JOINTS.issuperset(gap):
            run.append(part)
    for part in reversed(parts):
        if part < run[0] and _JOINTS.issuperset(tree.lowers[part + 1 : run[0]]):
            run.insert(0, part)
    return run


def _is_date(tree: Tree, i: int) -> bool:
    """True for the number of “13 August” and of “August 13”, not for “nine” of “in April nine died”."""
    if not tree.words[i][:1].isdigit():
        return False
    if not _MONTHS.isdisjoint(tree.lowers[i + 1 : i + 2]):
        return True
    return i > 0 and tree.lowers[i - 1] in _MONTHS and (i < 2 or tree.tags[i - 2] != "CD")


_JOINTS = frozenset({"-", "–", "and", "to", "or", "a"})
_MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)


def _ranged(tree: Tree, parts: list[int], first: int) -> tuple[Count, int] | None:
    values = [v for k in parts if (v := number([tree.words[k]])) is not None]
    return (Count(min(values), max(values)), first) if len(values) == 2 else None


_HEDGES = {
    "at",
    "least",
    "more",
    "than",
    "over",
    "up",
    "to",
    "as",
    "many",
    "about",
    "around",
    "some",
    "nearly",
    "almost",
    "fewer",
}
_HEDGES |= {"less", "under", "roughly", "approximately", "only", "most", "another", "a", "total", "of", "upwards", "no"}


def _hedge_start(tree: Tree, at: int) -> int:
    while at and tree.lowers[at - 1] in _HEDGES:
        at -= 1
    return at


def _bounded(value: int, before: str, after: str) -> Count:
    if re.search(r"\b(at least|as many as|no fewer than|no less than|upwards of)( \w+)?$", before):
        return Count(None, value) if "as many" in before else Count(value, None)
    if re.search(r"\b(up to|at most|nearly|almost|no more than)( an?)?$", before):
        return Count(None, value)
    if re.search(r"\b(more than|over|above|in excess of)( an?)?$", before):
        return Count(value + 1, None)
    if re.search(r"\b(fewer than|less than|under)( an?)?$", before):
        return Count(None, max(0, value - 1))
    return Count(value, None) if after.startswith("or more") else Count(value, value)


_ORDINAL = re.compile(r"second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\w+teenth|\d+(?:st|nd|rd|th)")
_EXACT = frozenset({"dozen", "hundred", "thousand", "million"})


def _not_one(tree: Tree, determiners: list[int]) -> bool:
    """True for "not a single soldier" and "not one soldier"."""
    first = min((k for k in determiners if tree.lowers[k] in {"a", "one"}), default=0)
    return first > 0 and tree.lowers[first - 1] == "not"


def _half_a_dozen(tree: Tree, head: int) -> int | None:
    """Return where "half a dozen" begins before `head`, or None."""
    first = tree.base(head)
    words = tree.lowers[max(0, first - 1) : head]
    for i in range(len(words) - 2):
        if words[i : i + 3] == ["half", "a", "dozen"]:
            return max(0, first - 1) + i
    return None


def _worded(tree: Tree, head: int) -> tuple[Count, int] | None:
    quantity = harm().quantity
    determiners = [k for k in tree.kids[head] if tree.deps[k] in {"det", "amod", "nummod", "nmod", "compound", "neg"}]
    if any(_ORDINAL.fullmatch(tree.lowers[k]) for k in determiners):
        return None  # "a fifth victim" comes after four told before
    if _not_one(tree, determiners):
        return Count(0, 0), min(determiners)
    if tree.tags[head] == "NNS" and any(tree.lowers[k] == "both" for k in determiners):
        return Count(2, 2), min(determiners)
    if (half := _half_a_dozen(tree, head)) is not None:
        return Count(6, 6), half
    for k in sorted(determiners):
        if tree.lowers[k] in {"no", "zero"}:
            return Count(0, 0), k
        if tree.lowers[k] in quantity:
            if tree.lowers[k - 1 : k] == ["how"]:
                return None  # asked, not told
            exact = tree.lowers[k] in _EXACT and tree.lowers[k - 1 : k] in (["a"], ["one"])
            value = quantity[tree.lowers[k]]
            if exact:
                return _bounded(value, " ".join(tree.lowers[max(0, k - 5) : k - 1]), ""), _hedge_start(tree, k)
            return Count(value, None), _hedge_start(tree, k)
    if tree.lowers[head] in quantity and tree.lowers[head].endswith("s"):
        return Count(quantity[tree.lowers[head]], None), head
    if tree.lowers[head] in {"none", "nobody", "no-one"}:
        return Count(0, 0), head
    if tree.lowers[head] == "dozen":
        first = min([head, *determiners])
        return _bounded(12, " ".join(tree.lowers[max(0, head - 4) : head]), ""), _hedge_start(tree, first)
    if tree.lemmas[head] == "couple" and tree.tags[head] == "NN":
        return Count(2, 2), min([head, *determiners])
    if tree.lowers[head] == "another" and tree.deps[head].startswith("nsubj"):
        return Count(1, 1), head
    if tree.tags[head] in {"NN", "NNP"}:
        return Count(1, 1), min([head, *determiners])
    return None
