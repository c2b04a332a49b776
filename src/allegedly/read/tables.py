"""Tables of posts and articles: CSV, JSON (lines, a list, or a list inside an object) and Parquet.

Each reader turns its file into records; one pipeline finds the mapping that fits the first of them and makes documents.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from io import BytesIO
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import msgspec

from allegedly.read import _csv, _json, mapping, posts
from allegedly.read._base import Item, ReadOptions, Refused, Stream
from allegedly.read._common import at, problem, source_of
from allegedly.read._survey import Survey, survey, text, utf8
from allegedly.read._tally import Tally
from allegedly.read.decode import peek
from allegedly.read.mapping import Mapping, Record
from allegedly.records import Document, Origin

_SAMPLE = 50
_SAMPLE_BYTES = 2**20
_ROWS = 500
_LISTS = frozenset(
    ("posts", "feed", "data", "items", "records", "results", "messages", "tweets", "statuses", "articles", "rows")
)
_LIST = re.compile(r'\s*(?:[A-Za-z_$][\w$.]*\s*=\s*)?\[\s*(?:\{|"|\[\s*["\d{\[]|-?\d[\d.]*\s*,|\]\s*\Z)')
_OBJECT = re.compile(r'\s*\x1e?\{\s*["}]')
_UNMAPPED = "set aside; write a mapping that names its columns and pass it with --mapping (docs/formats/mapping.md)"
_UNREAD = "kept without a time; say how times are written in a mapping ([time] formats)"


class Raw(msgspec.Struct, frozen=True, kw_only=True):
    """One record as it came out of its file, or why it could not."""

    position: str
    record: Record = {}
    fault: str = ""
    excerpt: str = ""
    size: int = 0


class CsvReader:
    name = "csv"
    summary = "tables of posts as CSV or TSV with a header, through a column mapping"
    endings: tuple[str, ...] = (".csv", ".tsv", ".tab")

    def sniff(self, stream: Stream) -> float:
        shape = _csv.shape_of(peek(stream.head))
        if not shape:
            return 0.0
        if shape.even and shape.rows and mapping.choose([dict.fromkeys(shape.header, "x")]):
            return 0.8
        return 0.5 if PurePosixPath(stream.path).suffix.lower() in self.endings else 0.0

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item]:
        found = survey(stream)
        shape = _csv.shape_of(stream.head[found.mark :].decode(found.encoding, "replace"))
        if not shape:
            raise Refused("is no table with a header", "set aside; give each column a name in the first line")
        with text(stream, found) as file:
            raws = _csv_records(_csv.rows(file, shape, options.limits.text), shape.header)
            yield from _documents(stream, raws, options, found, self.name)


class JsonReader:
    name = "json"
    summary = "posts as JSON lines, a JSON list, or a list inside a JSON object, through a column mapping"
    endings: tuple[str, ...] = (".jsonl", ".ndjson", ".json", ".js")

    def sniff(self, stream: Stream) -> float:
        return 0.8 if _layout(peek(stream.head)) else 0.0

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item]:
        found, layout = survey(stream), _layout(peek(stream.head))
        with utf8(stream, found) as file:
            raws = _json_lines(file, options.limits.record)
            if layout != "lines":
                raws = _json_elements(file, options.limits.record, layout)
            if layout == "object":
                raws = _or_whole(raws, stream, found, options.limits.record)
            yield from _documents(stream, raws, options, found, self.name)


class ParquetReader:
    name = "parquet"
    summary = "tables of posts as Parquet, through a column mapping"
    endings: tuple[str, ...] = (".parquet", ".pq")

    def sniff(self, stream: Stream) -> float:
        return 0.8 if stream.head.startswith(b"PAR1") else 0.0

    def read(self, stream: Stream, options: ReadOptions) -> Iterator[Item]:
        found = survey(stream)
        with tempfile.TemporaryDirectory(prefix="allegedly-") as folder:
            path = Path(folder) / "table.parquet"
            _place(stream, path)
            yield from _documents(stream, _parquet_records(path), options, found, self.name)


# ---------------------------------------------------------------- records to documents


def _documents(stream: Stream, raws: Iterator[Raw], options: ReadOptions, found: Survey, reader: str) -> Iterator[Item]:
    """Choose a mapping by the first records, then yield documents and problems, and the tally last."""
    sample, refusal = _sample(raws)
    records = [raw.record for raw in sample if raw.record]
    if refusal and not records:
        raise refusal
    if not (chosen := _chosen(records, options)):
        yield _unmapped(stream, sample, records)
        return
    of = _Context(
        stream=stream,
        mapping=chosen,
        sha256=found.sha256,
        reader=f"{reader} ({chosen.name})",
        source=source_of(stream, options),
        tally=Tally(stream),
    )
    try:
        for raw in chain(sample, raws):
            yield from _item(raw, of)
    except Refused as error:
        refusal = error
    yield from of.tally.summary()
    if refusal:
        raise refusal


def _sample(raws: Iterator[Raw]) -> tuple[list[Raw], Refused | None]:
    """The first records: enough to tell the format, few enough for little memory; and what ended them."""
    sample: list[Raw] = []
    try:
        for raw in islice(raws, _SAMPLE):
            sample.append(raw)
            if sum(raw.size for raw in sample) > _SAMPLE_BYTES:
                break
    except Refused as error:
        return sample, error
    return sample, None


def _chosen(records: list[Record], options: ReadOptions) -> Mapping | None:
    return mapping.resolve(mapping.load(options.mapping), records) if options.mapping else mapping.choose(records)


def _unmapped(stream: Stream, sample: list[Raw], records: list[Record]) -> Item:
    if not sample:
        return problem(stream, "holds no records", "nothing to do")
    if not records:
        return problem(stream, f"holds no record that can be read; the first {sample[0].fault}", _UNMAPPED)
    names = list(dict.fromkeys(name for record in records for name in record))
    listed = ", ".join(names[:40]) + (" …" if len(names) > 40 else "")
    return problem(stream, f"no column holds a text by any known name; its columns are: {listed[:1000]}", _UNMAPPED)


class _Context(msgspec.Struct, frozen=True, kw_only=True):
    """What is the same for all records of a file."""

    stream: Stream
    mapping: Mapping
    sha256: str
    reader: str
    source: str
    tally: Tally


def _item(raw: Raw, of: _Context) -> Iterator[Item]:
    if raw.fault:
        yield from of.tally.tell(raw.fault, "this record is set aside", raw.position, raw.excerpt)
    elif not mapping.selected(of.mapping, raw.record):
        of.tally.skip("records of another kind skipped")
    elif not (body := posts.text_of(raw.record, of.mapping)).strip():
        of.tally.skip("records without text skipped")
    else:
        of.tally.check(body, raw.position)
        yield _document(raw, of)


def _document(raw: Raw, of: _Context) -> Document:
    where = Origin(
        path=of.stream.path,
        position=at(of.stream, raw.position),
        raw_sha256=of.sha256,
        retrieved_at=of.stream.retrieved,
    )
    made = posts.document(raw.record, of.mapping, where, of.reader, of.source)
    if not made.published_at and (stated := posts.stated_time(raw.record, of.mapping)):
        of.tally.note("a time that cannot be read", _UNREAD, raw.position, stated)
    return made


# ---------------------------------------------------------------- files to records


def _csv_records(rows: Iterator[_csv.Row], header: list[str]) -> Iterator[Raw]:
    """Rows behind the header as records; of columns of the same name the first counts."""
    for row in islice(rows, 1, None):
        if row.fault:
            yield Raw(position=f"line {row.line}", fault=row.fault, excerpt="".join(row.cells))
        elif any(map(str.strip, row.cells)):
            record: Record = {}
            for name, cell in zip(header, row.cells, strict=False):
                record.setdefault(name, cell)
            yield Raw(position=f"line {row.line}", record=record, size=sum(map(len, row.cells)))


def _json_lines(file: BinaryIO, limit: int) -> Iterator[Raw]:
    number = 0
    while line := file.readline(limit + 1):
        number += 1
        if len(line) > limit:
            while line and not line.endswith(b"\n"):
                line = file.readline(limit)
            yield Raw(position=f"line {number}", fault=f"is longer than {limit:,} bytes")
        elif stripped := line.strip(b"\x1e \t\r\n"):
            yield _raw(stripped, f"line {number}")


def _json_elements(file: BinaryIO, limit: int, layout: str) -> Iterator[Raw]:
    wanted = _is_top if layout == "list" else _is_list
    for element in _json.elements(file, wanted, limit):
        yield _raw(element.raw, f"record {element.number}")


def _or_whole(raws: Iterator[Raw], stream: Stream, found: Survey, limit: int) -> Iterator[Raw]:
    """The records; or the object as the only one, if it holds no list of records but a dated text."""
    first = next(raws, None)
    if first is not None:
        yield first
        yield from raws
        return
    with utf8(stream, found) as file:
        raw = file.read(limit + 1)
    if len(raw) > limit:
        raise Refused(f"is one JSON object of more than {limit:,} bytes without a list of records", _UNMAPPED)
    whole = _raw(raw, "")
    chosen = mapping.choose([whole.record]) if whole.record else None
    if whole.record and not (chosen and chosen.columns.time):
        raise Refused("is one JSON object without a list of records or a dated text", _UNMAPPED)
    yield whole


def _raw(raw: bytes, position: str) -> Raw:
    excerpt = raw[:500].decode("utf-8", "replace")
    try:
        value = _json.parse(raw)
    except RecursionError:
        return Raw(position=position, fault="is nested too deeply", excerpt=excerpt)
    except ValueError as error:
        return Raw(position=position, fault=f"is no valid JSON ({error})", excerpt=excerpt)
    if not isinstance(value, dict):
        return Raw(position=position, fault="is no JSON object", excerpt=excerpt)
    return Raw(position=position, record=value, size=len(raw))


def _parquet_records(path: Path) -> Iterator[Raw]:
    """Rows of a Parquet file. DuckDB streams them as JSON, which keeps nesting and states times in UTC."""
    import duckdb

    number = 0
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": "512MB",
        "autoinstall_known_extensions": False,
    }
    try:
        with duckdb.connect(config=settings) as database:
            database.execute("SET TimeZone = 'UTC'")
            database.execute("SELECT to_json(allegedly_row) FROM read_parquet(?) AS allegedly_row", [str(path)])
            while rows := database.fetchmany(_ROWS):
                for (row,) in rows:
                    number += 1
                    yield _raw(row.encode("utf-8", "replace"), f"row {number}")
    except duckdb.Error as error:
        raise Refused(f"is no Parquet file that can be read ({str(error).splitlines()[0]})") from error


def _place(stream: Stream, path: Path) -> None:
    """Put the bytes of `stream` at `path`: a link where they are a file of their own, else a copy."""
    with stream.open() as file:
        name = getattr(file, "name", None)
        if not stream.depth and isinstance(name, str) and Path(name).is_file():
            path.symlink_to(Path(name).resolve())
            return
        with path.open("wb") as copy:
            shutil.copyfileobj(file, copy)


# ---------------------------------------------------------------- layouts of JSON


def _layout(start: str) -> str:
    """How JSON is laid out, by its start: ``lines``, ``list``, ``object`` (a list inside), or empty for no JSON."""
    if _LIST.match(start):
        return "list"
    if not _OBJECT.match(start):
        return ""
    line, newline, rest = start.strip("\x1e \t\r\n").partition("\n")
    try:
        value = _json.parse(line.encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return "object" if newline or _wraps(start) else "lines"
    return "object" if not rest.strip() and _holds_list(value) else "lines"


def _is_top(path: _json.Path) -> bool:
    return not path


def _is_list(path: _json.Path) -> bool:
    return 0 < len(path) <= 3 and "*" not in path and path[-1].casefold() in _LISTS


def _holds_list(value: Any) -> bool:
    return isinstance(value, dict) and any(
        (isinstance(inner, list) and _is_list((name,))) or _holds_list(inner) for name, inner in value.items()
    )


def _wraps(start: str) -> bool:
    """Whether a list of records begins within `start`, an object cut off by the end of the sample."""
    seen = False

    def wanted(path: _json.Path) -> bool:
        nonlocal seen
        seen = seen or _is_list(path)
        return False

    try:
        for _ in _json.elements(BytesIO(start.encode("utf-8", "replace")), wanted, len(start) * 4):
            pass
    except Refused:
        pass
    return seen
