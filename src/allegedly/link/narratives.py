"""Narratives: the same claim in several documents, who was first, and who echoed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from allegedly.link.clock import Interval, interval
from allegedly.link.words import containment, jaccard, signature_bands
from allegedly.records import Echo, EchoKind, Narrative, content_id

LEAST_WORDS = 4
"""A claim with fewer content words says too little to be the same as another in other words."""
LEAST_COPIED = 5
"""A claim with fewer words of any kind is too common to be a copy."""
ALIKE = 0.5
CONTAINED = 0.75


class ClaimItem(NamedTuple):
    """What is compared of one claim."""

    id: str
    document: str
    source: str
    language: str
    published_at: str
    published_grain: str
    forwarded: bool
    accused: frozenset[str]
    """Whom it accuses; else who did harm in the events it is about."""
    events: frozenset[str]
    """Linked events of blame that it is about."""
    text: str
    words: frozenset[str]
    numbers: frozenset[str]
    form: str
    """Its words without case or punctuation."""
    denies: bool

    @property
    def when(self) -> Interval | None:
        return interval(self.published_at, self.published_grain)


def claim_keys(item: ClaimItem) -> list[str]:
    """Return the blocks a claim is compared in: its very words, its hash bands, and whom it blames for what."""
    keys = [f"form:{item.form}"] if item.form.count(" ") + 1 >= LEAST_COPIED else []
    keys += [f"blame:{actor}|{event}" for actor in item.accused for event in item.events]
    if len(item.words) < LEAST_WORDS:
        return keys
    return keys + signature_bands(item.words)


def claim_order(item: ClaimItem) -> str:
    """Return the key that large blocks are sorted by, so that like stands near like."""
    return " ".join(sorted(item.words))


def claim_similarity(a: ClaimItem, b: ClaimItem) -> float:
    """Return how alike two claims are (0 to 1), 0 where polarity, language, numbers or accused rule it out.

    To blame the same actor for the same event is the same claim, whatever its words and language.
    """
    if a.denies != b.denies or (a.accused and b.accused and not a.accused & b.accused):
        return 0.0
    alike = 1.0 if a.form == b.form else jaccard(a.words, b.words)
    if a.accused & b.accused and a.events & b.events:
        return max(alike, ALIKE)
    if a.language != b.language:
        return 0.0
    if alike < ALIKE:
        least = min(len(a.words), len(b.words))
        if least <= LEAST_WORDS or containment(a.words, b.words) < CONTAINED:
            return 0.0
    return 0.0 if _numbers_differ(a.numbers, b.numbers) else alike


def _numbers_differ(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a and b) and not (a <= b or b <= a)


def narrate(
    members: Sequence[ClaimItem], similarity: Mapping[tuple[str, str], float]
) -> tuple[Narrative, list[Echo]] | None:
    """Make a narrative of one group of like claims; None unless two documents or more share it."""
    if len({m.document for m in members}) < 2:
        return None
    ordered = sorted(members, key=_time_order)
    first, gist = ordered[0], _most_central(members, similarity)
    certain = _certainly_first(first, ordered[1:])
    id = content_id("n", first.id)
    narrative = Narrative(
        id=id,
        gist=gist.text,
        gist_claim=gist.id,
        first_claim=first.id,
        first_seen=first.published_at,
        first_certain=certain,
        claims=len(members),
        documents=len({m.document for m in members}),
        sources=len({m.source for m in members}),
        languages=tuple(sorted({m.language for m in members if m.language})),
    )
    return narrative, _echoes(id, ordered)


def _time_order(item: ClaimItem) -> tuple[float, float, str]:
    when = item.when
    return (when.start, when.end, item.id) if when else (float("inf"), float("inf"), item.id)


def _certainly_first(first: ClaimItem, others: Iterable[ClaimItem]) -> bool:
    own = first.when
    rest = [o.when for o in others if o.document != first.document]
    return own is not None and all(o is not None and own.before(o) for o in rest)


def _most_central(members: Sequence[ClaimItem], similarity: Mapping[tuple[str, str], float]) -> ClaimItem:
    weight: dict[str, float] = defaultdict(float)
    for (a, b), value in similarity.items():
        weight[a] += value
        weight[b] += value
    return min(members, key=lambda m: (-round(weight[m.id], 9), _time_order(m)))


def _echoes(narrative: str, ordered: Sequence[ClaimItem]) -> list[Echo]:
    first, seen, echoes = ordered[0], set[str](), []
    for item in ordered:
        echoes.append(
            Echo(
                narrative=narrative,
                claim=item.id,
                document=item.document,
                source=item.source,
                language=item.language,
                published_at=item.published_at,
                kind=_echo_kind(item, first, item.form in seen),
                lag_seconds=_lag(first, item),
            )
        )
        seen.add(item.form)
    return echoes


def _echo_kind(item: ClaimItem, first: ClaimItem, seen_before: bool) -> EchoKind:
    if item.id == first.id:
        return "first"
    if item.forwarded:
        return "forward"
    return "copy" if seen_before else "echo"


def _lag(first: ClaimItem, item: ClaimItem) -> int | None:
    start, own = first.when, item.when
    if start is None or own is None:
        return None
    return own.start - start.start if item.id == first.id or start.before(own) else None
