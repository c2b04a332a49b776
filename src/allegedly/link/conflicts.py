"""Conflicts: where two accounts of one event cannot both hold, or differ in number or degree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product

from allegedly.annotate.actors.kinds import kind_of_noun
from allegedly.link.accounts import NOT
from allegedly.link.clock import Interval, interval
from allegedly.link.general import head, is_general, same_kind
from allegedly.records import Account, Conflict, ConflictKind, Facet, content_id, slug

MOST_COMPARED = 40
"""How many positions on one facet are compared with one another; the earliest ones."""
UPDATE_SECONDS = 6 * 3600
"""A higher count that comes later than this is an update, unless somebody sets the two side by side."""
APART = 2
"""How many degrees make a conflict: one may be a matter of words."""

_Position = Sequence[Account]
"""The accounts of one facet that say the same, the earliest first."""


def conflicts_among(accounts: Iterable[Account], part_of: Mapping[str, frozenset[str]] | None = None) -> list[Conflict]:
    """Return the conflicts between accounts of one event: one for each two positions that cannot both hold.

    It stands between the earliest account of each by different speakers, or, as a shift, by one that changed its story.
    `part_of` maps a linked actor to those that
    it is part of: to blame a corps and to blame its army is no conflict.
    """
    by_question: dict[Facet, dict[tuple[object, ...], list[Account]]] = defaultdict(lambda: defaultdict(list))
    for account in sorted(accounts, key=_time_order):
        by_question[_question(account)][_said(account)].append(account)
    found = []
    for positions in by_question.values():
        for one, other in combinations(list(positions.values())[:MOST_COMPARED], 2):
            verdict = _compare(one, other, part_of or {})
            if verdict:
                found.append(_conflict(*verdict))
            found += [_conflict(*shift) for shift in _shifts(one, other, part_of or {})]
    return found


def _question(account: Account) -> Facet:
    """What an account answers: to own a deed and to be named for it are positions on one question."""
    return "perpetrator" if account.facet == "responsibility" else account.facet


_BODIES = frozenset({"government", "military", "police", "legislature", "judiciary"})
"""Kinds of which an event has one: two officials are two, “the ministry” of two reports is one."""


def _said(account: Account) -> tuple[object, ...]:
    """What makes a position: “14 people killed” and “14 killed” are one."""
    kind, _, who = account.value.partition(" ")
    if account.facet == "casualties":
        return kind, "" if is_general(who) else head(who), account.min, account.max
    return account.value.casefold() if account.facet == "damage" else account.value, account.min, account.max


def _time_order(account: Account) -> tuple[bool, str, int, str]:
    return not account.published_at, account.published_at, account.span[0], account.id


def _voice(account: Account) -> str:
    """Who speaks. A source's own voice and its being quoted elsewhere are one, and so is “the army” of one event."""
    if "~" not in account.speaker:
        return slug(account.speaker.removeprefix("author:"))
    name = slug(account.speaker_name)
    return name if kind_of_noun(name.rpartition("-")[2]) in _BODIES else account.speaker


def _conflict(a: Account, b: Account, kind: ConflictKind, reason: str) -> Conflict:
    return Conflict(
        id=content_id("k", a.id, b.id),
        event=a.event,
        facet=a.facet if a.facet == b.facet else _question(a),
        kind=kind,
        account_1=a.id,
        account_2=b.id,
        reason=reason,
    )


_Verdict = tuple[Account, Account, ConflictKind, str]


def _compare(one: _Position, other: _Position, part_of: Mapping[str, frozenset[str]]) -> _Verdict | None:
    pair = _speakers_apart(one, other)
    if pair is None:
        return None
    a, b = pair
    if a.facet == "casualties" and (not _apart(a, b) or _is_update(one, other)):
        return None
    found = _verdict(a, b, part_of)
    return (a, b, *found) if found else None


def _verdict(a: Account, b: Account, part_of: Mapping[str, frozenset[str]]) -> tuple[ConflictKind, str] | None:
    match _question(a):
        case "occurrence":
            return _yes_and_no(a, b)
        case "perpetrator":
            return _who(a, b, part_of)
        case "casualties":
            return _how_many(a, b)
        case "damage":
            return _how_bad(a, b)
        case "evidence":
            return _proof(a, b)
        case "launch origin":
            return _from_where(a, b)
        case "motive":
            return _why(a, b)
    return None


