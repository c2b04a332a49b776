"""Accounts: what each speaker says of each facet of one event, and where two of them cannot both hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from allegedly.records import Account, Conflict, ConflictKind, EventStatus, Facet, Span, content_id

MOST_COMPARED = 40
"""How many differing accounts of one facet are compared with one another; the earliest ones."""
DEGREES = ("none", "slight", "moderate", "heavy", "complete")


class Telling(NamedTuple):
    """One claim (or the author's bare statement) about one document event, with what it says."""

    event: str
    """Linked event id."""
    claim: str | None
    speaker: str
    speaker_name: str
    document: str
    published_at: str
    denies: bool
    accused: tuple[str, ...]
    """Linked actor ids."""
    perpetrators: tuple[str, ...]
    """Linked actor ids that the telling names as doing it."""
    status: EventStatus
    casualties: tuple[tuple[str, str, int | None, int | None, Span], ...]
    """``(kind, who, min, max, span)``."""
    damage: tuple[tuple[int, str, Span], ...]
    """``(degree, what, span)``."""
    span: Span
    """The receipt of the telling as a whole."""


def accounts_of(telling: Telling) -> list[Account]:
    """Return the accounts that one telling gives, one a facet and value."""
    blamed = telling.accused or telling.perpetrators
    found = [
        _account(telling, "perpetrator", ("not " if telling.denies else "") + actor, telling.span) for actor in blamed
    ]
    if telling.denies or telling.status in ("fact", "claimed", "negated", "contested"):
        happened = not (telling.denies and not blamed) and telling.status != "negated"
        found.append(_account(telling, "occurrence", "yes" if happened else "no", telling.span))
    if not telling.denies:
        found += [
            _account(telling, "casualties", f"{kind} {who}".strip(), s, lo, hi)
            for kind, who, lo, hi, s in telling.casualties
        ]
        found += [
            _account(telling, "damage", f"{DEGREES[degree]} {what}".strip(), s, degree, degree)
            for degree, what, s in telling.damage
        ]
    return found


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


def conflicts_among(accounts: Iterable[Account]) -> list[Conflict]:
    """Return every conflict between accounts of one event by different speakers, the earliest of each saying first."""
    by_facet: dict[Facet, dict[tuple[object, ...], Account]] = defaultdict(dict)
    for account in sorted(accounts, key=_time_order):
        said = account.speaker, account.value, account.min, account.max
        by_facet[account.facet].setdefault(said, account)
    found = []
    for facet, distinct in by_facet.items():
        for a, b in combinations(list(distinct.values())[:MOST_COMPARED], 2):
            verdict = None if a.speaker == b.speaker else _compare(facet, a, b)
            if verdict:
                found.append(_conflict(a, b, *verdict))
    return found


def _time_order(account: Account) -> tuple[bool, str, str]:
    return not account.published_at, account.published_at, account.id


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


def _compare(facet: Facet, a: Account, b: Account) -> tuple[ConflictKind, str] | None:
    match facet:
        case "occurrence":
            return _yes_and_no(a, b)
        case "perpetrator":
            return _who(a, b)
        case "casualties":
            return _how_many(a, b)
        case "damage":
            return _how_bad(a, b)
        case _:
            return None


def _yes_and_no(a: Account, b: Account) -> tuple[ConflictKind, str] | None:
    if a.value == b.value:
        return None
    yes, no = (a, b) if a.value == "yes" else (b, a)
    return "denial", f"{yes.speaker_name} tells it as having happened; {no.speaker_name} says that it did not"


def _who(a: Account, b: Account) -> tuple[ConflictKind, str] | None:
    first, second = a.value.removeprefix("not "), b.value.removeprefix("not ")
    denials = a.value.startswith("not ") + b.value.startswith("not ")
    if first == second and denials == 1:
        says, denies = (b, a) if a.value.startswith("not ") else (a, b)
        return "denial", f"{says.speaker_name} names {first}; {denies.speaker_name} denies it"
    if first != second and denials == 0:
        return "perpetrator", f"{a.speaker_name} names {first}; {b.speaker_name} names {second}"
    return None


def _how_many(a: Account, b: Account) -> tuple[ConflictKind, str] | None:
    if a.value != b.value or not _apart(a, b):
        return None
    return "number", f"{a.speaker_name} counts {_bounds(a)} {a.value}; {b.speaker_name} counts {_bounds(b)}"


def _apart(a: Account, b: Account) -> bool:
    def above(x: Account, y: Account) -> bool:
        return x.min is not None and y.max is not None and x.min > y.max

    return above(a, b) or above(b, a)


def _bounds(account: Account) -> str:
    low, high = account.min, account.max
    if low == high:
        return str(low)
    if high is None:
        return f"at least {low}"
    return f"at most {high}" if low is None else f"{low} to {high}"


def _how_bad(a: Account, b: Account) -> tuple[ConflictKind, str] | None:
    if a.min is None or b.min is None or abs(a.min - b.min) < 2:
        return None
    return "degree", f"{a.speaker_name} speaks of {DEGREES[a.min]} damage; {b.speaker_name} of {DEGREES[b.min]}"
