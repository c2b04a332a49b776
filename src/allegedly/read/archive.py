"""Zip, gz and tar: their members as streams, guarded by the bytes they really unpack to.

Nothing is unpacked under a member's own name, so no name can do harm. Members are read where they lie; only an archive
inside an archive, and members of a tar, go through a temporary file.
"""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Protocol, cast

import msgspec

from allegedly.read._base import Item, Limits, Meter, ReadOptions, Refused, Stream
from allegedly.read._common import HEAD, explained, problem, read_up_to
from allegedly.read._kinds import is_office
from allegedly.read.walk import hidden

_FREE = 10 * 2**20
_HEADER = 30


class Source(Protocol):
    """What a guard reads from."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class Guarded(io.RawIOBase):
    """A member being unpacked: counts its bytes, charges the fresh ones, and stops a bomb with `Refused`."""

    def __init__(self, source: Source, charge: Callable[[int], None], most: int) -> None:
        self._source, self._charge, self._most, self._count = source, charge, most, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] # as BufferedReader calls it
        data = self._source.read(len(buffer))
        self._count += len(data)
        if self._count > self._most:
            raise Refused(f"unpacks to more than {self._most:,} bytes", "set aside; unpack it yourself if you trust it")
        self._charge(self._count)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._source.close()
        super().close()


def guarded(open_source: Callable[[], Source], meter: Meter, most: int) -> Callable[[], BinaryIO]:
    """Return an `open` for a stream. However often it is opened, each byte is charged to `meter` once."""
    high = 0

    def charge(count: int) -> None:
        nonlocal high
        fresh, high = count - high, max(high, count)
        if fresh > 0:
            meter.charge(fresh)

    return lambda: cast(BinaryIO, io.BufferedReader(Guarded(open_source(), charge, most), HEAD))


def enter(stream: Stream, limits: Limits) -> Meter:
    """Return the meter of the archive `stream`. Raises `Refused` when it sits too deep inside others."""
    if stream.depth >= limits.depth:
        raise Refused(f"sits inside {stream.depth} archives", "set aside; unpack the outer ones first")
    return stream.meter or Meter(stream.size, limits)


def member(stream: Stream, name: str, size: int, opened: Callable[[], BinaryIO], meter: Meter) -> Stream | Item:
    """Return the stream of a member of `stream`, or the `Problem` of one whose first bytes cannot be read."""
    inner = Stream(
        path=f"{stream.path}!/{name}",
        size=size,
        head=b"",
        open=opened,
        folder=stream.folder,
        modified=stream.modified,
        depth=stream.depth + 1,
        meter=meter,
    )
    try:
        with opened() as file:
            return msgspec.structs.replace(inner, head=read_up_to(file, HEAD))
    except Exception as error:  # zipfile raises RuntimeError, NotImplementedError and more for hostile members
        return explained(error, inner)


class ZipReader:
    name = "zip"
    summary = "zip archives of any of these"
    endings: tuple[str, ...] = (".zip",)

    def sniff(self, stream: Stream) -> float:
        return 0.8 if stream.head.startswith((b"PK\3\4", b"PK\5\6")) and not is_office(stream.head) else 0.0

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item | Stream]:
        meter = enter(stream, options.limits)
        with _seekable(stream) as file, zipfile.ZipFile(file) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and self.wants(info.filename)]
            _check_layout(infos, options.limits)
            shared = _shared_folder([info.filename for info in infos])
            for info in sorted(infos, key=lambda info: info.filename):
                yield from _zip_member(archive, info, stream, meter, options.limits, shared)
                if meter.exhausted:
                    raise Refused("unpacks to more than it may in all", "the rest is set aside")

    def wants(self, name: str) -> bool:
        """Whether a member is to be read."""
        return not hidden(name.replace("../", ""))


class WaczReader(ZipReader):
    name = "wacz"
    summary = "web archive collections (WACZ): the WARC files in them"
    endings = (".wacz",)

    def sniff(self, stream: Stream) -> float:
        marks = b"archive/" in stream.head and b".warc" in stream.head
        package = b"datapackage.json" in stream.head and (b"pages/" in stream.head or b"indexes/" in stream.head)
        return 0.95 if super().sniff(stream) and (marks or package or stream.path.endswith(".wacz")) else 0.0

    def wants(self, name: str) -> bool:
        return name.startswith("archive/") and name.endswith((".warc", ".warc.gz"))


class GzReader:
    name = "gz"
    summary = "gzip files of any of these, also compressed tar archives"
    endings = (".gz", ".tgz")

    def sniff(self, stream: Stream) -> float:
        return 0.7 if stream.head.startswith(b"\x1f\x8b\x08") else 0.0

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item | Stream]:
        meter = enter(stream, options.limits)
        opened = guarded(lambda: _Gunzip(stream.open()), meter, options.limits.member)
        yield member(stream, _inner_name(stream.path), -1, opened, meter)


class TarReader:
    name = "tar"
    summary = "tar archives of any of these"
    endings = (".tar",)

    def sniff(self, stream: Stream) -> float:
        return 0.8 if stream.head[257:262] == b"ustar" else 0.0

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item | Stream]:
        meter = enter(stream, options.limits)
        with stream.open() as file, tarfile.open(fileobj=file, mode="r|") as archive, _folder() as folder:
            for number, info in enumerate(archive):
                if number >= options.limits.members:
                    raise Refused(f"holds more than {options.limits.members:,} members", "the rest is set aside")
                if info.isfile() and not hidden(info.name.replace("../", "")):
                    yield from _tar_member(archive, info, stream, meter, folder / "member")


class _Gunzip(gzip.GzipFile):
    """Closes the file it reads, which `gzip.GzipFile` leaves to its owner."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(fileobj=file, mode="rb")
        self._owned = file

    def close(self) -> None:
        super().close()
        self._owned.close()