def _shifts(one: _Position, other: _Position, part_of: Mapping[str, frozenset[str]]) -> Iterator[_Verdict]:
    """A speaker who said the one and later the other; counts are revised, which is no shift."""
    if one[0].facet == "casualties":
        return
    before, after = _by_voice(one, first=True), _by_voice(other, first=True)
    for voice in sorted(before.keys() & after.keys()):
        a, b = sorted((before[voice], after[voice]), key=_time_order)
        if _when(a).before(_when(b)) and _verdict(a, b, part_of):
            yield a, b, "shift", f"{a.speaker_name} first says {_words(a)}, later {_words(b)}"


def _words(account: Account) -> str:
    return f"{account.value} damage" if account.facet == "damage" else account.value


def _speakers_apart(one: _Position, other: _Position) -> tuple[Account, Account] | None:
    """Return the earliest account of each position by different speakers, the earlier of both first.

    Who tells both stands for neither where somebody else tells one of them alone.
    """
    both = set(map(_voice, one)) & set(map(_voice, other))
    one, other = ([a for a in position if _voice(a) not in both] or position for position in (one, other))
    pairs = [(a, b) for a, b in ((one[0], b) for b in other) if _voice(a) != _voice(b)]
    pairs += [(a, b) for a, b in ((a, other[0]) for a in one) if _voice(a) != _voice(b)]
    if not pairs:
        return None
    first, second = sorted(min(pairs, key=lambda p: sorted(map(_time_order, p))), key=_time_order)
    return first, second


def _yes_and_no(a: Account, b: Account) -> tuple[ConflictKind, str]:
    yes, no = (a, b) if a.value == "yes" else (b, a)
    return "denial", f"{yes.speaker_name} tells it as having happened; {no.speaker_name} says that it did not"


def _who(a: Account, b: Account, part_of: Mapping[str, frozenset[str]]) -> tuple[ConflictKind, str] | None:
    first, second = a.value.removeprefix(NOT), b.value.removeprefix(NOT)
    if "~" in first or "~" in second:
        return None
    related = first == second or first in part_of.get(second, ()) or second in part_of.get(first, ())
    denials = a.value.startswith(NOT) + b.value.startswith(NOT)
    if related and denials == 1:
        says, denies = (b, a) if a.value.startswith(NOT) else (a, b)
        named = says.value.removeprefix(NOT)
        return "denial", f"{says.speaker_name} names {named}; {denies.speaker_name} denies it"
    if not related and denials == 0:
        return "contradiction", f"{a.speaker_name} names {first}; {b.speaker_name} names {second}"
    return None


def _how_many(a: Account, b: Account) -> tuple[ConflictKind, str] | None:
    (kind, _, who), (other_kind, _, others) = a.value.partition(" "), b.value.partition(" ")
    if not same_kind(who, others) or _part_of_all(a, who, b, others):
        return None
    if kind == other_kind:
        return "number", f"{a.speaker_name} counted {_bounds(a)} {a.value}; {b.speaker_name} counted {_bounds(b)}"
    if _spared(a, b) or _spared(b, a):
        return "number", (
            f"{a.speaker_name} counted {_bounds(a)} {a.value}; {b.speaker_name} counted {_bounds(b)} {b.value}"
        )
    return None


def _spared(none: Account, some: Account) -> bool:
    """Where there are no casualties nobody died or was hurt."""
    kind, harm = none.value.partition(" ")[0], some.value.partition(" ")[0]
    return none.max == 0 and bool(some.min) and kind == "casualties" and harm in ("killed", "injured")


def _part_of_all(a: Account, who: str, b: Account, others: str) -> bool:
    """Two guards among eleven dead are no conflict; fourteen sailors among six dead are."""
    if is_general(who) == is_general(others):
        return False
    part, whole = (b, a) if is_general(who) else (a, b)
    return not _above(part, whole)


def _above(x: Account, y: Account) -> bool:
    return x.min is not None and y.max is not None and x.min > y.max


def _apart(a: Account, b: Account) -> bool:
    return _above(a, b) or _above(b, a)


