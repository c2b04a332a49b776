"""Column mappings: which column of a table gives which field of a document, declared in small TOML files.

A mapping names paths: a column (``Post Created``) or a way through nested JSON (``legacy.entities.hashtags.text``,
which passes through lists). Of several paths the first with a value gives a single field; list fields take all.
The reference of the file's keys is ``docs/formats/mapping.md``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from allegedly.read._base import Refused
from allegedly.records import DocumentKind, SourceKind

Paths = tuple[str, ...]
Record = dict[str, Any]

GENERIC = "generic"
_WRAPPERS = frozenset(
    ("attributes", "data", "document", "fields", "item", "node", "object", "post", "record", "source")
)


class Columns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Paths that give each field of a document, in order of preference."""

    text: Paths = ()
    title: Paths = ()
    time: Paths = ()
    clock: Paths = ()
    """Time of day, where `time` gives only the day."""
    zone: Paths = ()
    """UTC offset, abbreviation or IANA name, where `time` states none."""
    source: Paths = ()
    source_kind: Paths = ()
    author: Paths = ()
    platform: Paths = ()
    url: Paths = ()
    native_id: Paths = ()
    language: Paths = ()
    hashtags: Paths = ()
    links: Paths = ()
    media: Paths = ()
    forwarded_from: Paths = ()
    reply_to: Paths = ()


