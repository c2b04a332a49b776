"""Which place each name of a document means: one sense a name, chosen by the other names around it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import asin, cos, log1p, log10, radians, sin, sqrt
from typing import NamedTuple, Protocol

from allegedly.annotate.places.gazetteer import Entry, lookup, name_key
from allegedly.annotate.places.lexicon import kind_of_type, words

_PRIOR = {
    "country": 9.0,
    "continent": 9.0,
    "region": 6.5,
    "district": 3.6,
    "airport": 3.0,
    "river": 6.0,
    "mountains": 6.0,
    "lake": 6.0,
}
_WATER_PRIOR = 7.0
_CAPITAL = 1.0
_ALTERNATE = -1.7
_COUNTRY_WEIGHT = 1.5
_REGION_WEIGHT = 1.6
_CONTAINER_WEIGHT = 6.0
_TYPE_WEIGHT = 3.0
_NEAR_WEIGHT = 1.0
_NEAR_KM = 150.0
_MOST = 6.0
"""More mentions than this say no more about where a text plays."""
_NAMESAKE = -2.0
"""A region named after a city in its middle: the city is meant unless a type word says "Province"."""
_FEDERATIONS = frozenset({"US", "CA", "AU", "CN", "IN", "BR"})
"""Where a state is named as often as a city of its name that lies far from its middle."""
_ROUND = 2
"""Rounds in which the choices of one round are the context of the next."""


class Name(NamedTuple):
    """A name to resolve: as written, the kind its type word asks for, and the name that follows after a comma."""

    text: str
    kind: str = ""
    container: str = ""


class Reduced(NamedTuple):
    """A written name with what the gazetteer has for it, and the kind its type word asks for."""

    entries: tuple[Entry, ...]
    kind: str


@lru_cache(maxsize=16_384)
def reduce_name(text: str) -> Reduced:
    """Look `text` up as it stands, then without directions ("northern"), then without its type word ("Province").

    A quarter ("Old City of …") is looked up as its town.
    """
    text = re.sub(r"['’]s?$", "", " ".join(text.split()))
    quarter, _, town = text.partition(" of ")
    text = town if quarter in words("quarters") and town else text
    parts = text.split(" ")
    if entries := lookup(text):
        return Reduced(entries, "")
    while len(parts) > 1 and parts[0].lower() in words("directions", "words"):
        parts = parts[1:]
    kinds = kind_of_type()
    kind = kinds.get(parts[-1].lower(), "")
    if not lookup(" ".join(parts)) and kind and len(parts) > 1:
        return Reduced(lookup(" ".join(parts[:-1])), kind)
    if len(parts) > 2 and parts[1].lower() == "of" and parts[0].lower() in kinds:
        return Reduced(lookup(" ".join(parts[2:])), kinds[parts[0].lower()])
    return Reduced(lookup(" ".join(parts)), "")


class Located(Protocol):
    """What has a place on the globe, in degrees."""

    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...


def kilometres(one: Located, two: Located) -> float:
    """Return the great-circle distance between two places (haversine, mean radius 6371 km)."""
    lat1, lat2 = radians(one.lat), radians(two.lat)
    half_lat, half_lon = (lat2 - lat1) / 2, radians(two.lon - one.lon) / 2
    return 12742 * asin(sqrt(min(1.0, sin(half_lat) ** 2 + cos(lat1) * cos(lat2) * sin(half_lon) ** 2)))


def prior(entry: Entry) -> float:
    """Return how likely `entry` is meant when nothing is known: the decimal logarithm of its people, as it were."""
    if entry.kind in ("city", "capital"):
        base = log10(entry.population + 10) + _CAPITAL * (entry.kind == "capital")
    else:
        base = _PRIOR.get(entry.kind, _WATER_PRIOR)
    place = entry.kind in ("city", "capital", "airport")
    return base + _ALTERNATE * (entry.alternate and place)


class Context:
    """What a document says about where it plays: countries and regions named, places chosen so far."""

    def __init__(self, countries: Mapping[str, float]) -> None:
        self.countries: defaultdict[str, float] = defaultdict(float, countries)
        self.regions: defaultdict[tuple[str, str], float] = defaultdict(float)
        self.places: list[Entry] = []

    def add(self, entry: Entry, weight: float) -> None:
        if entry.country:
            self.countries[entry.country] += weight
        if entry.admin1:
            self.regions[entry.country, entry.admin1] += weight
        if entry.kind in ("city", "capital", "district", "airport"):
            self.places.append(entry)

    def score(self, entry: Entry) -> float:
        near = any(other.row != entry.row and kilometres(entry, other) < _NEAR_KM for other in self.places[:30])
        return (
            _COUNTRY_WEIGHT * log1p(min(_MOST, self.countries[entry.country]))
            + _REGION_WEIGHT * log1p(min(_MOST, self.regions[entry.country, entry.admin1])) * (entry.kind != "region")
            + _NEAR_WEIGHT * near
        )


def choose(names: Sequence[Name], countries: Mapping[str, float]) -> dict[Name, Entry]:
    """Return the place that each of `names` means; names that the gazetteer lacks are left out.

    `countries` are the countries that the document names otherwise (demonyms, its source), with their weights.
    """
    counted = Counter(names)
    options = {name: reduce_name(name.text) for name in counted}
    known = {name: found for name, found in options.items() if found.entries}
    chosen: dict[Name, Entry] = {}
    for _ in range(_ROUND):
        contexts = _contexts(known, counted, chosen, countries)
        chosen = {name: _best(name, found, contexts(name)) for name, found in known.items()}
    return chosen


def _contexts(
    known: Mapping[Name, Reduced], counted: Counter[Name], chosen: Mapping[Name, Entry], countries: Mapping[str, float]
) -> Callable[[Name], Context]:
    """Return a function from a name to the context that the other names make."""
    votes: dict[Name, tuple[Entry, float]] = {}
    for name, found in known.items():
        entry = chosen.get(name) or max(found.entries, key=prior)
        votes[name] = entry, log1p(counted[name]) * (1.0 if chosen else _trust(found))

    def context(name: Name) -> Context:
        made = Context(countries)
        for other, (entry, weight) in votes.items():
            if name_key(other.text) != name_key(name.text):
                made.add(entry, weight)
        return made

    return context


def _trust(found: Reduced) -> float:
    """Return how sure the most likely reading of a name is before there is any context."""
    ranked = sorted((prior(entry) for entry in found.entries), reverse=True)
    return 1.0 if len(ranked) == 1 else min(1.0, max(0.0, (ranked[0] - ranked[1]) / 2))


def _best(name: Name, found: Reduced, context: Context) -> Entry:
    kind = name.kind or found.kind
    containers = reduce_name(name.container).entries if name.container and not _is_large(found) else ()

    def score(entry: Entry) -> tuple[float, int]:
        wanted = kind != "" and (entry.kind == kind or (kind == "city" and entry.kind == "capital"))
        inside = any(_inside(entry, container) for container in containers)
        points = prior(entry) + context.score(entry) + _TYPE_WEIGHT * wanted + _CONTAINER_WEIGHT * inside
        points += _NAMESAKE * _has_namesake(entry, found.entries)
        return points, -entry.row

    return max(found.entries, key=score)


def _has_namesake(entry: Entry, entries: Sequence[Entry]) -> bool:
    return entry.kind in ("region", "district") and any(
        other.kind in ("city", "capital")
        and not other.alternate
        and other.country == entry.country
        and (kilometres(entry, other) < _NEAR_KM or entry.country not in _FEDERATIONS)
        for other in entries
    )


def _is_large(found: Reduced) -> bool:
    """True for names of countries and the like: "Ontario, New York and Texas" is a list, not a town in a state."""
    likely = max(found.entries, key=prior)
    return likely.kind not in ("city", "capital", "district", "airport")


def _inside(entry: Entry, container: Entry) -> bool:
    if entry.row == container.row or entry.country != container.country or not container.country:
        return False
    if container.kind == "country":
        return entry.kind != "country"
    if container.kind in ("region", "district") and container.admin1:
        return entry.kind not in ("country", "region") and name_key(entry.admin1) == name_key(container.admin1)
    return False