def _is_update(one: _Position, other: _Position) -> bool:
    """True where one count took the place of the other: a speaker went over to it, or all of it came later and higher.

    Not so where one document sets both side by side, or both came out within `UPDATE_SECONDS`; only tolls rise so.
    """
    low, high = sorted((one, other), key=lambda position: (position[0].min or 0, position[0].max or 0))
    began, ended = _by_voice(low, first=True), _by_voice(high, first=False)
    if any(_when(a).before(_when(ended[voice])) for voice, a in began.items() if voice in ended):
        return True
    beside = {(a.document, _voice(a)) for a in low}
    if any(document == b.document and voice != _voice(b) for document, voice in beside for b in high):
        return False
    if low[0].value.partition(" ")[0] not in _FOUND_OUT:
        return False
    late = sorted(_by_voice(low, first=False).values(), key=lambda a: (_when(a).end, a.id))[-2:]
    early = sorted(_by_voice(high, first=True).values(), key=lambda b: (_when(b).start, b.id))[:2]
    pairs = [(a, b) for a, b in product(late, early) if _voice(a) != _voice(b)]
    return not any(_when(b).start - _when(a).end <= UPDATE_SECONDS for a, b in pairs)


_FOUND_OUT = frozenset({"killed", "injured", "missing", "casualties", "displaced"})
"""Tolls, which rise as the rubble is searched; who was held or went on strike was known at once."""


def _by_voice(position: _Position, first: bool) -> dict[str, Account]:
    """Return the first or the last account of each speaker."""
    return {_voice(a): a for a in (reversed(position) if first else position)}


def _when(account: Account) -> Interval:
    """When it came out; at any time where that is unknown."""
    grain = "second" if "T" in account.published_at else "day"
    return interval(account.published_at, grain) or Interval(-(2**62), 2**62)


def _bounds(account: Account) -> str:
    low, high = account.min, account.max
    if low == high:
        return str(low)
    if high is None:
        return f"at least {low}"
    return f"at most {high}" if low is None else f"{low} to {high}"


def _how_bad(a: Account, b: Account) -> tuple[ConflictKind, str] | None:
    (first, what), (second, other) = _degree(a), _degree(b)
    if a.min is None or b.min is None or not same_kind(what, other) or not _apart(a, b):
        return None
    if first.startswith(NOT) or second.startswith(NOT):
        return "denial", f"{a.speaker_name} speaks of {first} damage; {b.speaker_name} of {second}"
    if abs(a.min - b.min) < APART:
        return None
    return "degree", f"{a.speaker_name} speaks of {first} damage; {b.speaker_name} of {second}"


def _degree(account: Account) -> tuple[str, str]:
    """Split ``not complete the bridge`` into the degree and what it is of."""
    negated = NOT if account.value.startswith(NOT) else ""
    degree, _, what = account.value.removeprefix(NOT).partition(" ")
    return negated + degree, what


def _proof(a: Account, b: Account) -> tuple[ConflictKind, str] | None:
    """That there is none, and that there is some, can both hold, but hardly."""
    if {a.value, b.value} != {"none", "exists"}:
        return None
    some, none = (a, b) if a.value == "exists" else (b, a)
    return "tension", f"{some.speaker_name} speaks of evidence; {none.speaker_name} says that there is none"


def _from_where(a: Account, b: Account) -> tuple[ConflictKind, str] | None:
    if a.value.islower() or b.value.islower():
        return None  # “the south”, “our territory”: no place of which all know where it is
    first, second = a.value.removeprefix(NOT).casefold(), b.value.removeprefix(NOT).casefold()
    same = first in second or second in first
    denials = a.value.startswith(NOT) + b.value.startswith(NOT)
    if same and denials == 1:
        says, denies = (b, a) if a.value.startswith(NOT) else (a, b)
        return "denial", f"{says.speaker_name} tells of a launch from {says.value}; {denies.speaker_name} denies it"
    if not same and denials == 0:
        return "contradiction", (
            f"{a.speaker_name} tells of a launch from {a.value}; {b.speaker_name} of one from {b.value}"
        )
    return None


def _why(a: Account, b: Account) -> tuple[ConflictKind, str] | None:
    """Two motives may both hold; one that is told and denied may not."""
    if a.value.startswith(NOT) == b.value.startswith(NOT):
        return None
    says, denies = (b, a) if a.value.startswith(NOT) else (a, b)
    if head(says.value) != head(denies.value):
        return None
    return "denial", f"{says.speaker_name} gives the motive “{says.value}”; {denies.speaker_name} denies it"
