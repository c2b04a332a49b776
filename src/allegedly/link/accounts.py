"""Accounts: what each speaker says of each facet of one event."""

from __future__ import annotations

from typing import NamedTuple

from allegedly.link.events import STANCES
from allegedly.records import Account, EventStatus, EventType, Facet, Span, content_id

DEGREES = ("none", "slight", "moderate", "heavy", "complete")
NOT = "not "
"""Before a value: that it is not so."""
_BLAMED = frozenset({"ASSAULT"})
"""Types whose doer is a matter of blame. Of an arrest, a meeting or a vote each telling names the part it cares for."""
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


class Around(NamedTuple):
    """A circumstance: of responsibility, `value` is the linked actor that owns the deed or denies a part in it."""

    facet: Facet
    value: str
    negated: bool
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
    around: tuple[Around, ...] = ()
    mode: str = ""


def accounts_of(telling: Telling) -> list[Account]:
    """Return the accounts that one telling gives, one a facet and value."""
    found = [_account(telling, "perpetrator", value, telling.span) for value in _blamed(telling)]
    if telling.of_event and telling.type not in STANCES and (value := _happened(telling)):
        found.append(_account(telling, "occurrence", value, telling.span))
    found += [account for harm in telling.harms if (account := _harm(telling, harm))]
    return found + [_circumstance(telling, around) for around in telling.around]


def _circumstance(t: Telling, around: Around) -> Account:
    """What a claim denies is not so; to deny a denial is left alone."""
    negated = around.negated or (t.denies and around.facet != "evidence")
    return _account(t, around.facet, (NOT if negated else "") + around.value, around.span)


def _blamed(telling: Telling) -> list[str]:
    """Whom it names as having done it; ``not <actor>`` where it says that they did not."""
    mattering = telling.type in _BLAMED or telling.type == "OTHER" or telling.mode == "cyber"
    actors = telling.accused or (telling.perpetrators if mattering else ())
    if telling.status == "negated" and telling.claim is None:
        return []  # “no shot was fired by the guards” names nobody
    return [(NOT if telling.denies else "") + actor for actor in actors]


def _happened(telling: Telling) -> str:
    """``yes``, ``no``, or empty where it leaves that open. To deny that somebody did it is not to deny it."""
    if telling.status == "negated" or (telling.denies and not _blamed(telling)):
        denied_harm = any(harm.facet == "damage" or harm.max == 0 for harm in telling.harms)
        return "" if telling.other_type in _MISHAPS or denied_harm else "no"
    return "yes"


def _harm(telling: Telling, harm: Harm) -> Account | None:
    low, high = harm.min, harm.max
    if harm.facet == "casualties":
        value = f"{harm.kind} {harm.who}".strip()
        denied = telling.denies and high != 0  # “nobody was killed” is a count of nought
        return None if denied else _account(telling, "casualties", value, harm.span, low, high)
    degree = DEGREES[harm.min or 0]
    if not telling.denies or not low:
        return _account(telling, "damage", f"{degree} {harm.who}".strip(), harm.span, low, high)
    return _account(telling, "damage", f"{NOT}{degree} {harm.who}".strip(), harm.span, 0, low - 1) if low else None


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
