"""What a run tells a person, and a script, of what it met and what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from allegedly.progress import Inputs, Progress
from allegedly.records import Document, Problem, Summary, printable

_ALIKE = 3
"""Problems of one kind that are told one by one."""
_LINES = 60
"""Problems of all kinds that are told one by one: what a person may still read."""
_KINDS = 1000
"""Kinds that are kept apart: a bound on memory."""
_KINDS_TOLD = 20


class Kind(msgspec.Struct):
    """Problems that say the same but for numbers and names: how many there are, and the first."""

    name: str
    first: Problem
    count: int = 0


def kind_of(problem: Problem) -> str:
    """Return what `problem` says without its particulars: numbers, quotations, what stands behind a bracket."""
    what = re.split(r"; | \(", problem.what, maxsplit=1)[0]
    what = re.sub(r"'[^']*'|\"[^\"]*\"", "…", what)
    return re.sub(r"\d[\d.,]*(?<=\d)", "N", what)


class Teller:
    """Hears of each problem, says the first few of a kind in a line each, and counts the others."""

    def __init__(self, progress: Progress, inputs: Inputs | None = None) -> None:
        self.kinds: dict[str, Kind] = {}
        self.gaps = Gaps()
        self._progress, self._inputs, self._lines, self._documents = progress, inputs, 0, 0

    def tell(self, problem: Problem) -> None:
        """Count `problem`, and say it while few like it were said."""
        name = kind_of(problem)
        if name not in self.kinds and len(self.kinds) >= _KINDS:
            name = "something else"
        kind = self.kinds.setdefault(name, Kind(name, problem))
        kind.count += 1
        if kind.count <= _ALIKE and self._lines < _LINES:
            self._lines += 1
            self._progress.note(("note: " if problem.is_note else "") + problem.line)
        elif kind.count == _ALIKE + 1:
            self._progress.note(f"… more like this are counted below: {printable(name)}")

    def telling(self, items: Iterable[Document | Problem]) -> Iterator[Document | Problem]:
        """Pass `items` on, telling the problems among them and how far reading has come."""
        for item in items:
            if isinstance(item, Problem):
                self.tell(item)
            else:
                self._documents += 1
            if self._inputs:
                self._inputs.reached(item.path if isinstance(item, Problem) else item.origin.path)
            self._progress.reading(self._documents)
            yield item

    def documents(self, items: Iterable[Document | Problem]) -> Iterator[Document]:
        """Pass the documents among `items` on, telling the problems."""
        return (item for item in self.telling(items) if isinstance(item, Document))

    def sorted_kinds(self, notes: bool) -> list[Kind]:
        """Return the kinds of notes, or of problems proper, most frequent first."""
        found = [kind for kind in self.kinds.values() if kind.first.is_note == notes]
        return sorted(found, key=lambda kind: (-kind.count, kind.name))


class Gaps(msgspec.Struct):
    """How many of the documents that a run added state no date, and how many no source."""

    undated: int = 0
    unsourced: int = 0

    def count(self, document: Document) -> None:
        """Count `document` where it lacks one."""
        self.undated += not document.published_at
        self.unsourced += document.source in ("", "unknown")

    @property
    def line(self) -> str:
        """What is missing and what to do, in one line; empty where nothing is."""
        if not (self.undated or self.unsourced):
            return ""
        missing = [f"{counted(self.undated, 'has', 'have')} no date"] if self.undated else []
        missing += [f"{counted(self.unsourced, 'has', 'have')} no source"] if self.unsourced else []
        advice = "name them atop each text (docs/formats/text.md)"
        return f"Of the new, {' and '.join(missing)}: {advice}{', or give --source' if self.unsourced else ''}."


@contextmanager
def heard(inputs: Sequence[Path], quiet: bool) -> Iterator[tuple[Teller, Progress]]:
    """Give what tells a person of the problems and the progress of reading `inputs`, and close its line at the end."""
    counts = None if quiet else Inputs(inputs)
    progress = Progress(quiet, inputs=counts)
    try:
        yield Teller(progress, counts), progress
    finally:
        progress.end()


class Holdings(msgspec.Struct, frozen=True):
    """What a ledger holds: rows by table, documents by language; whether statements were compared by meaning."""

    rows: dict[str, int]
    languages: dict[str, int]
    by_meaning: bool


def holdings(path: Path) -> Holdings:
    """Count what the ledger at `path` holds. Raises `LedgerError` where no run of it has finished."""
    from allegedly.ledger import Ledger

    tables = ("documents", "claims", "events", "conflicts", "narratives")
    with Ledger(path).connect() as con:
        rows = {name: int((con.execute(f"SELECT count(*) FROM {name}").fetchone() or (0,))[0]) for name in tables}
        found = con.execute("SELECT language, count(*) FROM documents GROUP BY ALL ORDER BY 2 DESC, 1").fetchall()
        by_meaning = con.execute("SELECT vectors <> '' FROM made_by").fetchone() == (True,)
    return Holdings(rows, {language or "unknown": int(count) for language, count in found}, by_meaning)


def summary_json(summary: Summary, ledger: Path, teller: Teller, held: Holdings | None) -> bytes:
    """Return what `summary_text` says as one line of JSON."""
    kinds = teller.sorted_kinds(notes=False) + teller.sorted_kinds(notes=True)
    told: dict[str, Any] = {
        **msgspec.structs.asdict(summary),
        "ledger": plain(ledger),
        "holds": held and {**held.rows, "languages": held.languages, "read_whole_only": _whole(held),
                           "compared_by_meaning": held.by_meaning},
        "new_without_date": teller.gaps.undated,
        "new_without_source": teller.gaps.unsourced,
        "problem_kinds": [
            {"what": k.name, "count": k.count, "note": k.first.is_note, "stage": k.first.stage,
             "action": k.first.action, "first": k.first.where} for k in kinds
        ],
    }  # fmt: skip
    return msgspec.json.encode(told)


def summary_text(summary: Summary, ledger: Path, teller: Teller, held: Holdings | None) -> str:
    """Return what a run did, what the ledger holds, and what went wrong, in lines for a person."""
    lines = [_read(summary)]
    if held and held.rows["documents"]:
        lines += [_holds(held, ledger), *_languages(held)]
    lines += [teller.gaps.line] if teller.gaps.line else []
    kept = ", kept in the ledger's table `problems` and shown in its report" if held or not summary.finished else ""
    return "\n".join([*lines, *problem_lines(teller, kept)])


def problem_lines(teller: Teller, kept: str = "") -> Iterator[str]:
    """Yield what went wrong, then what was left out by design: a line a kind, most frequent first."""
    for notes, word in ((False, "problem"), (True, "note")):
        kinds = teller.sorted_kinds(notes)
        if kinds:
            yield f"{counted(sum(kind.count for kind in kinds), word)}{kept}:"
        for kind in kinds[:_KINDS_TOLD]:
            yield printable(f"{kind.count:>6,}  {_told(kind)}")
        if len(kinds) > _KINDS_TOLD:
            yield f"        and {counted(len(kinds) - _KINDS_TOLD, 'kind')} more"


def formats_text() -> str:
    """Return the formats and the column mappings as two lists."""
    from allegedly.read import formats
    from allegedly.read.mapping import shipped

    listed = [(r.name, f"{r.summary} ({' '.join(r.endings)})" if r.endings else r.summary) for r in formats()]
    mappings = sorted((mapping.name, mapping.summary) for mapping in shipped())
    writer = click.HelpFormatter(max_width=120)
    for heading, rows in (
        ("Formats, alone or mixed in a folder or an archive", listed),
        ("Column mappings for csv, json and parquet, chosen by the columns or with --mapping", mappings),
    ):
        with writer.section(heading):
            writer.write_dl(rows)
    return writer.getvalue().rstrip()


def counted(count: int, word: str, plural: str = "") -> str:
    """Return ``1 problem`` or ``1,200 problems``."""
    return f"{count:,} {word if count == 1 else plural or word + 's'}"


def plain(path: Path) -> str:
    """Return `path` as text that can be printed and encoded, whatever bytes its name has."""
    return printable(str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))


def _read(summary: Summary) -> str:
    parts = [f"{summary.new:,} new"]
    parts += [f"{summary.known:,} known before"] if summary.known else []
    parts += [f"{summary.duplicates:,} repeated"] if summary.duplicates else []
    return f"{counted(summary.documents, 'document')} read: {', '.join(parts)}."


def _holds(held: Holdings, ledger: Path) -> str:
    first, *rest = (counted(count, name.removesuffix("s")) for name, count in held.rows.items())
    return f"{plain(ledger)} now holds {first}: {', '.join(rest)}."


def _languages(held: Holdings) -> Iterator[str]:
    whole = _whole(held)
    parsed = [language for language in held.languages if language not in whole]
    for languages, how in ((parsed, "parsed"), (whole, "read whole, as statements of their sources, not parsed")):
        if languages:
            yield f"  {how}: {', '.join(f'{name} {held.languages[name]:,}' for name in languages)}"
    if len(held.languages) > 1 and not held.by_meaning:
        yield "  narratives: by words, within a language; `allegedly vectors status` says how to compare languages"


def _whole(held: Holdings) -> list[str]:
    from allegedly.annotate.parse import PARSED_LANGUAGES

    return [language for language in held.languages if language not in PARSED_LANGUAGES]


def _told(kind: Kind) -> str:
    if kind.count == 1:
        return kind.first.line
    return f"{kind.name}; {kind.first.action} (first: {kind.first.where})"
