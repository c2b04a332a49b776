"""An event in the making: its mentions, each with all that its sentence tells of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from allegedly.annotate.events.harm import harm
from allegedly.annotate.events.roles import Roles
from allegedly.annotate.events.setting import Setting
from allegedly.annotate.events.triggers import HARM, OUTCOMES, Trigger
from allegedly.records import Casualties, Circumstance, Damage, EventStatus, Span

BACK = frozenset({"the", "this", "that", "these", "those", "both", "such"})
"""Determiners that point back to what is known."""
MEMORY = 40
"""How many of the latest stories a mention may belong to: longer texts cost in proportion to their length."""


@dataclass(eq=False)
class Mention:
    """One trigger with all that its sentence tells of the event."""

    trigger: Trigger
    span: Span
    paragraph: int
    status: EventStatus
    roles: Roles
    setting: Setting
    casualties: list[Casualties] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)
    circumstances: list[Circumstance] = field(default_factory=list)

    @property
    def definite(self) -> bool:
        tree, at = self.trigger.tree, self.trigger.at
        return self.trigger.noun and (
            any(tree.lowers[k] in BACK for k in tree.kids_as(at, "det", "predet", "amod"))
            or bool(tree.kids_as(at, "poss"))
        )

    @property
    def outcome(self) -> bool:
        return self.trigger.tree.lemmas[self.trigger.at] in OUTCOMES or self.kind == HARM

    @property
    def harmful(self) -> bool:
        """Whether the word itself tells of harm to people ("evacuated"), whatever it is typed as."""
        return not self.trigger.noun and self.trigger.tree.lemmas[self.trigger.at] in harm().verbs

    @property
    def plural(self) -> bool:
        return self.trigger.noun and self.trigger.tree.tags[self.trigger.at] == "NNS"

    @property
    def kind(self) -> str:
        return self.trigger.sense.other_type or self.trigger.sense.type

    @property
    def real(self) -> bool:
        return self.status not in {"hypothetical", "proposed"}


@dataclass(eq=False)
class Story:
    """One event with its mentions, first to last. `part_of` is the story it belongs to."""

    mentions: list[Mention]
    part_of: Story | None = None

    @property
    def first(self) -> Mention:
        return self.mentions[0]


def days_apart(one: Mention, other: Mention) -> bool:
    a, b = one.setting.when, other.setting.when
    if a is None or b is None or "; same" in a.anchor + b.anchor:
        return False  # a bare clock time has no day of its own
    return a.end[:10] < b.start[:10] or b.end[:10] < a.start[:10]
