"""The command line. Each command is a few lines over the library; its help is the reference in ``docs/cli.md``."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click
import msgspec

from allegedly import __version__
from allegedly.errors import AllegedlyError
from allegedly.progress import Progress
from allegedly.read import ReadOptions

EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_NOTHING, EXIT_STOPPED = 0, 1, 2, 3, 130

EPILOG = """
\b
Exit codes
  0    done; inputs that were set aside are counted and named, and do not change the code
  1    it could not be done; the message says why and what to do
  2    the command was called wrongly
  3    no document could be read from the inputs
  130  stopped by Ctrl-C; the same command carries on
"""


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="allegedly")
def main() -> None:
    """Who says who did it, when they said it, and who says it with them.

    Allegedly reads articles, feeds, chat exports and posts into a ledger: every event, every attributed claim and every
    account, tied to the exact characters that say so. It takes no side: each row is what somebody says.

    \b
    Try it:   allegedly demo
    Use it:   allegedly run FILES… --into my.ledger
              allegedly report my.ledger -o report.html
    """


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what went wrong into one line for a person and an exit code."""
    try:
        yield
    except AllegedlyError as error:
        click.echo(f"allegedly: {error}", err=True)
        raise SystemExit(EXIT_FAILED) from error
    except KeyboardInterrupt as stop:
        click.echo("\nallegedly: stopped. What was finished is kept; run the same command again to carry on.", err=True)
        raise SystemExit(EXIT_STOPPED) from stop
    except BrokenPipeError as gone:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123  keeps Python from complaining again at exit
        raise SystemExit(EXIT_OK) from gone


def _options(*decorators: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


_LEDGER = click.Path(path_type=Path, exists=True, file_okay=False)
_inputs = click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="INPUT…")
_ledger = click.argument("ledger", type=_LEDGER, metavar="LEDGER")
_quiet = click.option("-q", "--quiet", is_flag=True, help="No progress and no list of problems on standard error.")
_json = click.option("--json", "as_json", is_flag=True, help="Print the summary as one line of JSON, for scripts.")
_open = click.option("--open/--no-open", "open_it", default=False, help="Open the result in the browser.")
_reading = _options(
    click.option("--mapping", metavar="NAME|FILE", help="Column mapping for tables: a shipped one's name or a TOML file."),
    click.option("--source", metavar="NAME", help="Source name for documents that name none."),
    click.option(
        "-p", "--processes", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes that annotate."
    ),
)


@main.command()
@_inputs
@click.option("--into", "ledger", required=True, type=click.Path(path_type=Path), help="The ledger, a folder; made if new.")
@_reading
@_quiet
@_json
def run(
    inputs: tuple[Path, ...], ledger: Path, mapping: str | None, source: str | None, processes: int, quiet: bool, as_json: bool
) -> None:
    """Read and annotate INPUTs, files and folders of any mix, into a ledger.

    Documents that the ledger holds already are skipped, so the same command carries on where a stopped one ended. What
    cannot be read is named in one line each, set aside in the ledger's table `problems`, and counted.
    """
    with _said_plainly():
        summary = _run(inputs, ledger, ReadOptions(mapping=mapping, source=source), processes, quiet)
        _tell_summary(summary, ledger, as_json, quiet)


@main.command()
@_inputs
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write here instead of printing.")
@_reading
@_quiet
def annotate(
    inputs: tuple[Path, ...], output: Path | None, mapping: str | None, source: str | None, processes: int, quiet: bool
) -> None:
    """Read and annotate INPUTs and print one line of JSON a document, without a ledger.

    The fields are described in docs/records.md (record `Annotation`); spans count Unicode code points of `text`.
    """
    from allegedly.engines import annotate_all
    from allegedly.read import read

    progress = Progress(quiet)
    with _said_plainly(), _sink(output) as out:
        progress.begin("annotate")
        documents = _documents(read(inputs, ReadOptions(mapping=mapping, source=source)), progress)
        count = 0
        for annotation in annotate_all(documents, processes=processes):
            out.write(msgspec.json.encode(annotation) + b"\n")
            for problem in annotation.problems:
                progress.note(problem.line)
            progress.advance()
            count += 1
        progress.end()
    if not count:
        raise SystemExit(EXIT_NOTHING)


@main.command()
@_ledger
@click.option(
    "-o", "--output", default="report.html", show_default=True, type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write.",
)  # fmt: skip
@_open
@_quiet
def report(ledger: Path, output: Path, open_it: bool, quiet: bool) -> None:
    """Write LEDGER as one HTML file that opens anywhere and asks nothing of the network."""
    with _said_plainly():
        _write_report(ledger, output, quiet)
        if open_it:
            _open_file(output)


@main.command()
@_ledger
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8181, show_default=True, help="Port; 0 takes a free one.")
@_open
def serve(ledger: Path, host: str, port: int, open_it: bool) -> None:
    """Show LEDGER in the browser, served from this machine to this machine."""
    from allegedly.ledger import Ledger
    from allegedly.show.serve import serve as serve_app

    with _said_plainly():
        serve_app(Ledger(ledger), host=host, port=port, open_browser=open_it)


@main.command()
@_ledger
@click.option("--as", "form", type=click.Choice(["csv", "parquet", "jsonl"]), required=True, help="Format of the tables.")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to write.")
def export(ledger: Path, form: str, output: Path) -> None:
    """Write every table of LEDGER to a file of its own, rows sorted by id.

    In CSV, a cell that a spreadsheet would run as a formula is given a leading apostrophe.
    """
    from allegedly.export import export as write_tables
    from allegedly.ledger import Ledger

    with _said_plainly():
        for path in write_tables(Ledger(ledger), output, form):
            click.echo(path)


@main.command()
@click.option(
    "--into", "folder", type=click.Path(path_type=Path), default="allegedly-demo", show_default=True,
    help="Folder for the ledger and the report.",
)  # fmt: skip
@click.option("--open/--no-open", "open_it", default=True, show_default=True, help="Open the report in the browser.")
@_quiet
def demo(folder: Path, open_it: bool, quiet: bool) -> None:
    """Run the bundled sample case, an invented crisis, and open its report."""
    from allegedly.sample import sample_documents

    with _said_plainly():
        ledger, page = folder / "ledger", folder / "report.html"
        summary = _run([sample_documents()], ledger, ReadOptions(), 1, quiet)
        _tell_summary(summary, ledger, False, quiet)
        _write_report(ledger, page, quiet)
        if open_it:
            _open_file(page)


@main.command()
def formats() -> None:
    """List the formats that can be read. Each has a page under docs/formats/."""
    from allegedly.read import formats as readers

    for reader in readers():
        endings = " ".join(reader.endings)
        click.echo(f"{reader.name:<16} {reader.summary}{f' ({endings})' if endings else ''}")
