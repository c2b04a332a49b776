"""One line that says how far long work has come: done, rate, time left."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_REFRESH = 0.2
"""Seconds between two drawings on a terminal."""
_LOG = 10.0
"""Seconds between two lines where the output is no terminal."""


class Progress:
    """Counts work and tells a person, on standard error. `total` may be unknown (None)."""

    def __init__(self, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._terminal = self._stream.isatty()
        self._label, self._total, self._done, self._start, self._drawn = "", None, 0, 0.0, 0.0

    def begin(self, label: str, total: int | None = None) -> None:
        """Start a stage, such as ``annotate``, of `total` units."""
        self.end()
        self._label, self._total, self._done = label, total, 0
        self._start = self._drawn = time.monotonic()

    def advance(self, units: int = 1) -> None:
        """Count `units` more of the stage as done."""
        self._done += units
        now = time.monotonic()
        if not self._quiet and now - self._drawn >= (_REFRESH if self._terminal else _LOG):
            self._drawn = now
            self._write(self._line(now))

    def end(self) -> None:
        """Close the stage with a last line."""
        if self._label and not self._quiet:
            self._write(self._line(time.monotonic()), last=True)
        self._label = ""

    def note(self, text: str) -> None:
        """Say something between two drawings of the line."""
        if not self._quiet:
            self._stream.write(("\r\x1b[K" if self._terminal else "") + text + "\n")
            self._stream.flush()

    def _line(self, now: float) -> str:
        seconds = max(now - self._start, 1e-9)
        rate = self._done / seconds
        of = f" of {self._total:,}" if self._total else ""
        left = f", {_duration((self._total - self._done) / rate)} left" if self._total and rate else ""
        return f"{self._label}: {self._done:,}{of}, {rate:,.1f}/s, {_duration(seconds)}{left}"

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
