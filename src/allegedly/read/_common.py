"""What readers share: loading within limits, naming the source, building problems."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from allegedly.read._base import ReadOptions, Refused, Stream
from allegedly.records import Origin, Problem, well_formed

HEAD = 65536


def load(stream: Stream, limit: int) -> bytes:
    """Return all bytes of `stream`. Raises `Refused` when there are more than `limit`."""
    with stream.open() as file:
        raw = read_up_to(file, limit + 1)
    if len(raw) > limit:
        raise Refused(f"is longer than {limit:,} bytes", "set aside; split it, or read it with a higher limit")
    return raw


def read_up_to(file: BinaryIO, size: int) -> bytes:
    """Read `size` bytes, or what there is: one `read` of a decompressor may give less."""
    parts, left = [], size
    while left > 0 and (part := file.read(min(left, 2**20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def origin(stream: Stream, raw: bytes, position: str = "") -> Origin:
    """Where a document read from `raw` was found."""
    return Origin(
        path=stream.path,
        position=at(stream, position),
        raw_sha256=hashlib.sha256(raw).hexdigest(),
        retrieved_at=stream.retrieved,
    )


def at(stream: Stream, position: str = "") -> str:
    """`position` behind the position of the stream itself."""
    return " ".join(filter(None, (stream.position, position)))


def source_of(stream: Stream, options: ReadOptions) -> str:
    """Name of the source of a text that names none: as the person says, else by folder, else ``unknown``."""
    return options.source or stream.folder or "unknown"


def problem(stream: Stream, what: str, action: str = "set aside", position: str = "", excerpt: str = "") -> Problem:
    """A `Problem` of `stream`, well formed and cut to size."""
    return Problem(
        path=stream.path,
        position=at(stream, position),
        what=well_formed(what),
        action=well_formed(action),
        excerpt=well_formed(excerpt[:500]),
    )
