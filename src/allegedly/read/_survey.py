"""One pass over a file before it is read as records: its hash, its encoding, and streams of UTF-8 or text from it."""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from typing import BinaryIO, TextIO

import msgspec

from allegedly.read._base import Stream
from allegedly.read._common import HEAD
from allegedly.read.decode import encoding_of

_CUT_CHARACTER = re.compile(rb"\A[\x80-\xbf]{1,3}")


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    encoding: str
    """Python's name of the codec; empty for binary data."""
    mark: int
    """Bytes of byte order mark."""


def survey(stream: Stream) -> Survey:
    """Hash all of `stream` and find its encoding from its first bytes that are not ASCII, wherever they stand."""
    digest, sample = hashlib.sha256(), b""
    with stream.open() as file:
        while chunk := file.read(HEAD):
            digest.update(chunk)
            if not sample and not chunk.isascii():
                sample = chunk
    encoding, mark = encoding_of(stream.head, stream.charset)
    if encoding == "utf-8" and stream.head.isascii() and sample:
        encoding, _ = encoding_of(_CUT_CHARACTER.sub(b"", sample), stream.charset)
    return Survey(sha256=digest.hexdigest(), encoding=encoding or "utf-8", mark=mark)


def utf8(stream: Stream, found: Survey) -> BinaryIO:
    """Open `stream` as UTF-8 without a byte order mark. What is UTF-8 already, even broken, passes unchanged."""
    file = stream.open()
    file.read(found.mark)
    return file if found.encoding == "utf-8" else io.BufferedReader(_Transcoded(file, found.encoding), HEAD)


def text(stream: Stream, found: Survey) -> TextIO:
    """Open `stream` as text with its newlines as they are; what cannot be decoded becomes U+FFFD."""
    file = stream.open()
    file.read(found.mark)
    return io.TextIOWrapper(file, encoding=found.encoding, errors="replace", newline="")


class _Transcoded(io.RawIOBase):
    """A binary stream of `file`, which is in `encoding`, as UTF-8."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            chunk = self._file.read(HEAD)
            self._ready = self._decoder.decode(chunk, final=not chunk).encode("utf-8", "replace")
            if not chunk:
                break
        size = min(len(buffer), len(self._ready))
        buffer[:size], self._ready = self._ready[:size], self._ready[size:]
        return size

    def close(self) -> None:
        self._file.close()
        super().close()
