"""How a narrative spread: from which language and kind of source to which, and how fast."""

from __future__ import annotations

from collections.abc import Sequence

from allegedly.link.narratives.statements import Told
from allegedly.records import Step


def half_life(ordered: Sequence[Told]) -> int | None:
    """Return the seconds from the first statement until half of those after it were out.

    None where there are none, or where the clocks cannot tell one of the two times to within a tenth of what lies
    between them.

    Args:
        ordered: in order of time, declared reposts left out.
    """
    if len(ordered) < 2:
        return None
    one, other = ordered[0].when, ordered[len(ordered) // 2].when
    if one is None or other is None:
        return None
    between = (other.start + other.end - one.start - one.end) // 2
    doubt = max(one.end - one.start, other.end - other.start)
    return between if doubt <= max(60, between / 10) else None


def path(ordered: Sequence[Told]) -> tuple[Step, ...]:
    """Return the first statement in each language by each kind of source, in order of time."""
    found: list[Step] = []
    seen: set[tuple[str, str]] = set()
    last: Told | None = None
    for told in ordered:
        place = told.language, told.source_kind
        if place in seen:
            continue
        seen.add(place)
        before, own = last.when if last else None, told.when
        certain = last is None or bool(before and own and before.before(own))
        found.append(Step(language=told.language, source_kind=told.source_kind, echo=told.id, certain=certain))
        last = told
    return tuple(found)
