"""The command line. Each command is a few lines over the library; its help is the reference in ``docs/cli.md``."""

from __future__ import annotations

import os
import socket
import sys
import threading
import webbrowser
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click
import msgspec

from allegedly import __version__
from allegedly.cli_common import EXIT_NOTHING, Place, said_plainly
from allegedly.errors import AllegedlyError
from allegedly.records import Annotation, Document, OriginRow, Problem, Summary
from allegedly.telling import Teller, formats_text, heard, holdings, plain, problem_lines, summary_json, summary_text

if TYPE_CHECKING:
    from allegedly.export import Form
    from allegedly.ledger import Ledger
    from allegedly.read import ReadOptions

_HELD_BACK = 10_000
"""Problems that are held in memory before a ledger is made for them."""

EPILOG = """
\b
Exit codes:
  0    done; what could not be read was set aside, named and counted
  1    it could not be done; the message says why and what to do
  2    the command was called wrongly
  3    no document could be read from the inputs
  130  stopped by Ctrl-C; `run` carries on when called again
"""


class _InOrderOfUse(click.Group):
    """Lists commands as a newcomer meets them: in the order in which they are defined below."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    cls=_InOrderOfUse,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="allegedly")
def main() -> None:
    """Who says who did it, when they said it, and who says it with them.

    Allegedly reads articles, feeds, chat exports and posts into a ledger: every event, every attributed claim and every
    account of an event, tied to the exact characters that say so. It takes no side: each row is what somebody says.

    \b
    Try it:   allegedly demo
    Use it:   allegedly run FILES… --into my.ledger
              allegedly report my.ledger -o report.html
    """
    for stream in (sys.stdout, sys.stderr):  # a terminal that lacks a character of a file's name is no reason to fail
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")


def _options(*decorators: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


def _known_mapping(context: click.Context, parameter: click.Parameter, name: str | None) -> str | None:
    if name is None:
        return None
    from allegedly.read._base import Refused
    from allegedly.read.mapping import load

    try:
        load(name)
        return name
    except Refused as error:
        raise click.BadParameter(f"{error}; {error.action}", context, parameter) from error


_inputs = click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="INPUT…")
_ledger = click.argument("ledger", type=Place(path_type=Path), metavar="LEDGER")
_quiet = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
_title = click.option("--title", default="", metavar="TEXT", help="Heading; made from what was read unless given.")
_open = click.option("--open/--no-open", "open_it", default=False, help="Open it in the browser.")
_reading = _options(
    click.option(
        "--mapping", metavar="NAME|FILE", callback=_known_mapping,
        help="Which column of a table is what: one of `allegedly formats`, or a TOML file. Guessed unless given.",
    ),
    click.option("--source", metavar="NAME", help="Source of documents that name none themselves."),
    click.option(
        "-p", "--processes", type=click.IntRange(1, 256), default=1, show_default=True,
        help="Processes that annotate at once.",
    ),
    click.option(
        "--min-confidence", type=click.FloatRange(0, 1), default=0.0, show_default=True, metavar="0…1",
        help="Leave out claims that are less sure; 0.9 means right nine times in ten.",
    ),
)  # fmt: skip


@main.command(short_help="Read and annotate files and folders into a ledger.")
@_inputs
@click.option(
    "--into", "ledger", required=True, metavar="LEDGER", type=Place(path_type=Path),
    help="The ledger, a folder; made if it is not there.",
)  # fmt: skip
@_reading
@_quiet
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one line of JSON, for scripts.")
def run(
    inputs: tuple[Path, ...],
    ledger: Path,
    mapping: str | None,
    source: str | None,
    processes: int,
    min_confidence: float,
    quiet: bool,
    as_json: bool,
) -> None:
    """Read and annotate INPUTs, files and folders of any mix, into a ledger.

    Formats are told by content (`allegedly formats`). Documents that the ledger holds already are skipped, so the same
    command carries on where a stopped one ended, and a new file costs no more than itself. What cannot be read is named
    in a line, set aside, and kept in the ledger's table `problems`; it does not stop the run.

    \b
    allegedly run articles/ export.zip result.json posts.csv --into my.ledger
    """
    with said_plainly("what was finished is kept: run the same command again to carry on"):
        from allegedly.read import ReadOptions

        _refuse_missing(inputs)
        _refuse_other_folder(ledger)
        summary, teller = _run(
            inputs, ledger, ReadOptions(mapping=mapping, source=source), processes, quiet, min_confidence
        )
        _tell_summary(summary, teller, ledger, as_json, quiet)
        if not (as_json or quiet):
            click.echo(f"Next: allegedly report {plain(ledger)} -o report.html")


@main.command(short_help="Write a ledger as one HTML file.")
@_ledger
@click.option(
    "-o", "--output", default="report.html", show_default=True, type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write.",
)  # fmt: skip
@_title
@_open
@_quiet
def report(ledger: Path, output: Path, title: str, open_it: bool, quiet: bool) -> None:
    """Write LEDGER as one HTML file that opens anywhere and asks nothing of the network."""
    with said_plainly():
        _write_report(_readable(ledger), output, quiet, title)
        if open_it:
            _open_file(output)


@main.command(short_help="Show a ledger in the browser, on this machine.")
@_ledger
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; there is no login.")
@click.option("--port", type=click.IntRange(1, 65535), default=8484, show_default=True, help="Port to listen on.")
@_title
@_open
def serve(ledger: Path, host: str, port: int, title: str, open_it: bool) -> None:
    """Show LEDGER in the browser, served from this machine to this machine, until Ctrl-C.

    What a `run` adds meanwhile is there when the page is loaded again.
    """
    from allegedly.show.serve import serve as serve_app

    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    with said_plainly("no longer served"):
        found = _readable(ledger)
        _refuse_taken(host, port)
        click.echo(f"{address}  (Ctrl-C ends it)", err=True)
        if open_it:
            threading.Timer(1.0, webbrowser.open, [address]).start()
        serve_app(found, host=host, port=port, title=title)


@main.command(short_help="Write the tables of a ledger as CSV, Parquet or JSON lines.")
@_ledger
@click.option(
    "--as", "form", type=click.Choice(["csv", "parquet", "jsonl"]), required=True, help="Format of the tables."
)
@click.option("-o", "--output", type=Place(path_type=Path, file_okay=False), required=True, help="The folder to write.")
@_quiet
def export(ledger: Path, form: Form, output: Path, quiet: bool) -> None:
    """Write every table of LEDGER to a file of its own, rows sorted by id.

    The same documents give the same bytes, in whatever order they were read. In CSV, a cell that a spreadsheet would
    run as a formula is given a leading apostrophe. The columns are described in docs/records.md.
    """
    from allegedly.export import export as write_tables

    with said_plainly():
        for table, rows in write_tables(_readable(ledger), output, form).rows.items():
            if not quiet:
                click.echo(f"{rows:>10,}  {plain(output / table)}.{form}")


@main.command(short_help="Print annotations as JSON lines, without a ledger.")
@_inputs
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write here instead of printing.")
@_reading
@_quiet
def annotate(
    inputs: tuple[Path, ...],
    output: Path | None,
    mapping: str | None,
    source: str | None,
    processes: int,
    min_confidence: float,
    quiet: bool,
) -> None:
    """Read and annotate INPUTs and print one line of JSON a document, without a ledger.

    The fields are described in docs/records.md (record `Annotation`); spans count Unicode code points of `text`.

    \b
    allegedly annotate article.txt | jq '.claims[] | [.speaker.name, .act]'
    """
    documents = words = 0
    with said_plainly("documents that were not printed are not kept"), _sink(output) as out:
        from allegedly.annotate.confident import confident
        from allegedly.engines import annotate_all
        from allegedly.read import ReadOptions, read

        _refuse_missing(inputs)
        with heard(inputs, quiet) as (teller, progress):
            items = teller.documents(read(inputs, ReadOptions(mapping=mapping, source=source)))
            for annotation in annotate_all(items, processes=processes):
                out.write(msgspec.json.encode(confident(annotation, min_confidence)) + b"\n")
                for problem in annotation.problems:
                    teller.tell(problem)
                documents, words = documents + 1, words + len(annotation.document.text.split())
                progress.stage("annotate", documents, words)
        for line in problem_lines(teller):
            progress.note(line)
    if not documents:
        raise SystemExit(EXIT_NOTHING)


@main.command(short_help="Run the bundled sample case and open its report.")
@click.option(
    "--into", "folder", type=Place(path_type=Path), default="allegedly-demo", show_default=True,
    help="Folder for the ledger and the report.",
)  # fmt: skip
@click.option("--open/--no-open", "open_it", default=True, show_default=True, help="Open the report in the browser.")
@_quiet
def demo(folder: Path, open_it: bool, quiet: bool) -> None:
    """Run the bundled sample case, an invented crisis between invented countries, and open its report."""
    with said_plainly("run the same command again to carry on"):
        from allegedly.ledger import Ledger
        from allegedly.read import ReadOptions
        from allegedly.sample import sample_documents

        ledger, page = folder / "ledger", folder / "report.html"
        summary, teller = _run([sample_documents()], ledger, ReadOptions(), 1, quiet)
        _tell_summary(summary, teller, ledger, False, quiet)
        _write_report(Ledger(ledger), page, quiet)
        if not quiet:
            click.echo("Next, with files of your own: allegedly run FILES… --into my.ledger")
        if open_it:
            _open_file(page)


@main.command(short_help="List what can be read.")
def formats() -> None:
    """List the formats that can be read, and the column mappings for tables of posts.

    Formats are told by content, whatever a file is called. Each has a page under docs/formats/.
    """
    with said_plainly():
        click.echo(formats_text())
        sys.stdout.flush()


# ---------------------------------------------------------------- shared by commands


def _refuse_missing(inputs: Sequence[Path]) -> None:
    """Say which inputs are not there, where none is: a mistyped name makes no ledger."""
    if not any(os.path.exists(path) for path in inputs):  # noqa: PTH110  Path.exists raises where rights are missing
        for path in inputs:
            click.echo(f"allegedly: {plain(path)}: there is no such file or folder; check the name", err=True)
        raise SystemExit(EXIT_NOTHING)


def _refuse_other_folder(path: Path) -> None:
    """Say before anything is read that the place for the ledger holds something else: the pile itself, say."""
    from allegedly.ledger import Ledger
    from allegedly.ledger.disk import LedgerError

    if path.exists() and not Ledger(path).exists and (not path.is_dir() or any(path.iterdir())):
        raise LedgerError(f"{plain(path)}: is not a ledger and not empty; name another folder")


def _refuse_taken(host: str, port: int) -> None:
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind, protocol) as one:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                one.bind(address)
    except OSError as error:
        raise AllegedlyError(f"cannot listen on {host} port {port} ({error.strerror}); name another --port") from error


def _readable(path: Path) -> Ledger:
    """Return the ledger, having said so where it holds more than its last finished run linked."""
    from allegedly.ledger import Ledger

    ledger = Ledger(path)
    ledger.connect().close()
    if not ledger.current:
        click.echo(
            f"note: {plain(path)} holds documents of a run that has not finished; they are shown once it has: "
            "run the same command again",
            err=True,
        )
    return ledger


def _run(
    inputs: Sequence[Path], path: Path, options: ReadOptions, processes: int, quiet: bool, min_confidence: float = 0.0
) -> tuple[Summary, Teller]:
    from allegedly.ledger.run import ingest
    from allegedly.read import read

    with heard(inputs, quiet) as (teller, progress):
        items = teller.telling(read(inputs, options))
        ledger = _counting(path, teller)
        if not ledger.exists:
            items, found = _peeked(items)
            if not found:
                return _nothing_read(teller), teller
        summary = ingest(
            items,
            ledger,
            processes=processes,
            min_confidence=min_confidence,
            progress=progress.stage,
            on_problem=teller.tell,
        )
        return summary, teller


def _counting(path: Path, teller: Teller) -> Ledger:
    """Return the ledger, which tells `teller` of each document that is added."""
    from allegedly.ledger import Ledger
    from allegedly.ledger.ledger import Added

    class Counting(Ledger):
        def add(
            self,
            annotations: Iterable[Annotation],
            problems: Iterable[Problem] = (),
            origins: Iterable[OriginRow] = (),
        ) -> Added:
            new = list(annotations)
            added = super().add(new, problems, origins)
            for annotation in new:
                teller.gaps.count(annotation.document)
            return added

    return Counting(path)


def _peeked(items: Iterable[Document | Problem]) -> tuple[Iterator[Document | Problem], bool]:
    """Return `items` whole, and whether there is a document, or more problems than can be held back, among them."""
    coming, held = iter(items), list[Document | Problem]()
    for item in coming:
        held.append(item)
        if isinstance(item, Document) or len(held) >= _HELD_BACK:
            return chain(held, coming), True
    return iter(held), False


def _nothing_read(teller: Teller) -> Summary:
    """Return the summary of a run that met no document and so made no ledger."""
    problems: Counter[str] = Counter()
    for kind in teller.kinds.values():
        problems[kind.first.stage] += kind.count
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Summary(started_at=now, finished=True, problems=dict(problems))


def _tell_summary(summary: Summary, teller: Teller, ledger: Path, as_json: bool, quiet: bool) -> None:
    """Print what came of a run, and end here where it was stopped or found nothing."""
    from allegedly.ledger import Ledger

    wanted = summary.finished and (as_json or not quiet)
    held = holdings(ledger) if wanted and Ledger(ledger).exists else None
    if as_json:
        click.echo(summary_json(summary, ledger, teller, held))
    elif not quiet:
        click.echo(summary_text(summary, ledger, teller, held))
    if not summary.finished:
        raise KeyboardInterrupt
    if not summary.documents:
        raise SystemExit(EXIT_NOTHING)


def _write_report(ledger: Ledger, output: Path, quiet: bool, title: str = "") -> None:
    from allegedly.show.report import write_report

    with _writing(output):
        write_report(ledger, output, title=title)
    if not quiet:
        click.echo(f"The report is {plain(output)} ({output.stat().st_size / 1e6:,.1f} MB).")


@contextmanager
def _writing(output: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise AllegedlyError(
            f"{plain(output)}: could not be written ({error.strerror}); name another place with -o"
        ) from error


def _open_file(path: Path) -> None:
    if not webbrowser.open(path.resolve().as_uri()):
        click.echo(f"No browser could be started here; open {plain(path.resolve())} yourself.", err=True)


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


from allegedly.cli_coincide import coincide  # noqa: E402
from allegedly.cli_synchrony import synchrony  # noqa: E402
from allegedly.cli_vectors import vectors  # noqa: E402

main.add_command(synchrony)
main.add_command(coincide)
main.add_command(vectors)
