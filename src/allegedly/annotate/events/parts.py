"""Which events are part of which: what a plural or a number sums up, and what is told of it after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from allegedly.annotate.events.counts import number
from allegedly.annotate.events.story import MEMORY, Mention, Story, days_apart


def part_phrase(mention: Mention) -> bool:
    """True where the sentence begins "One such target", "One of the blasts", "Another"."""
    tree = mention.trigger.tree
    first, stop = tree.sentence[mention.trigger.at]
    start = tree.lowers[first : min(stop, first + 3)]
    return (start[:1] == ["one"] and len(start) > 1 and start[1] in {"such", "of"}) or start[:2] == ["among", "them"]


def whole_of(stories: Sequence[Story], mention: Mention) -> Story | None:
    """Return the story that a new mention is part of: of a plural told just before."""
    for story in reversed(stories):
        if mention.paragraph - story.first.paragraph > 1 or not story.first.real:
            break
        if story.first.kind != mention.kind and "ASSAULT" not in {story.first.kind}:
            continue
        if part_phrase(mention) and not days_apart(story.first, mention):
            return story
    return None


def link_parts(stories: Sequence[Story]) -> None:
    """Link what a summary such as "two deadly attacks" counts to the events told after it."""
    for index, story in enumerate(stories):
        wanted = _counted(story.first)
        if wanted < 2 or not story.first.real:
            continue
        parts = [s for s in stories[index + 1 : index + MEMORY] if _can_be_part(story, s)][:wanted]
        if len(parts) == wanted:
            for part in parts:
                part.part_of = part.part_of or story


def _counted(mention: Mention) -> int:
    if not mention.plural:
        return 0
    tree, at = mention.trigger.tree, mention.trigger.at
    return next((number([tree.words[k]]) or 0 for k in tree.kids_as(at, "nummod")), 0)


def _can_be_part(whole: Story, part: Story) -> bool:
    return (
        part.first.kind == whole.first.kind
        and part.first.real
        and not part.first.plural
        and part.first.paragraph - whole.first.paragraph <= 2
        and not _far_apart(whole.first, part.first)
    )


def _far_apart(one: Mention, other: Mention) -> bool:
    """True for more than three days between them: a summary's "in the days after" is no exact date."""
    a, b = one.setting.when, other.setting.when
    if a is None or b is None:
        return False
    return abs(ordinal(a.start) - ordinal(b.start)) > 3


def ordinal(iso: str) -> int:
    """Return the day of an ISO date as a number, 0 where it names no day."""
    try:
        return date.fromisoformat(iso[:10]).toordinal()
    except ValueError:
        return 0
