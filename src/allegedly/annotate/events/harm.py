"""The words of harm: to people, to things, and with what it is done (``harm.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, cast

Kind = Literal[
    "killed", "injured", "missing", "captured", "detained", "displaced", "casualties",
    "survived", "escaped", "participants", "on strike",
]  # fmt: skip


class Harm(NamedTuple):
    """Word lists by lemma."""

    verbs: dict[str, Kind]
    subject_verbs: frozenset[str]
    nouns: dict[str, Kind]
    quantity: dict[str, int]
    damage: dict[str, int]
    degree: dict[str, int]
    weapons: dict[str, str]
    """Weapon to the PLOVER mode of assault that it says, empty where it says none."""
    struck: frozenset[str]
    labels: dict[str, Kind]
    """Words beside a bare number."""
    animals: frozenset[str]
    fits_things: frozenset[str]
    """Verbs of harm to people and to things alike."""
    lost: frozenset[str]
    tolls: dict[str, Kind]
    """Nouns of which a number is told: “turnout”, “the number of strikers”."""
    counters: frozenset[str]
    """All words that say themselves what befell those counted."""
    unhurt: frozenset[str]
    """Words that say that people are not harmed."""


@cache
def harm() -> Harm:
    """Load the word lists once."""
    data = tomllib.loads((files("allegedly.annotate.events") / "harm.toml").read_text("utf-8"))
    subject = frozenset(data["people"].pop("subject").split())
    unhurt = frozenset(data["people"].pop("unhurt").split())
    return Harm(
        verbs=_by_word(data["people"]) | dict.fromkeys(subject, "killed"),
        subject_verbs=subject,
        nouns=_by_word(data["counted"]),
        labels=_by_word(data["labels"]),
        animals=frozenset(data["people_only"]["animals"].split()),
        fits_things=frozenset(data["people_only"]["fits_things"].split()),
        lost=frozenset(data["lost"]["people"].split()),
        quantity=data["quantity"],
        damage={word: int(n) for n, words in data["damage"].items() for word in words.split()},
        degree={word: int(n) for n, words in data["degree"].items() for word in words.split()},
        weapons={word: mode for mode, words in data["weapons"].items() for word in words.split()},
        struck=frozenset(data["struck"]["things"].split()),
        tolls=_by_word(data["tolls"]),
        counters=frozenset().union(*(_by_word(data[table]) for table in ("counted", "labels", "tolls"))),
        unhurt=unhurt,
    )


def mode_of_weapon(means: str) -> str:
    """Return the mode that the last word of `means` says ("Kalashnikov assault rifle": firearms), or ""."""
    word = means.lower().split()[-1]
    return harm().weapons.get(word) or harm().weapons.get(word.removesuffix("s"), "")


def _by_word(table: dict[str, str]) -> dict[str, Kind]:
    return {word: cast(Kind, kind) for kind, words in table.items() for word in words.split() if ":" not in word}
