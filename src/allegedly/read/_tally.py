"""Problems of one file: each told once, then counted, so that a million broken rows make no million lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from allegedly.read._base import Stream
from allegedly.read._common import problem
from allegedly.records import Problem, well_formed

_MOST = 100
_NOTHING = "nothing to do"


class Tally:
    """What went wrong or was left out while reading `stream`."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._told = 0
        self._skipped: Counter[str] = Counter()
        self._notes: dict[str, tuple[str, str, str, int]] = {}

    def tell(self, what: str, action: str, position: str, excerpt: str = "") -> Iterator[Problem]:
        """Yield a problem of one record; after the hundredth they are only counted."""
        self._told += 1
        if self._told <= _MOST:
            yield problem(self._stream, what, action, position, excerpt)

    def skip(self, what: str) -> None:
        """Count something left out by design: ``service messages skipped``."""
        self._skipped[what] += 1

    def note(self, what: str, action: str, position: str, excerpt: str = "") -> None:
        """Remember something that is told once a file, at its first place, with how often it occurred."""
        first = self._notes.get(what, (action, position, excerpt, 0))
        self._notes[what] = (*first[:3], first[3] + 1)

    def check(self, text: str, position: str) -> None:
        """Note text that holds lone surrogates or characters that could not be decoded."""
        if text.isascii():
            return
        if "\ufffd" not in text and "\ufffd" in well_formed(text):
            self.note("text with lone surrogates", "each replaced by U+FFFD", position, text)
        elif "\ufffd" in text:
            self.note("text with bytes that could not be decoded", "each stands as U+FFFD", position, text)

    def summary(self) -> Iterator[Problem]:
        """Yield one problem for each kind of thing that was counted."""
        for what, (action, position, excerpt, count) in self._notes.items():
            yield problem(self._stream, f"{what}: {count:,} in this file, here first", action, position, excerpt)
        if self._told > _MOST:
            yield problem(self._stream, f"further records that cannot be read: {self._told - _MOST:,}", "set aside")
        for what, count in sorted(self._skipped.items()):
            yield problem(self._stream, f"{what}: {count:,}", _NOTHING)
