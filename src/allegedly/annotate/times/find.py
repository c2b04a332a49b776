"""Time expressions of one document: TIMEX3 values, counted from publication or from the story's own days."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from datetime import date
from functools import cache

from spacy.tokens import Doc, Token

from allegedly.annotate.parse import Parsed
from allegedly.annotate.times.clause import (
    is_definite,
    is_in_passing,
    is_reported,
    stem,
    tense,
    thing_after,
    things_at,
    token_at,
)
from allegedly.annotate.times.frame import Frame, Reading
from allegedly.annotate.times.grammar import Match, matches, matches_within
from allegedly.annotate.times.lexicon import words
from allegedly.annotate.times.resolve import resolve
from allegedly.annotate.times.story import Story
from allegedly.annotate.times.things import days_after
from allegedly.records import Document, Time

_NAMES = frozenset({"PERSON", "ORG", "PRODUCT", "WORK_OF_ART", "LAW", "FAC", "EVENT", "GPE", "NORP"})
_YEAR_CUES = tuple("iYo<>=&baBF@~")
_COUNTS_FROM = frozenset({"count_thing", "beside", "part_beside", "shortly"})
_MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_OPENING = 40
"""Code points that hold what opens a paragraph."""
_EXPLAINS = frozenset({"", ","})
"""What stands between a day and the words that explain it."""


def find_times(parsed: Parsed) -> tuple[Time, ...]:
    """Find every time expression in `parsed`, in text order.

    `value` is TIMEX3 (TimeML 1.2.1), or ``a/b`` for an interval between two; `start` and `end` are ISO days or minutes
    and empty where the value sets none; `anchor` is ``explicit``, ``publication`` or ``story:<day>`` and the rule.
    """
    return tuple(_times(parsed))


def _times(parsed: Parsed) -> Iterator[Time]:
    story = Story(_day_of(parsed.document.published_at), _minute_of(parsed.document))
    for number, paragraph in enumerate(parsed.paragraphs):
        end = paragraph.start + paragraph.doc[-1].idx + len(paragraph.doc[-1])
        text = parsed.document.text[paragraph.start : end]  # much faster than `Doc.text`
        for match, reading in _readings(paragraph.doc, text, number, story):
            span = paragraph.start + match.words[0].start, paragraph.start + match.words[-1].end
            yield Time(span=span, value=reading.value, start=reading.start, end=reading.end, anchor=reading.anchor)


def _day_of(published_at: str) -> date | None:
    try:
        return date.fromisoformat(published_at[:10])
    except ValueError:
        return None


def _minute_of(document: Document) -> str:
    """Return the minute of publication, or an empty string where only the day is known."""
    coarse = document.published_grain in ("day", "month", "year")
    return found.group() if (found := _MINUTE.match(document.published_at)) and not coarse else ""


def _readings(doc: Doc, text: str, number: int, story: Story) -> Iterator[tuple[Match, Reading]]:
    """Yield the expressions of the paragraph `text` with their readings, and let `story` hear them."""
    end, last = 0, None
    if text[:_OPENING].lower().startswith(_turns()):
        story.turn()
    waiting = deque(matches(text))
    while waiting:
        match = waiting.popleft()
        token = token_at(doc, match.words[-1].start)
        if not _is_time(match, doc, token):
            continue
        frame = _frame(match, token, story, number)
        if last and text[end : match.words[0].start].strip() in _EXPLAINS:
            frame = frame._replace(beside=last)
        if reading := resolve(match, frame):
            _tell(story, match, token, reading, number, frame)
            end, last = match.words[-1].end, reading
            yield match, reading
        elif len(match.words) > 1:
            waiting.extendleft(reversed(list(matches_within(match))))


@cache
def _turns() -> tuple[str, ...]:
    return tuple(words("turns", "openings"))


def _frame(match: Match, token: Token, story: Story, paragraph: int) -> Frame:
    first = token_at(token.doc, match.words[0].start)
    if _is_heading(match):
        story.turn()
    frame = story.frame(paragraph, tense(token, first, match.first("W") is not None), is_reported(token))
    thing = _thing(match, token)
    return frame._replace(thing=story.told(stem(thing), is_definite(thing))) if thing else frame


def _is_heading(match: Match) -> bool:
    """True for the clock time that an entry of a live blog opens with."""
    return match.rule == "clock" and match.words[0].start == 0 and match.codes.startswith("d:d")


def _thing(match: Match, token: Token) -> Token | None:
    """Return what the expression counts from or is part of: "the day after the blast", "the night of the blast"."""
    if match.rule in _COUNTS_FROM:
        return thing_after(token)
    if match.rule == "clock" and match.after.startswith("o") and token.i + 1 < len(token.doc):
        return thing_after(token.nbor(1))
    return None


def _tell(story: Story, match: Match, token: Token, reading: Reading, paragraph: int, frame: Frame) -> None:
    if not is_in_passing(token):
        story.hear(reading, paragraph, things_at(token))
    thing = _thing(match, token)
    if thing and frame.beside is not None and (after := days_after(match)) is not None:
        story.explain(stem(thing), reading, after)


def _is_time(match: Match, doc: Doc, last: Token) -> bool:
    """Tell times from names, counts and adjectives that look like them."""
    token = token_at(doc, match.words[0].start)
    if token.ent_type_ in _NAMES and match.rule in ("month", "year"):
        return False
    if match.rule == "month":
        return token.pos_ not in ("AUX", "VERB")
    if match.rule == "year":
        return _is_year(match, token)
    if match.codes == "v":  # "a weekly", "Daily Herald", "their daily bread" are no times
        return token.is_lower and (token.pos_ == "ADV" or token.dep_ in ("advmod", "npadvmod", "acomp"))
    if match.codes in ("TS", "TFS", "TU", "iTU"):
        return _is_alone(last)
    return True


def _is_alone(token: Token) -> bool:
    """True where `token` is no part of a longer name: "the night shift", "the evening news"."""
    following = token.nbor(1) if token.i + 1 < len(token.doc) else None
    return token.dep_ not in ("compound", "amod") and (following is None or following.pos_ not in ("NOUN", "PROPN"))


def _is_year(match: Match, token: Token) -> bool:
    if token.ent_type_ == "DATE":
        return True
    counts = token.i + 1 < len(token.doc) and token.nbor(1).pos_ == "NOUN"
    cued = match.before.endswith(_YEAR_CUES) or (match.before.endswith(",") and match.after.startswith(","))
    return cued and not counts
