"""Files and folders to streams: sorted, hidden names skipped, every folder entered once."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from allegedly.read._base import Limits, Stream
from allegedly.read._common import HEAD, read_up_to
from allegedly.records import Problem

Found = Stream | Problem
_Seen = set[tuple[int, int]]

_OURS = {"ledger.duckdb", "export.json"}
"""A folder with one of these was written by us: reading it again would take rows for texts."""


def walk(inputs: Iterable[str | Path], limits: Limits) -> Iterator[Found]:
    """Yield a stream for each file of `inputs`, in the order given and by name within folders.

    A path is the name as given, with the relative path inside a folder. What cannot be opened gives a `Problem`.
    Symbolic links are followed, but no folder is entered twice.
    """
    for given in inputs:
        path, name = Path(given), shown(given)
        yield from _folder(path, name, "", set(), limits) if path.is_dir() else [_file(path, name, "", limits)]


def hidden(path: str) -> bool:
    """Whether a part of a relative path is hidden: dot files, and what macOS adds to archives."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.split("/"))


def shown(path: str | Path) -> str:
    """A path as text that can be stored: bytes of file names that are no UTF-8 appear as ``\\xNN``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _folder(folder: Path, name: str, source: str, seen: _Seen, limits: Limits) -> Iterator[Found]:
    try:
        status = folder.stat()
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield _unopened(name, error)
        return
    if (status.st_dev, status.st_ino) in seen:
        yield Problem(path=name, what="leads to a folder already read", action="not entered again")
        return
    seen.add((status.st_dev, status.st_ino))
    if _OURS & {path.name for path in entries}:
        yield Problem(path=name, what="is a ledger or an export of Allegedly", action="not read as input")
        return
    for path in entries:
        if not hidden(path.name):
            yield from _entry(path, f"{name.rstrip('/')}/{shown(path.name)}", source, seen, limits)


def _entry(path: Path, name: str, source: str, seen: _Seen, limits: Limits) -> Iterator[Found]:
    if path.is_dir():
        yield from _folder(path, name, source or shown(path.name), seen, limits)
    else:
        yield _file(path, name, source, limits)


def _file(path: Path, name: str, source: str, limits: Limits) -> Found:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return Problem(path=name, what="is no regular file", action="left alone; copy it to a file first")
        if status.st_size > limits.file:
            return Problem(path=name, what=f"is longer than {limits.file:,} bytes", action="set aside; split it")
        with path.open("rb") as file:
            head = read_up_to(file, HEAD)
    except (OSError, ValueError) as error:
        return _unopened(name, error)
    return _stream(path, name, status, head, source)


def _stream(path: Path, name: str, status: os.stat_result, head: bytes, source: str) -> Stream:
    def opened() -> BinaryIO:
        return path.open("rb")

    modified = datetime.fromtimestamp(status.st_mtime, UTC).replace(microsecond=0).isoformat()
    return Stream(path=name, size=status.st_size, head=head, open=opened, folder=source, modified=modified)


def _unopened(name: str, error: OSError | ValueError) -> Problem:
    reason = (getattr(error, "strerror", None) or str(error)).lower()
    return Problem(path=name, what=f"cannot be opened: {reason}", action="left out; check its name and rights")
