"""What commands share: places, and turning what went wrong into one line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from allegedly.errors import AllegedlyError
from allegedly.telling import plain

EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_NOTHING, EXIT_STOPPED = 0, 1, 2, 3, 130


class Place(click.Path):
    """A path that the database can be told of: it takes names in UTF-8 only."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            os.fsencode(value).decode("utf-8")
        except UnicodeDecodeError:
            self.fail(f"{plain(Path(value))}: this name is not valid UTF-8; choose another", param, ctx)
        return super().convert(value, param, ctx)


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
