"""Write the reference pages that come from the code: ``docs/cli.md``, ``docs/records.md``, ``docs/annotation.schema.json``.

Run ``python docs/generate.py`` after changing a command or a record; ``--check`` only says what is out of date.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from allegedly import records
from allegedly.cli import main

DOCS = Path(__file__).parent


def cli_page() -> str:
    """Return the command reference, each command's own ``--help``."""
    parts = ["# Commands", "", "Generated from `allegedly --help` by `docs/generate.py`.", ""]
    for name, command in [("", main), *sorted(main.commands.items())]:
        path = f"allegedly {name}".strip()
        with click.Context(command, info_name=path, max_content_width=100, terminal_width=100) as context:
            parts += [f"## `{path}`", "", "```", command.get_help(context), "```", ""]
    return "\n".join(parts)


def field_docs(record: type) -> dict[str, str]:
    """Return the docstring under each field of `record` (empty where there is none)."""
    body = ast.parse(inspect.getsource(record)).body[0]
    assert isinstance(body, ast.ClassDef)
    docs: dict[str, str] = {}
    for node, following in zip(body.body, [*body.body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            said = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            docs[node.target.id] = " ".join(str(following.value.value).split()) if said else ""  # type: ignore[union-attr]
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
        parts += [f"## {record.__name__}", "", inspect.getdoc(record) or "", "", "| field | type | meaning |", "|---|---|---|"]
        types = record.__annotations__
        for name, meaning in field_docs(record).items():
            kind = str(types[name]).replace("|", "\\|")
            parts.append(f"| `{name}` | `{kind}` | {meaning.replace('|', chr(92) + '|')} |")
        parts.append("")
    return "\n".join(parts)


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
