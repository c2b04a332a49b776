"""Attributed claims of one document: who says what (source, cue, content)."""

from __future__ import annotations

from collections.abc import Sequence

from allegedly.annotate.actors import Cast
from allegedly.annotate.parse import Parsed
from allegedly.records import Claim, Event


def find_claims(parsed: Parsed, cast: Cast) -> tuple[tuple[Claim, ...], Cast]:
    """Find every attributed claim, and the cast with the speakers that only the claims reveal."""
    return (), cast


def own_voice(parsed: Parsed, cast: Cast, claims: Sequence[Claim], events: Sequence[Event]) -> tuple[Claim, ...]:
    """Return the author's own claims: sentences about events or actors that no attributed content covers."""
    return ()
