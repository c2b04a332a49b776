"""What commands share: places, and turning what went wrong into one line and an exit code."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from allegedly.errors import AllegedlyError
from allegedly.telling import plain

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_NOTHING, EXIT_STOPPED = 0, 1, 2, 3, 130


class Place(click.Path):
    """A path that the database can be told of: it takes names in UTF-8 only."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            os.fsencode(value).decode("utf-8")
        except UnicodeDecodeError:
            self.fail(f"{plain(Path(value))}: this name is not valid UTF-8; choose another", param, ctx)
        return super().convert(value, param, ctx)


class Duration(click.ParamType[float]):
    """Seconds, or a number with a unit: 60s, 5m, 1h, 2d. Zero and below only where `signed`."""

    name = "duration"

    def __init__(self, signed: bool = False) -> None:
        self._signed = signed

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"\s*([+-]?\d+(?:\.\d+)?)\s*(s|m|min|h|d|)\s*", str(value).lower())
        if not found or not (self._signed or float(found[1]) > 0):
            self.fail(f"{value!r} is no length of time; write 60s, 5m, 1h or 2d", param, ctx)
        return float(found[1]) * _UNITS[found[2]]


@contextmanager
def said_plainly(when_stopped: str = "nothing was written") -> Iterator[None]:
    """Turn what went wrong into one line for a person and an exit code."""
    try:
        yield
    except AllegedlyError as error:
        click.echo(f"allegedly: {error}", err=True)
        raise SystemExit(EXIT_FAILED) from error
    except KeyboardInterrupt as stop:
        click.echo(f"\nallegedly: stopped; {when_stopped}", err=True)
        raise SystemExit(EXIT_STOPPED) from stop
    except BrokenPipeError as gone:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains again at exit
        raise SystemExit(EXIT_OK) from gone
    except OSError as error:
        click.echo(f"allegedly: {': '.join(str(p) for p in (error.filename, error.strerror) if p)}", err=True)
        raise SystemExit(EXIT_FAILED) from error
