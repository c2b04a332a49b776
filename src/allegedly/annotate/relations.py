"""Signed ties between actors, each with the holder who asserts it."""

from __future__ import annotations

from collections.abc import Sequence

from allegedly.annotate.actors import Cast
from allegedly.annotate.parse import Parsed
from allegedly.records import Claim, Relation


def find_relations(parsed: Parsed, cast: Cast, claims: Sequence[Claim]) -> tuple[Relation, ...]:
    """Find every relation stated in `parsed`."""
    return ()
