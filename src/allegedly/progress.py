"""One line that says how far long work has come: documents, words, rates, time, and time left where it can be told."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

_REFRESH = 0.2
"""Seconds between two drawings on a terminal."""
_LOG = 15.0
"""Seconds between two lines where the output is no terminal."""
_SOON = 3.0
"""Seconds before which nobody can say how long the rest will take."""


class Inputs:
    """How much of `inputs`, by bytes on the disk, has been read. They are added up meanwhile, in a thread."""

    def __init__(self, inputs: Iterable[Path]) -> None:
        self._paths = list(inputs)
        self._total, self._done, self._path = 0, 0, ""
        threading.Thread(target=self._add_up, daemon=True).start()

    def reached(self, path: str) -> None:
        """Say that reading has come to `path` (as in `Origin.path`), so the file before it is done."""
        path = path.partition("!/")[0]
        if path != self._path:
            self._done, self._path = self._done + _size(self._path), path

    @property
    def fraction(self) -> float:
        """Part that is done, 0 to 1; 0 while the total is not known."""
        return min(1.0, self._done / self._total) if self._total else 0.0

    def _add_up(self) -> None:
        self._total = sum(_size(file) for path in self._paths for file in ([path] if path.is_file() else _files(path)))


def _files(folder: Path) -> Iterable[str]:
    return (str(Path(place, name)) for place, _, names in os.walk(folder) for name in names if name[0] != ".")


def _size(path: str | Path) -> int:
    try:
        return os.stat(path).st_size if path else 0  # noqa: PTH116  half the cost of a Path, for each file
    except (OSError, ValueError):
        return 0


class Progress:
    """Tells a person on standard error how far work has come. `stage` fits wherever the library takes a callback."""

    def __init__(self, quiet: bool = False, stream: TextIO | None = None, inputs: Inputs | None = None) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._terminal = self._stream.isatty()
        self._inputs = inputs
        self._stage, self._documents, self._words, self._start, self._drawn = "", 0, 0, 0.0, 0.0

    def reading(self, documents: int) -> None:
        """Say that so many documents were read. Shown only until some are annotated: reading is a part of that."""
        if self._stage in ("", "read"):
            self.stage("read", documents, 0)
        else:
            self._draw()

    def stage(self, stage: str, documents: int, words: int) -> None:
        """Say that `stage` has come to so many documents and words (0 where words do not count)."""
        if stage != self._stage:
            if (self._stage, stage) != ("read", "annotate"):
                self.end()
                self._start = time.monotonic()
                self._drawn = 0.0 if self._terminal else self._start
            self._stage = stage
        self._documents, self._words = documents, words
        self._draw()

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

    def _draw(self) -> None:
        now = time.monotonic()
        if not self._quiet and now - self._drawn >= (_REFRESH if self._terminal else _LOG):
            self._drawn = now
            self._write(self._line(now) + self._left(now - self._start))

    def _line(self, now: float) -> str:
        seconds = max(now - self._start, 1e-9)
        words = f", {self._words:,} words, {self._words / seconds:,.0f} words/s" if self._words else ""
        documents = f"{self._documents:,} document{'' if self._documents == 1 else 's'}"
        return f"{self._stage}: {documents}{words}, {duration(seconds)}"

    def _left(self, seconds: float) -> str:
        done = self._inputs.fraction if self._inputs and self._stage in ("read", "annotate") else 0.0
        if not 0 < done < 1 or seconds < _SOON:
            return ""
        return f", {done:.0%} of the input, about {duration(seconds * (1 - done) / done)} left"

    def _write(self, line: str, last: bool = False) -> None:
        if self._terminal:
            width = shutil.get_terminal_size().columns - 1  # a line that wraps cannot be drawn over
            self._stream.write("\r\x1b[K" + line[:width] + ("\n" if last else ""))
        else:
            self._stream.write(line + "\n")
        self._stream.flush()


def duration(seconds: float) -> str:
    """Return `seconds` as a person says it: ``12 s``, ``3 min 05 s``, ``2 h 10 min``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
