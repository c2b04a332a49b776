"""One line that says how far long work has come: documents, words, rates, time."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_REFRESH = 0.2
"""Seconds between two drawings on a terminal."""
_LOG = 15.0
"""Seconds between two lines where the output is no terminal."""


class Progress:
    """Tells a person on standard error how far work has come. `stage` fits wherever the library takes a callback."""

    def __init__(self, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._terminal = self._stream.isatty()
        self._stage, self._documents, self._words, self._start, self._drawn = "", 0, 0, 0.0, 0.0

    def stage(self, stage: str, documents: int, words: int) -> None:
        """Say that `stage` has come to so many documents and words (0 where words do not count)."""
        now = time.monotonic()
        if stage != self._stage:
            self.end()
            self._stage, self._start, self._drawn = stage, now, 0.0 if self._terminal else now
        self._documents, self._words = documents, words
        if not self._quiet and now - self._drawn >= (_REFRESH if self._terminal else _LOG):
            self._drawn = now
            self._write(self._line(now))

    def end(self) -> None:
        """Close the stage with a last line."""
        if self._stage and not self._quiet:
            self._write(self._line(time.monotonic()), last=True)
        self._stage = ""

    def note(self, text: str) -> None:
        """Say something between two drawings of the line."""
        if not self._quiet:
            self._stream.write(("\r\x1b[K" if self._terminal else "") + text + "\n")
            self._stream.flush()

    def _line(self, now: float) -> str:
        seconds = max(now - self._start, 1e-9)
        words = f", {self._words:,} words, {self._words / seconds:,.0f} words/s" if self._words else ""
        return f"{self._stage}: {self._documents:,} documents{words}, {_duration(seconds)}"

    def _write(self, line: str, last: bool = False) -> None:
        if self._terminal:
            self._stream.write("\r\x1b[K" + line + ("\n" if last else ""))
        else:
            self._stream.write(line + "\n")
        self._stream.flush()


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
