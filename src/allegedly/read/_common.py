"""What readers share: loading within limits, naming the source, building problems."""

from __future__ import annotations

import gzip
import hashlib
import tarfile
import zipfile
import zlib
from typing import BinaryIO
from urllib.parse import urlsplit

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


def sha256(raw: bytes) -> str:
    """SHA-256 of raw bytes as lowercase hex."""
    return hashlib.sha256(raw).hexdigest()


def origin(stream: Stream, raw_sha256: str, position: str = "") -> Origin:
    """Where a document was found that was read from bytes with the given hash."""
    return Origin(
        path=stream.path,
        position=at(stream, position),
        raw_sha256=raw_sha256,
        retrieved_at=stream.retrieved,
    )


def at(stream: Stream, position: str = "") -> str:
    """`position` behind the position of the stream itself."""
    return " ".join(filter(None, (stream.position, position)))


def source_of(stream: Stream, options: ReadOptions) -> str:
    """Source of a text that names none: as the person says, else its host, else its folder, else ``unknown``."""
    return options.source or host(stream.url) or stream.folder or "unknown"


def host(url: str) -> str:
    """Host of an address without ``www.``; empty when there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def problem(stream: Stream, what: str, action: str = "set aside", position: str = "", excerpt: str = "") -> Problem:
    """A `Problem` of `stream`, well formed and cut to size."""
    return Problem(
        path=stream.path,
        position=at(stream, position),
        what=well_formed(what),
        action=well_formed(action),
        excerpt=well_formed(excerpt[:500]),
    )


def explained(error: Exception, stream: Stream) -> Problem:
    """The `Problem` that stands for an exception raised while reading `stream`."""
    if isinstance(error, Refused):
        return problem(stream, str(error), error.action)
    if isinstance(error, EOFError | zlib.error | zipfile.BadZipFile | gzip.BadGzipFile | tarfile.TarError):
        return problem(stream, f"is cut off or damaged ({error})", "what came before is kept; fetch it again")
    if isinstance(error, NotImplementedError):
        return problem(stream, f"cannot be unpacked ({error})", "set aside; unpack it yourself and read the folder")
    if isinstance(error, MemoryError | RecursionError):
        return problem(stream, "is too large or too deeply nested to read", "set aside; split it")
    if isinstance(error, OSError):
        return problem(stream, f"cannot be read: {error.strerror or error}", "what came before is kept; try again")
    name = type(error).__name__
    return problem(stream, f"could not be read ({name}: {str(error)[:200]})", "what came before is kept; please report")
