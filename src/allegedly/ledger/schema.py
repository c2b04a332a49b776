"""Every table of a ledger, derived from `allegedly.records`: DDL, columns for JSON and keys come from here alone."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from msgspec import inspect

from allegedly import records
from allegedly.records import Record

FORMAT = 2
"""Version of what a segment holds. Raise it when a column changes its meaning, its type or its name."""


class Table(NamedTuple):
    """A table with its record. `key` names the columns that tell rows apart."""

    name: str
    record: type[Record]
    key: tuple[str, ...]

    @property
    def columns(self) -> dict[str, str]:
        """Map the name of each column to its DuckDB type, ids first."""
        return _columns(self.record)

    @property
    def owner(self) -> str:
        """The column with the id of the document that a row belongs to."""
        return "id" if self.name == "documents" else "document"


SEGMENT_TABLES: dict[str, Table] = {
    name: Table(name, record, key)
    for name, record, key in (
        ("documents", records.DocumentRow, ("id",)),
        ("origins", records.OriginRow, ("id",)),
        ("claims", records.ClaimRow, ("id",)),
        ("document_actors", records.DocumentActorRow, ("id",)),
        ("document_events", records.DocumentEventRow, ("id",)),
        ("times", records.TimeRow, ("id",)),
        ("places", records.PlaceRow, ("id",)),
        ("relations", records.RelationRow, ("id",)),
        ("problems", records.ProblemRow, ("id",)),
    )
}
"""Tables that segments hold."""

LOOSE = ("origins", "problems")
"""Segment tables whose rows may come after their document, or without one."""

LINKED_TABLES: dict[str, Table] = {
    name: Table(name, record, key)
    for name, record, key in (
        ("actors", records.LinkedActor, ("id",)),
        ("actor_links", records.ActorLink, ("document_actor",)),
        ("events", records.LinkedEvent, ("id",)),
        ("event_links", records.EventLink, ("document_event",)),
        ("accounts", records.Account, ("id",)),
        ("conflicts", records.Conflict, ("id",)),
        ("narratives", records.Narrative, ("id",)),
        ("echoes", records.Echo, ("id",)),
        ("narrative_changes", records.NarrativeChange, ("narrative", "change", "other")),
    )
}
"""Tables that link derives across documents."""

TABLES = SEGMENT_TABLES | LINKED_TABLES


def create_table(table: Table) -> str:
    """Return the statement that creates `table`."""
    columns = ", ".join(f"{named(name)} {kind}" for name, kind in table.columns.items())
    return f"CREATE TABLE {table.name} ({columns})"


def read_rows(table: Table, path: str, longest: int) -> str:
    """Return the query that reads rows of `table` from the JSON lines at `path`, the longest of `longest` bytes."""
    columns = ", ".join(f"{quoted(name)}: {quoted(kind)}" for name, kind in table.columns.items())
    return (
        f"SELECT * FROM read_json({quoted(path)}, format = 'newline_delimited', columns = {{{columns}}}, "
        f"maximum_object_size = {max(longest + 1024, 2**20)})"
    )


def quoted(text: str) -> str:
    """Return `text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """Return `name` as an SQL identifier."""
    return f'"{name}"'


@cache
def _columns(record: type[Record]) -> dict[str, str]:
    info = inspect.type_info(record)
    assert isinstance(info, inspect.StructType)
    types = {field.name: sql_type(field.type) for field in info.fields}
    first = [name for name in ("id", "document") if name in types]
    return {name: types[name] for name in dict.fromkeys([*first, *types])}


def sql_type(kind: inspect.Type) -> str:
    """Return the DuckDB type of a type as msgspec sees it. Spans are ``INTEGER[]``."""
    match kind:
        case inspect.UnionType():
            (inner,) = (t for t in kind.types if not isinstance(t, inspect.NoneType))
            return sql_type(inner)
        case inspect.LiteralType():
            return "VARCHAR" if all(isinstance(v, str) for v in kind.values) else "INTEGER"
        case inspect.TupleType():
            return "INTEGER[]"
        case inspect.VarTupleType():
            return f"{sql_type(kind.item_type)}[]"
        case inspect.StructType():
            fields = ", ".join(f"{named(field.name)} {sql_type(field.type)}" for field in kind.fields)
            return f"STRUCT({fields})"
        case _:
            return _PLAIN[type(kind)]


_PLAIN: dict[Any, str] = {
    inspect.StrType: "VARCHAR",
    inspect.IntType: "BIGINT",
    inspect.FloatType: "DOUBLE",
    inspect.BoolType: "BOOLEAN",
}
