"""The days that a text has named so far, and what happened on them."""

from __future__ import annotations

from datetime import date, timedelta

from allegedly.annotate.times.frame import Frame, Reading, reading

_FAR = -9
"""A paragraph that is near to none."""


class Story:
    """What a text has told of time up to some word."""

    def __init__(self, published: date | None, now: str = "") -> None:
        self.published, self._now = published, now
        self._day: date | None = None
        self._period: date | None = None
        self._clock = ""
        self._paragraph = 0
        self._things: dict[str, Reading] = {}
        self._lead: Reading | None = None

    def frame(self, paragraph: int, tense: int, reported: bool) -> Frame:
        """Return what an expression in `paragraph` may be counted from."""
        near = paragraph - self._paragraph <= 1 and not reported
        return Frame(self.published, self._day, self._period, near, tense, self._clock if near else "", now=self._now)

    def turn(self) -> None:
        """Leave the story told so far: what follows counts from publication again."""
        self._paragraph = _FAR

    def hear(self, heard: Reading, paragraph: int, things: set[str]) -> None:
        """Remember what is `heard`, if it is a day or a period of the calendar, and the `things` it is the time of."""
        if not heard.start or heard.value.startswith("P"):
            return
        self._period = date.fromisoformat(heard.start[:10])
        if heard.start[:10] == heard.value[:10]:
            self._day, self._paragraph = self._period, paragraph
            if len(heard.value) == len("2000-01-01T00:00"):
                self._clock = heard.value
            elif self._clock[:10] != heard.value[:10]:
                self._clock = ""
        self._lead = self._lead or heard
        for thing in things:
            self._things.setdefault(thing, heard)

    def told(self, thing: str, definite: bool) -> Reading | None:
        """Return when `thing` (a stem) happened, if the text has told; a `definite` one is else the lead's."""
        return self._things.get(thing) or (self._lead if definite else None)

    def explain(self, thing: str, day: Reading, after: float) -> None:
        """Remember that `thing` happened so many days before `day`, if the calendar knows both."""
        if not day.start:
            return
        try:
            then = date.fromisoformat(day.start[:10]) - timedelta(round(after))
        except OverflowError:
            return
        self._things.setdefault(thing, reading(then.isoformat(), day.anchor))
