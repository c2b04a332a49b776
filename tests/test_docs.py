"""Nothing is undocumented: commands, options, record fields and formats; and the generated pages are current."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import click
import pytest

from allegedly.cli import main
from allegedly.read import formats

DOCS = Path(__file__).parents[1] / "docs"


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generate = _generator()


@pytest.mark.parametrize("name", sorted(generate.PAGES))
def test_generated_pages_are_current(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == generate.PAGES[name](), "run python docs/generate.py"


@pytest.mark.parametrize("record", list(generate.all_records()), ids=lambda r: r.__name__)
def test_every_field_says_what_it_means(record: type) -> None:
    assert record.__doc__
    assert [name for name, said in generate.field_docs(record).items() if not said] == []


@pytest.mark.parametrize(("name", "command"), list(generate.all_commands(main)))
def test_every_command_and_option_has_help(name: str, command: click.Command) -> None:
    assert command.help
    options = [p for p in command.params if isinstance(p, click.Option)]
    assert [o.name for o in options if not o.help] == []


@pytest.mark.parametrize("name", [reader.name for reader in formats()])
def test_every_format_is_told_of_under_docs_formats(name: str) -> None:
    pages = " ".join(path.read_text("utf-8") for path in (DOCS / "formats").glob("*.md"))
    assert f"`{name}`" in pages


def test_pages_link_to_pages_that_exist() -> None:
    import re

    missing = [
        f"{page.name}: {target}"
        for page in [DOCS.parent / "README.md", *DOCS.rglob("*.md")]
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert missing == []