class Constants(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Values for fields that no column gives."""

    source: str = ""
    source_kind: SourceKind = "unknown"
    platform: str = ""
    kind: DocumentKind = "post"
    language: str = ""


class Time(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    formats: tuple[str, ...] = ()
    """`datetime.strptime` formats tried before the usual ways to write a date."""
    zone: str = ""
    """Zone of times that state none: ``UTC``, ``+02:00`` or an IANA name. Empty: they stay without one."""


class Pattern(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field cut out of a column: the first group of the regular expression `find`."""

    column: str
    find: str


class Mapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    summary: str
    detect: Paths = ()
    """Paths that a record must have; ``a|b`` means either."""
    root: str = ""
    """Path of the object that holds the post, where records wrap it; used only where it is there."""
    where: dict[str, Paths] = {}
    """Values a path must have; records with others are left out and counted."""
    loose: bool = False
    """Whether names match regardless of case, spaces, underscores and nesting."""
    unescape: bool = False
    """Whether the text has HTML entities (``&amp;``) to be turned back into characters."""
    forward_inferred: bool = False
    columns: Columns
    constants: Constants = Constants()
    time: Time = Time()
    patterns: dict[str, Pattern] = {}
    templates: dict[str, str] = {}
    """Fields built from others: ``https://x.com/{source}/status/{native_id}``; ``{tail}`` is the id's last part."""
    source_kinds: dict[str, SourceKind] = {}
    """Kind of the source by the column that gave its name."""


@cache
def shipped() -> tuple[Mapping, ...]:
    """Every mapping that comes with Allegedly, by name."""
    folder = files("allegedly.read") / "mappings"
    texts = [(item.name, item.read_text("utf-8")) for item in folder.iterdir() if item.name.endswith(".toml")]
    return tuple(_converted(text, name) for name, text in sorted(texts))


def load(name: str) -> Mapping:
    """Return the shipped mapping called `name`, or the one in the file of that path. Raises `Refused`."""
    for mapping in shipped():
        if mapping.name == name:
            return mapping
    try:
        return _converted(Path(name).read_text("utf-8-sig"), name)
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(mapping.name for mapping in shipped())
        reason = f"there is no mapping {name!r}, nor can a file of that name be read ({error})"
        raise Refused(reason, f"name a TOML file or one of: {known}") from error


def choose(records: list[Record]) -> Mapping | None:
    """Return the shipped mapping that most of `records` fit, then the most specific; the generic one last.

    None when no column holds a text by any known name.
    """
    fits = [(sum(_fits(mapping, record) for record in records), mapping) for mapping in shipped() if mapping.detect]
    count, best = max(fits, key=lambda fit: (fit[0], len(fit[1].detect)))
    return best if count else resolve(load(GENERIC), records)


def resolve(mapping: Mapping, records: list[Record]) -> Mapping | None:
    """Replace the names of a loose mapping by the paths that `records` really have.

    The text is then one column, the first that holds words, so that a row without a text does not take its status for
    one. None when no column of a known name holds words.
    """
    if not mapping.loose:
        return mapping
    known = _names(records)
    found = {
        field: tuple(known[key] for path in paths if (key := _key(path)) in known)
        for field, paths in msgspec.structs.asdict(mapping.columns).items()
    }
    kinds = {known[_key(name)]: kind for name, kind in mapping.source_kinds.items() if _key(name) in known}
    if not (texts := [path for path in found["text"] if _has_text(records, path)]):
        return None
    best = next((path for path in texts if _has_text(records, path, str.isalpha)), texts[0])
    columns = msgspec.structs.replace(Columns(**found), text=(best,))
    constants = msgspec.structs.replace(mapping.constants, kind="article") if columns.title else mapping.constants
    return msgspec.structs.replace(mapping, columns=columns, constants=constants, source_kinds=kinds)


def rooted(mapping: Mapping, record: Record) -> Record:
    """The object that holds the post."""
    if mapping.root:
        for value in values(record, mapping.root):
            if isinstance(value, dict):
                return value
    return record


def values(record: Any, path: str) -> list[Any]:
    """Everything at `path`, through lists and nested objects; a key that contains dots comes before nesting."""
    if isinstance(record, list):
        return [found for item in record for found in values(item, path)]
    if not path:
        return [record]
    if not isinstance(record, dict):
        return []
    if path in record:
        return values(record[path], "")
    head, _, rest = path.partition(".")
    return values(record[head], rest) if rest and head in record else []


def _fits(mapping: Mapping, record: Record) -> bool:
    post = rooted(mapping, record)
    present = all(any(values(post, path) for path in either.split("|")) for either in mapping.detect)
    return present and selected(mapping, record)


def selected(mapping: Mapping, record: Record) -> bool:
    """Whether a record has the values that the mapping demands."""
    return all(any(value in wanted for value in values(record, path)) for path, wanted in mapping.where.items())


def _has_text(records: list[Record], path: str, kind: Callable[[str], bool] = bool) -> bool:
    """Whether a string at `path` has a character of this kind, blanks around it aside."""
    found = (value for record in records for value in values(record, path) if isinstance(value, str))
    return any(kind(character) for value in found for character in value.strip())


def _names(records: list[Record]) -> dict[str, str]:
    """Normalised name to path, over columns and those one level down; outer and earlier ones first.

    What is nested goes by both names (``user screen name``); only inside a mere wrapper does its own do.
    """
    outer: dict[str, str] = {}
    inner: dict[str, str] = {}
    for record in records:
        for name, value in record.items():
            outer.setdefault(_key(name), name)
            for below in value if isinstance(value, dict) else ():
                inner.setdefault(_key(f"{name} {below}"), f"{name}.{below}")
                if _key(name) in _WRAPPERS:
                    inner.setdefault(_key(below), f"{name}.{below}")
    return inner | outer


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def _converted(text: str, name: str) -> Mapping:
    try:
        mapping = msgspec.convert(_plural(tomllib.loads(text)), Mapping)
        for pattern in mapping.patterns.values():
            re.compile(pattern.find)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, re.error) as error:
        raise Refused(f"the mapping {name} is not valid: {error}", "see docs/formats/mapping.md") from error
    return mapping


def _plural(data: dict[str, Any]) -> dict[str, Any]:
    """A single path may stand without brackets."""
    for table in ("columns", "where"):
        if isinstance(found := data.get(table), dict):
            data[table] = {name: [value] if isinstance(value, str) else value for name, value in found.items()}
    return data
