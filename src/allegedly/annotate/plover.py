"""What a word tells of, by PLOVER type and mode (PLOVER manual, openeventdata, 2023: sixteen types)."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import NamedTuple, cast

from allegedly.records import EventType

COOPERATIVE: frozenset[EventType] = frozenset({"CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"})
HOSTILE: frozenset[EventType] = frozenset({"PROTEST", "SANCTION", "COERCE", "ASSAULT", "MOBILIZE"})
VERBAL: frozenset[EventType] = frozenset({"AGREE", "REQUEST", "ACCUSE", "REJECT", "THREATEN"})
_LEFT_OUT = "OTHER"


class Sense(NamedTuple):
    """A type with its mode; `other_type` where PLOVER has no type."""

    type: EventType
    mode: str = ""
    other_type: str = ""


class Entry(NamedTuple):
    """A word of the lexicon with the conditions under which it has its sense (see ``plover.toml``)."""

    sense: Sense
    particle: str
    only: frozenset[str]
    never: frozenset[str]
    needs_object: bool

    def fits(self, around: frozenset[str], has_object: bool) -> bool:
        """True where the words `around` the trigger meet the conditions."""
        return (
            (not self.particle or self.particle in around)
            and (not self.only or not self.only.isdisjoint(around))
            and self.never.isdisjoint(around)
            and (has_object or not self.needs_object)
        )


class Lexicon(NamedTuple):
    """Entries by lemma, those with conditions first."""

    verbs: dict[str, tuple[Entry, ...]]
    nouns: dict[str, tuple[Entry, ...]]


@cache
def lexicon() -> Lexicon:
    """Load the lexicon once."""
    data = tomllib.loads((files("allegedly.annotate") / "plover.toml").read_text("utf-8"))
    verbs: defaultdict[str, list[Entry]] = defaultdict(list)
    nouns: defaultdict[str, list[Entry]] = defaultdict(list)
    for row in data["sense"]:
        sense = Sense(cast(EventType, row["type"]), row.get("mode", ""), row.get("other_type", ""))
        for table, words in ((verbs, row.get("verbs", "")), (nouns, row.get("nouns", ""))):
            for word in words.split():
                lemma, entry = _entry(word, sense)
                table[lemma].append(entry)
    return Lexicon(_ordered(verbs), _ordered(nouns))


def _entry(word: str, sense: Sense) -> tuple[str, Entry]:
    head, never = word.partition("!")[::2]
    head, only = head.removesuffix("]").replace("[", ":").partition(":")[::2]
    lemma, particle = head.removesuffix("=").partition("+")[::2]
    return lemma, Entry(sense, particle, _set(only), _set(never), head.endswith("="))


def _set(words: str) -> frozenset[str]:
    return frozenset(filter(None, words.split("|")))


def _ordered(table: dict[str, list[Entry]]) -> dict[str, tuple[Entry, ...]]:
    return {lemma: tuple(sorted(entries, key=_openness)) for lemma, entries in table.items()}


def _openness(entry: Entry) -> tuple[bool, bool]:
    return not entry.only, not entry.particle


def meaning(entries: tuple[Entry, ...], around: frozenset[str], has_object: bool = True) -> Sense | None:
    """Return the sense of the first entry whose conditions are met, or None."""
    return next((entry.sense for entry in entries if entry.fits(around, has_object)), None)


def threatened(sense: Sense) -> Sense:
    """Return the threat to do what `sense` says, with the PLOVER mode of threats."""
    if sense.type == "ASSAULT":
        return Sense("THREATEN", "territory" if sense.mode == "occupy" else "violence")
    if sense.type == "COERCE" and sense.mode in {"arrest", "ban"}:
        return Sense("THREATEN", sense.mode)
    if sense.type == "SANCTION":
        return Sense("THREATEN", "expel" if sense.mode == "expel" else "relations")
    return Sense("THREATEN", "restrict")
