"""What kind of actor a phrase names, by its words."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from allegedly.records import ActorKind


class Kinds(NamedTuple):
    """The word lists of ``kinds.toml``."""

    nouns: dict[str, ActorKind]
    collective: frozenset[str]
    government: frozenset[str]
    titles: frozenset[str]
    perpetrators: frozenset[str]
    outlets: frozenset[str]
    channels: frozenset[str]
    not_acronyms: frozenset[str]
    state_organs: frozenset[str]
    sites: frozenset[str]
    companies: frozenset[str]
    things: frozenset[str]
    epithets: dict[str, str]
    """Lowercase name without ``the`` to ISO 3166-1 alpha-2 code."""
    known: dict[str, ActorKind]
    """Lowercase name to kind."""


@cache
def kinds() -> Kinds:
    """Load the word lists once."""
    data = tomllib.loads((files("allegedly.annotate.actors") / "kinds.toml").read_text("utf-8"))
    words = {table: frozenset(str(entry.get("words", "")).split()) for table, entry in data.items()}
    return Kinds(
        nouns={noun: kind for kind, nouns in data["nouns"].items() for noun in nouns.split()},
        collective=words["collective"],
        government=words["government"],
        titles=words["titles"],
        perpetrators=words["perpetrators"],
        outlets=frozenset(data["before_name"]["outlet"].split()),
        channels=frozenset(data["before_name"]["channel"].split()),
        not_acronyms=words["not_acronyms"],
        state_organs=words["state_organs"],
        sites=words["sites"],
        companies=words["companies"],
        things=words["things"],
        epithets=_by_name(data["epithets"]),
        known=_by_name(data["known"]),
    )


def _by_name(table: dict[str, Any]) -> dict[str, Any]:
    return {name.lower().removeprefix("the "): value for value, names in table.items() for name in names.split("|")}


def kind_of_noun(lemma: str, modifiers: frozenset[str] = frozenset()) -> ActorKind | None:
    """Return the kind that a head noun names, given the lemmas before it in its phrase; None for no actor at all.

    A modifier can decide: a *police* officer is police, a *news* agency an outlet, a *Telegram* channel a channel.
    """
    found = kinds().nouns.get(lemma)
    if found is None:
        return None
    for words, kind in _BY_MODIFIER:
        if words & modifiers and (found in _OPEN or (found in {"unnamed", "people"} and kind == "police")):
            return kind
    return None if lemma in _ONLY_MODIFIED else found


_OPEN: frozenset[ActorKind] = frozenset({"organisation", "military", "channel", "outlet", "government"})
_ONLY_MODIFIED = frozenset(
    {"account", "network", "site", "body", "cell", "chain", "service", "office", "command", "page"}
)
_BY_MODIFIER: tuple[tuple[frozenset[str], ActorKind], ...] = (
    (frozenset({"police", "gendarmerie"}), "police"),
    (
        frozenset({"telegram", "twitter", "facebook", "youtube", "whatsapp", "instagram", "tiktok", "weibo", "x"}),
        "channel",
    ),
    (frozenset({"news", "newspaper", "media", "television", "tv", "radio", "broadcast"}), "outlet"),
    (
        frozenset(
            {"militant", "rebel", "insurgent", "guerrilla", "terrorist", "terror", "armed", "jihadist", "militia"}
        ),
        "armed-group",
    ),
    (frozenset({"spy", "intelligence", "security", "defence", "defense"}), "government"),
)
