"""Events of one document, typed by PLOVER."""

from __future__ import annotations

from collections.abc import Sequence

from allegedly.annotate.actors import Cast
from allegedly.annotate.parse import Parsed
from allegedly.records import Claim, Event, Place, Time


def find_events(
    parsed: Parsed, times: Sequence[Time], places: Sequence[Place], cast: Cast, claims: Sequence[Claim]
) -> tuple[Event, ...]:
    """Find every event in `parsed`. One inside a claim's content has that claim's standing, never ``fact``."""
    return ()
