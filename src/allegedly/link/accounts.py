"""Accounts: what each speaker says of each facet of one event, and where two of them cannot both hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product
from typing import NamedTuple

from allegedly.link.clock import Interval, interval
from allegedly.link.events import STANCES
from allegedly.link.general import head, is_general, same_kind
from allegedly.records import Account, Conflict, ConflictKind, EventStatus, EventType, Facet, Span, content_id, slug

MOST_COMPARED = 40
"""How many positions on one facet are compared with one another; the earliest ones."""
UPDATE_SECONDS = 6 * 3600
"""A higher count that comes later than this is an update, unless somebody sets the two side by side."""
DEGREES = ("none", "slight", "moderate", "heavy", "complete")
APART = 2
"""How many degrees make a conflict: one may be a matter of words."""

_NOT = "not "
_BLAMED = frozenset({"ASSAULT", "COERCE"})
"""Types whose doer is a matter of blame. Of a meeting or a vote each telling names the part it cares for."""
_MISHAPS = frozenset({"accident", "natural disaster"})
"""“It was no accident” denies a name, not that it happened."""


class Harm(NamedTuple):
    """A count of people (`kind` says what befell them) or a degree of damage, with its bounds."""

    facet: Facet
    kind: str
    who: str
    min: int | None
    max: int | None
    span: Span


class Telling(NamedTuple):
    """What one claim (or the author's bare statement) says of one document event."""

    event: str
    """Linked event id."""
    type: EventType
    other_type: str
    claim: str | None
    speaker: str
    speaker_name: str
    document: str
    published_at: str
    denies: bool
    of_event: bool
    """Whether it tells (or denies) the event itself, rather than a part in it or something around it."""
    accused: tuple[str, ...]
    """Linked actor ids."""
    perpetrators: tuple[str, ...]
    """Linked actor ids that the telling names as doing it."""
    status: EventStatus
    harms: tuple[Harm, ...]
    span: Span
    """The receipt of the telling as a whole."""


def accounts_of(telling: Telling) -> list[Account]:
    """Return the accounts that one telling gives, one a facet and value."""
    found = [_account(telling, "perpetrator", value, telling.span) for value in _blamed(telling)]
    if telling.of_event and telling.type not in STANCES and (value := _happened(telling)):
        found.append(_account(telling, "occurrence", value, telling.span))
    return found + [account for harm in telling.harms if (account := _harm(telling, harm))]


def _blamed(telling: Telling) -> list[str]:
    """Whom it names as having done it; ``not <actor>`` where it says that they did not."""
    mattering = telling.type in _BLAMED or telling.type == "OTHER"
    actors = telling.accused or (telling.perpetrators if mattering else ())
    return [(_NOT if telling.denies else "") + actor for actor in actors]


def _happened(telling: Telling) -> str:
    """``yes``, ``no``, or empty where it leaves that open. To deny that somebody did it is not to deny it."""
    if telling.status == "negated" or (telling.denies and not _blamed(telling)):
        denied_harm = any(harm.facet == "damage" for harm in telling.harms)
        return "" if telling.other_type in _MISHAPS or denied_harm else "no"
    return "yes"


def _harm(telling: Telling, harm: Harm) -> Account | None:
    low, high = harm.min, harm.max
    if harm.facet == "casualties":
        value = f"{harm.kind} {harm.who}".strip()
        return None if telling.denies else _account(telling, "casualties", value, harm.span, low, high)
    degree = DEGREES[harm.min or 0]
    if not telling.denies:
        return _account(telling, "damage", f"{degree} {harm.who}".strip(), harm.span, low, high)
    return _account(telling, "damage", f"{_NOT}{degree} {harm.who}".strip(), harm.span, 0, low - 1) if low else None


def _account(
    t: Telling, facet: Facet, value: str, span: Span, low: int | None = None, high: int | None = None
) -> Account:
    return Account(
        id=content_id("a", t.event, facet, t.speaker, t.document, span, value, low, high, t.claim),
        event=t.event,
        facet=facet,
        speaker=t.speaker,
        speaker_name=t.speaker_name,
        value=value,
        min=low,
        max=high,
        document=t.document,
        span=span,
        claim=t.claim,
        published_at=t.published_at,
    )


# ---------------------------------------------------------------- conflicts

_Position = Sequence[Account]
"""The accounts of one facet that say the same, the earliest first."""


def conflicts_among(accounts: Iterable[Account], part_of: Mapping[str, frozenset[str]] | None = None) -> list[Conflict]:
    """Return the conflicts between accounts of one event: one for each two positions that cannot both hold.

    It stands between the earliest account of each by different speakers. `part_of` maps a linked actor to those that
    it is part of: to blame a corps and to blame its army is no conflict.
    """
    by_facet: dict[Facet, dict[tuple[object, ...], list[Account]]] = defaultdict(lambda: defaultdict(list))
    for account in sorted(accounts, key=_time_order):
        by_facet[account.facet][_said(account)].append(account)
    found = []
    for positions in by_facet.values():
        for one, other in combinations(list(positions.values())[:MOST_COMPARED], 2):
            verdict = _compare(one, other, part_of or {})
            if verdict:
                found.append(_conflict(*verdict))
    return found


def _said(account: Account) -> tuple[object, ...]:
    """What makes a position: “14 people killed” and “14 killed” are one."""
    kind, _, who = account.value.partition(" ")
    if account.facet == "casualties":
        return kind, "" if is_general(who) else head(who), account.min, account.max
    return account.value.casefold() if account.facet == "damage" else account.value, account.min, account.max


def _time_order(account: Account) -> tuple[bool, str, str]:
    return not account.published_at, account.published_at, account.id


def _voice(account: Account) -> str:
    """Who speaks. A source's own voice and its being quoted elsewhere are one."""
    return slug(account.speaker.removeprefix("author:")) if "~" not in account.speaker else account.speaker


def _conflict(a: Account, b: Account, kind: ConflictKind, reason: str) -> Conflict:
    return Conflict(
        id=content_id("k", a.id, b.id),
        event=a.event,
        facet=a.facet,
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
    found: tuple[ConflictKind, str] | None = None
    match a.facet:
        case "occurrence":
            found = _yes_and_no(a, b)
        case "perpetrator":
            found = _who(a, b, part_of)
        case "casualties":
            found = _how_many(a, b) if _apart(a, b) and not _is_update(one, other) else None
        case "damage":
            found = _how_bad(a, b)
    return (a, b, *found) if found else None


def _speakers_apart(one: _Position, other: _Position) -> tuple[Account, Account] | None:
    """Return the earliest account of each position by different speakers, the earlier of both first."""
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
    first, second = a.value.removeprefix(_NOT), b.value.removeprefix(_NOT)
    if "~" in first or "~" in second:
        return None
    related = first == second or first in part_of.get(second, ()) or second in part_of.get(first, ())
    denials = a.value.startswith(_NOT) + b.value.startswith(_NOT)
    if related and denials == 1:
        says, denies = (b, a) if a.value.startswith(_NOT) else (a, b)
        named = says.value.removeprefix(_NOT)
        return "denial", f"{says.speaker_name} names {named}; {denies.speaker_name} denies it"
    if not related and denials == 0:
        return "perpetrator", f"{a.speaker_name} names {first}; {b.speaker_name} names {second}"
    return None


def _how_many(a: Account, b: Account) -> tuple[ConflictKind, str] | None:
    (kind, _, who), (other_kind, _, others) = a.value.partition(" "), b.value.partition(" ")
    if kind != other_kind or not (is_general(who) or is_general(others) or same_kind(who, others)):
        return None
    return "number", f"{a.speaker_name} counts {_bounds(a)} {a.value}; {b.speaker_name} counts {_bounds(b)}"


def _apart(a: Account, b: Account) -> bool:
    def above(x: Account, y: Account) -> bool:
        return x.min is not None and y.max is not None and x.min > y.max

    return above(a, b) or above(b, a)


def _is_update(one: _Position, other: _Position) -> bool:
    """True where one count took the place of the other: a speaker went over to it, or all of it came later and higher.

    Not so where one document sets both side by side, or both came out within `UPDATE_SECONDS`.
    """
    low, high = sorted((one, other), key=lambda position: (position[0].min or 0, position[0].max or 0))
    began, ended = _by_voice(low, first=True), _by_voice(high, first=False)
    if any(_when(a).before(_when(ended[voice])) for voice, a in began.items() if voice in ended):
        return True
    beside = {a.document: _voice(a) for a in low}
    if any(beside.get(b.document, _voice(b)) != _voice(b) for b in high):
        return False
    late = sorted(_by_voice(low, first=False).values(), key=lambda a: (_when(a).end, a.id))[-2:]
    early = sorted(_by_voice(high, first=True).values(), key=lambda b: (_when(b).start, b.id))[:2]
    pairs = [(a, b) for a, b in product(late, early) if _voice(a) != _voice(b)]
    return not any(_when(b).start - _when(a).end <= UPDATE_SECONDS for a, b in pairs)


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
    if first.startswith(_NOT) or second.startswith(_NOT):
        return "denial", f"{a.speaker_name} speaks of {first} damage; {b.speaker_name} of {second}"
    if abs(a.min - b.min) < APART:
        return None
    return "degree", f"{a.speaker_name} speaks of {first} damage; {b.speaker_name} of {second}"


def _degree(account: Account) -> tuple[str, str]:
    """Split ``not complete the bridge`` into the degree and what it is of."""
    negated = _NOT if account.value.startswith(_NOT) else ""
    degree, _, what = account.value.removeprefix(_NOT).partition(" ")
    return negated + degree, what
