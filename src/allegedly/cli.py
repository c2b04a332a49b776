"""The command line. Each command is a few lines over the library; its help is the reference in ``docs/cli.md``."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click
import msgspec

from allegedly import __version__
from allegedly.errors import AllegedlyError
from allegedly.progress import Progress
from allegedly.read import ReadOptions
from allegedly.records import Document, Problem, Summary

if TYPE_CHECKING:
    from allegedly.export import Form

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
    click.option(
        "--mapping", metavar="NAME|FILE", help="Column mapping for tables: a shipped one's name or a TOML file."
    ),
    click.option("--source", metavar="NAME", help="Source name for documents that name none."),
    click.option(
        "-p", "--processes", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes that annotate."
    ),
)


@main.command()
@_inputs
@click.option(
    "--into", "ledger", required=True, type=click.Path(path_type=Path), help="The ledger, a folder; made if new."
)
@_reading
@_quiet
@_json
def run(
    inputs: tuple[Path, ...],
    ledger: Path,
    mapping: str | None,
    source: str | None,
    processes: int,
    quiet: bool,
    as_json: bool,
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
    teller = _Teller(progress)
    documents = words = 0
    with _said_plainly(), _sink(output) as out:
        items = teller.documents(read(inputs, ReadOptions(mapping=mapping, source=source)))
        for annotation in annotate_all(items, processes=processes):
            out.write(msgspec.json.encode(annotation) + b"\n")
            for problem in annotation.problems:
                teller.tell(problem)
            documents, words = documents + 1, words + len(annotation.document.text.split())
            progress.stage("annotate", documents, words)
        progress.end()
    if not documents:
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
@click.option("--port", type=click.IntRange(1, 65535), default=8484, show_default=True, help="Port to listen on.")
@_open
def serve(ledger: Path, host: str, port: int, open_it: bool) -> None:
    """Show LEDGER in the browser, served from this machine to this machine."""
    from allegedly.ledger import Ledger
    from allegedly.show.serve import serve as serve_app

    address = f"http://{host}:{port}/"
    with _said_plainly():
        Ledger(ledger).connect().close()
        click.echo(f"{address}  (Ctrl-C ends it)", err=True)
        if open_it:
            threading.Timer(1.0, webbrowser.open, [address]).start()
        serve_app(Ledger(ledger), host=host, port=port)


@main.command()
@_ledger
@click.option(
    "--as", "form", type=click.Choice(["csv", "parquet", "jsonl"]), required=True, help="Format of the tables."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to write."
)
def export(ledger: Path, form: Form, output: Path) -> None:
    """Write every table of LEDGER to a file of its own, rows sorted by id.

    In CSV, a cell that a spreadsheet would run as a formula is given a leading apostrophe.
    """
    from allegedly.export import export as write_tables
    from allegedly.ledger import Ledger

    with _said_plainly():
        for table, rows in write_tables(Ledger(ledger), output, form).rows.items():
            click.echo(f"{rows:>10,}  {output / table}.{form}")


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


# ---------------------------------------------------------------- shared by commands

_PROBLEMS_SHOWN = 100


class _Teller:
    """Passes documents on and says each problem in its one line, up to a number that a person may still read."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._problems = 0

    def tell(self, problem: Problem) -> None:
        self._problems += 1
        if self._problems <= _PROBLEMS_SHOWN:
            self._progress.note(_printable(problem.line))
        elif self._problems == _PROBLEMS_SHOWN + 1:
            self._progress.note("… more problems follow; all are in the ledger's table `problems`")

    def telling(self, items: Iterable[Document | Problem]) -> Iterator[Document | Problem]:
        for item in items:
            if isinstance(item, Problem):
                self.tell(item)
            yield item

    def documents(self, items: Iterable[Document | Problem]) -> Iterator[Document]:
        return (item for item in self.telling(items) if isinstance(item, Document))


def _printable(line: str) -> str:
    """Replace what a terminal would obey: file names and texts come from strangers."""
    return "".join(c if c.isprintable() else "\ufffd" for c in line)


def _run(inputs: Sequence[Path], ledger: Path, options: ReadOptions, processes: int, quiet: bool) -> Summary:
    from allegedly.ledger import Ledger
    from allegedly.ledger.run import ingest
    from allegedly.read import read

    progress = Progress(quiet)
    items = _Teller(progress).telling(read(inputs, options))
    summary = ingest(items, Ledger(ledger), processes=processes, progress=progress.stage)
    progress.end()
    return summary


def _tell_summary(summary: Summary, ledger: Path, as_json: bool, quiet: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(summary))
    elif not quiet:
        problems = sum(summary.problems.values())
        kept = ", kept in the table `problems`" if problems else ""
        click.echo(
            f"{summary.documents:,} documents read: {summary.new:,} new, {summary.known:,} known before, "
            f"{summary.duplicates:,} repeated. {problems:,} problems{kept}."
        )
        click.echo(f"The ledger is {ledger}. Next: allegedly report {ledger} -o report.html")
    if not summary.finished:
        raise KeyboardInterrupt
    if not summary.documents:
        raise SystemExit(EXIT_NOTHING)


def _write_report(ledger: Path, output: Path, quiet: bool) -> None:
    from allegedly.ledger import Ledger
    from allegedly.show.report import write_report

    with _writing(output):
        write_report(Ledger(ledger), output)
    if not quiet:
        click.echo(f"The report is {output} ({output.stat().st_size / 1e6:,.1f} MB).")


@contextmanager
def _writing(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AllegedlyError(
            f"{output}: could not be written ({error.strerror}); name another place with -o"
        ) from error


def _open_file(path: Path) -> None:
    if not webbrowser.open(path.resolve().as_uri()):
        click.echo(f"No browser could be started here; open {path.resolve()} yourself.", err=True)


@contextmanager
def _sink(output: Path | None) -> Iterator[BinaryIO]:
    """Yield standard output, or a file that appears whole."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    draft = output.with_name(output.name + ".tmp")
    try:
        with _writing(output), draft.open("wb") as file:
            yield file
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)
