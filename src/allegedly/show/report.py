"""The report: one HTML file that holds the ledger, its texts and the client, and asks nothing of any network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from allegedly.show.page import report_page
from allegedly.show.payload import Ledger, build, encode, texts


def write_report(ledger: Ledger, path: Path | str, *, title: str = "", made_at: datetime | None = None) -> Path:
    """Write the report of `ledger` to `path` and return the path.

    The file appears whole or not at all; one that was there before is replaced. Without a `title` it is called by what
    the ledger is about. `made_at` is printed in the foot (now,
    unless given): with the same `made_at` the same ledger gives the same bytes. Raises `OSError` where `path` cannot
    be written.
    """
    path = Path(path)
    stamp = (made_at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="minutes").removesuffix("+00:00")
    with closing(ledger.connect()) as connection:
        payload = build(connection, title=title, made_at=stamp)
        with _replacing(path) as file:
            for piece in report_page(payload.title, encode(payload), (text for _, text in texts(connection))):
                file.write(piece)
    return path


@contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    """Open a file beside `path` that takes its place once it is whole."""
    file = NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=path.parent, suffix=".tmp", delete=False)  # noqa: SIM115
    try:
        with file:
            yield file
        Path(file.name).chmod(0o666 & ~_umask())
        Path(file.name).replace(path)
    except BaseException:
        Path(file.name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
