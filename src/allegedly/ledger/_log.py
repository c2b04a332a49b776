"""Append-only logs: one JSON record a line."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from allegedly.ledger.disk import sync
from allegedly.records import Record

R = TypeVar("R", bound=Record)


def append(path: Path, record: Record) -> None:
    """Add `record` to the log at `path` in one write and wait until it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    with path.open("ab+", buffering=0) as log:
        line = msgspec.json.encode(record) + b"\n"
        log.write(line if _ends_well(path) else b"\n" + line)
        os.fsync(log.fileno())
    if new:
        sync(path.parent)


def _ends_well(path: Path) -> bool:
    """Return False where a writer died in the middle of the last line."""
    with path.open("rb") as log:
        if log.seek(0, os.SEEK_END) == 0:
            return True
        log.seek(-1, os.SEEK_END)
        return log.read() == b"\n"


def read(path: Path, record: type[R]) -> list[R]:
    """Return the records of the log at `path`, oldest first.

    A line that does not parse was torn when its writer died, which was never told that it had been written: it is
    passed by.
    """
    found: list[R] = []
    for line in path.read_bytes().split(b"\n") if path.exists() else ():
        with suppress(msgspec.MsgspecError):
            found.append(msgspec.json.decode(line, type=record))
    return found
