"""Write the reference pages that come from the code: commands, records and the JSON Schema of an annotation.

Run ``python docs/generate.py`` after changing a command or a record; ``--check`` only says what is out of date.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, get_args, get_origin

import click
import msgspec

from allegedly import records
from allegedly.cli import main

DOCS = Path(__file__).parent


def cli_page() -> str:
    """Return the command reference, each command's own ``--help``."""
    parts = ["# Commands", "", "Generated from `allegedly --help` by `docs/generate.py`.", ""]
    for name, command in [("", main), *all_commands(main)]:
        path = f"allegedly {name}".strip()
        settings = {**main.context_settings, "max_content_width": 100, "terminal_width": 100}
        with click.Context(command, info_name=path, **settings) as context:
            parts += [f"## `{path}`", "", "```", command.get_help(context), "```", ""]
    return "\n".join(parts)


def all_commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield each command with its name, each followed by those of its own."""
    for name, command in sorted(group.commands.items()):
        yield before + name, command
        if isinstance(command, click.Group):
            yield from all_commands(command, f"{before}{name} ")


MIRRORS: dict[str, type[records.Record]] = {
    "DocumentRow": records.Document,
    "OriginRow": records.Origin,
    "ClaimRow": records.Claim,
    "DocumentActorRow": records.Actor,
    "DocumentEventRow": records.Event,
}
"""Rows whose fields mean what the fields of the same name mean in an annotation."""
PREFIXES = {"when_": records.When, "where_": records.Where, "speaker_": records.Speaker}


def field_docs(record: type[records.Record]) -> dict[str, str]:
    """Return what each field of `record` means: its own docstring, else that of the record it mirrors."""
    docs = {name: _own_docs(record).get(name) or _mirrored(record, name) for name in record.__struct_fields__}
    return {name: docs[name] for name in sorted(docs, key=lambda n: n not in ("id", "document"))}


def _mirrored(record: type[records.Record], name: str) -> str:
    for base in record.__mro__[1:]:
        if issubclass(base, records.Record) and name in _own_docs(base):
            return _own_docs(base)[name]
    bare = name.removesuffix("_spans")
    candidates = [(MIRRORS.get(record.__name__), name), (MIRRORS.get(record.__name__), bare)]
    candidates += [(other, name.removeprefix(p)) for p, other in PREFIXES.items() if name.startswith(p)]
    return next((said for other, field in candidates if other and (said := _own_docs(other).get(field))), "")


@cache
def _own_docs(record: type) -> dict[str, str]:
    """Return the docstrings that stand under the fields in the class body."""
    (body,) = ast.parse(inspect.getsource(record)).body
    assert isinstance(body, ast.ClassDef)
    docs: dict[str, str] = {}
    for node, following in pairwise(body.body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and isinstance(following, ast.Expr):
            docs[node.target.id] = " ".join(str(ast.literal_eval(following.value)).split())
    return docs


def all_records() -> Iterator[type[records.Record]]:
    """Yield every record in the order in which `records` defines them."""
    for value in vars(records).values():
        if inspect.isclass(value) and issubclass(value, records.Record) and value is not records.Record:
            yield value


def records_page() -> str:
    """Return the reference of all records with their fields."""
    parts = ["# Records", "", "Generated from `allegedly.records` by `docs/generate.py`.", ""]
    for record in all_records():
        parts += [
            f"## {record.__name__}",
            "",
            inspect.getdoc(record) or "",
            "",
            "| field | type | meaning |",
            "|---|---|---|",
        ]
        types = {
            name: kind for base in reversed(record.__mro__) for name, kind in inspect.get_annotations(base).items()
        }
        parts += [f"| `{name}` | `{_cell(types[name])}` | {_cell(said)} |" for name, said in field_docs(record).items()]
        parts.append("")
    parts += ["## Values", "", "| type | values |", "|---|---|"]
    parts += [f"| `{name}` | {', '.join(f'`{v}`' for v in values)} |" for name, values in vocabularies().items()]
    return "\n".join([*parts, ""])


def vocabularies() -> dict[str, tuple[str, ...]]:
    """Return the closed sets of values that fields may take."""
    return {name: get_args(value) for name, value in vars(records).items() if get_origin(value) is Literal}


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|")


def schema_page() -> str:
    """Return the JSON Schema of one line that ``allegedly annotate`` prints."""
    return json.dumps(msgspec.json.schema(records.Annotation), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


PAGES = {"cli.md": cli_page, "records.md": records_page, "annotation.schema.json": schema_page}


def run(check: bool) -> int:
    """Write all pages, or with `check` name those that are out of date; return how many."""
    stale = [name for name, page in PAGES.items() if not _current(DOCS / name, page())]
    for name in stale:
        print(f"docs/{name} is out of date: run python docs/generate.py" if check else f"docs/{name} written")
        if not check:
            (DOCS / name).write_text(PAGES[name](), "utf-8")
    return len(stale) if check else 0


def _current(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(1 if run("--check" in sys.argv) else 0)
