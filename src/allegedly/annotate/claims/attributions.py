"""An attribution in the making: token ranges before they become spans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from allegedly.annotate.claims.cues import Cue
from allegedly.annotate.syntax import Range, Syntax

if TYPE_CHECKING:
    from allegedly.annotate.claims.tagger.decode import Sighting


class Found(NamedTuple):
    """What a verb takes: content as token ranges, by which rule, and cue tokens beyond the verb."""

    rule: str
    reading: Cue
    content: list[Range]
    extra: tuple[int, ...] = ()


@dataclass(slots=True)
class Attribution:
    """What one cue attributes. `speaker` is the head token of who says it; `said_by` its token ranges."""

    rule: str
    anchor: int
    """The cue's main token; -1 for a quotation that continues without one."""
    cue: list[int]
    content: list[Range]
    reading: Cue
    speaker: int | None = None
    said_by: list[Range] = field(default_factory=list)
    quoted: bool = False
    """True when quotation marks, not the grammar, set the content."""
    follows: Attribution | None = None
    """The attribution whose speaker goes on speaking."""
    seen: Sighting | None = None
    """What the network makes of the cue."""
    confidence: float = 0.0


def ranges(tokens: Iterable[int]) -> list[Range]:
    """Return `tokens` as maximal runs."""
    runs: list[Range] = []
    for i in sorted(set(tokens)):
        if runs and runs[-1][1] == i:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
    return runs


def without(s: Syntax, whole: Range, hole: Range) -> list[Range]:
    """Return what is left of `whole` around `hole`, without punctuation at the edges."""
    a, b = max(whole[0], hole[0]), min(whole[1], hole[1])
    pieces = [whole] if a >= b else [(whole[0], a), (b, whole[1])]
    return [piece for piece in map(s.trim, pieces) if piece[0] < piece[1]]
