"""Which column of a table holds what: by the names that people and tools use."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from allegedly.errors import AllegedlyError

Roles = dict[str, str]
"""From a role (account, time, text, item, …) to the name of its column."""


@lru_cache(maxsize=1)
def known() -> dict[str, list[str]]:
    """Return the usual names of each role, best first."""
    text = files("allegedly.synchrony.coactivity").joinpath("columns.toml").read_text("utf-8")
    return tomllib.loads(text)


def choose(
    found: Sequence[str], needed: Iterable[str], welcome: Iterable[str], given: Mapping[str, str], path: str
) -> Roles:
    """Return the column of each role in `needed`, and of those in `welcome` that are there.

    `given` names columns outright. Raises AllegedlyError with the file and its columns where a needed role has none.
    """
    by_form = {_form(name): name for name in reversed(found)}
    roles = {role: column for role in (*needed, *welcome) if (column := _column(role, by_form, given))}
    missing = [role for role in needed if role not in roles]
    if missing:
        listed = ", ".join(found[:40]) + (" …" if len(found) > 40 else "")
        raise AllegedlyError(
            f"{path}: no column holds the {' or the '.join(missing)} by any known name; its columns are: {listed}; "
            f"rename one to {', '.join(missing)}"
        )
    return roles


def _column(role: str, by_form: Mapping[str, str], given: Mapping[str, str]) -> str:
    wanted = [given[role]] if role in given else known().get(role, [role])
    return next((by_form[form] for name in wanted if (form := _form(name)) in by_form), "")


def _form(name: str) -> str:
    return re.sub(r"[^\w]+", "_", name.strip().strip("\ufeff").casefold()).strip("_")