def _zip_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, stream: Stream, meter: Meter, limits: Limits, shared: int
) -> Iterator[Item | Stream]:
    inner = _placed(stream, info.filename, shared)
    if _is_unsafe(info.filename):
        yield _unsafe(stream, info.filename)
    if info.flag_bits & 1:
        path = msgspec.structs.replace(inner, path=f"{stream.path}!/{info.filename}")
        yield problem(path, "is encrypted", "set aside; unpack it with its password and read the folder")
        return
    most = min(limits.member, max(_FREE, info.compress_size * limits.ratio))
    yield member(inner, info.filename, info.file_size, guarded(lambda: archive.open(info), meter, most), meter)


def _tar_member(
    archive: tarfile.TarFile, info: tarfile.TarInfo, stream: Stream, meter: Meter, path: Path
) -> Iterator[Item | Stream]:
    if _is_unsafe(info.name):
        yield _unsafe(stream, info.name)
    content = archive.extractfile(info)
    if content:
        with path.open("wb") as file:
            shutil.copyfileobj(content, file)
        yield member(_placed(stream, info.name, 0), info.name, info.size, lambda: path.open("rb"), meter)


def _check_layout(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse too many members, and members that share bytes (Fifield 2019, A better zip bomb)."""
    if len(infos) > limits.members:
        raise Refused(f"holds more than {limits.members:,} members", "set aside; split it")
    for one, other in pairwise(sorted(infos, key=lambda info: info.header_offset)):
        if one.header_offset + _HEADER + one.compress_size > other.header_offset:
            raise Refused("has members that overlap, as a zip bomb does", "set aside; fetch it again")


def _placed(stream: Stream, name: str, shared: int) -> Stream:
    """`stream` with the folder that a member lies in, below `shared` folders that hold all members."""
    folders = [part for part in PurePosixPath(name).parts[shared:-1] if part not in ("..", "/")]
    return msgspec.structs.replace(stream, folder=stream.folder or (folders[0] if folders else ""))


def _shared_folder(names: list[str]) -> int:
    """1 when all members lie in one folder, which then names no source; else 0."""
    tops = {name.partition("/")[0] for name in names}
    return int(len(tops) == 1 and all(name.count("/") > 1 for name in names))


def _is_unsafe(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or name[1:3] == ":\\"


def _unsafe(stream: Stream, name: str) -> Item:
    named = msgspec.structs.replace(stream, path=f"{stream.path}!/{name}")
    return problem(named, "has a name that points outside its archive", "read all the same; nothing was written there")


def _inner_name(path: str) -> str:
    name = PurePosixPath(path.rpartition("!/")[2]).name
    stem, ending = PurePosixPath(name).stem, PurePosixPath(name).suffix.lower()
    return f"{stem}.tar" if ending == ".tgz" else stem if ending == ".gz" else name


@contextmanager
def _seekable(stream: Stream) -> Iterator[IO[bytes]]:
    """Open `stream` for reading in any order, through a temporary file if need be."""
    with stream.open() as file:
        if file.seekable():
            yield file
            return
        with tempfile.SpooledTemporaryFile(max_size=2**24) as spooled:
            shutil.copyfileobj(file, spooled, 2**20)
            yield cast(IO[bytes], spooled)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="allegedly-") as name:
        yield Path(name)
