"""What the ledger asks of a file system: folders renamed into place, locks that die with their holder, clear errors."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from allegedly.errors import AllegedlyError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)


class LedgerError(AllegedlyError):
    """A ledger cannot be used as asked. The message says why and what to do, in one line."""


class LedgerFull(LedgerError):
    """There is no space left."""


class LedgerReadOnly(LedgerError):
    """The ledger can be read but not written."""


@contextmanager
def explained(ledger: Path) -> Iterator[None]:
    """Turn a full disk and a missing permission into a `LedgerError`; other errors pass."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        if (explanation := _explanation(error, ledger)) is None:
            raise
        raise explanation from error


def _explanation(error: Exception, ledger: Path) -> LedgerError | None:
    def is_one_of(codes: tuple[int, ...]) -> bool:
        number = getattr(error, "errno", None)
        return number in codes or (number is None and any(os.strerror(code) in str(error) for code in codes))

    if is_one_of(_FULL):
        return LedgerFull(
            f"{ledger}: no space left on the disk; nothing is lost or half written: make room, then run the same "
            "command again"
        )
    if is_one_of(_READ_ONLY):
        return LedgerReadOnly(
            f"{ledger}: cannot be written here ({error}); reading works: to add to it, copy it to where you may write"
        )
    return None


@contextmanager
def draft(ledger: Path) -> Iterator[Path]:
    """Give a new folder under ``LEDGER/writing``, held while its writer lives; what is still there at the end goes."""
    folder, held = _held_folder(ledger / "writing")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


@contextmanager
def draft_beside(place: Path) -> Iterator[Path]:
    """Give a new folder beside `place`; what is still there at the end goes."""
    place.parent.mkdir(parents=True, exist_ok=True)
    folder = place.parent / f".{place.name}.{uuid.uuid4().hex}.tmp"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def swap(made: Path, place: Path) -> None:
    """Rename the folder `made` to `place`; what was there goes once the new one is in."""
    old = made.with_suffix(".old")
    if place.exists():
        place.rename(old)
    made.rename(place)
    sync(place.parent)
    shutil.rmtree(old, ignore_errors=True)


def _held_folder(parent: Path) -> tuple[Path, int]:
    while True:
        folder = parent / uuid.uuid4().hex
        folder.mkdir(parents=True)
        with suppress(FileNotFoundError):  # a cleaner may come before the lock
            held = os.open(folder, os.O_RDONLY)
            _lock(held, fcntl.LOCK_EX)
            if folder.exists():
                return folder, held
            os.close(held)


def clean(ledger: Path) -> None:
    """Remove the drafts of writers that are dead. Their locks died with them; where locks do not work, none is."""
    for folder in _folders(ledger / "writing"):
        with suppress(OSError):
            held = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(held)


def _folders(parent: Path) -> list[Path]:
    try:
        return [path for path in parent.iterdir() if path.is_dir()]
    except FileNotFoundError:
        return []


@contextmanager
def lock(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the lock on `folder`; without `wait`, give False where somebody else holds it.

    Locks save work and never guard correctness, so where the file system has none this goes on without.
    """
    held = os.open(folder, os.O_RDONLY)
    try:
        yield _lock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    finally:
        os.close(held)


def _lock(held: int, how: int) -> bool:
    try:
        fcntl.flock(held, how)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def commit(folder: Path, place: Path) -> None:
    """Rename the finished `folder` to `place`, so that it is there whole, even after a power cut, or not at all."""
    for path in folder.iterdir():
        sync(path)
    sync(folder)
    folder.rename(place)
    sync(place.parent)


def sync(path: Path) -> None:
    """Wait until `path` (a file or a folder) is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def discard(folder: Path, ledger: Path) -> None:
    """Take `folder` out of sight at once, then delete it."""
    gone = ledger / "writing" / uuid.uuid4().hex
    with suppress(FileNotFoundError):
        folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)
