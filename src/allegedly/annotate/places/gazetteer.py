"""The offline gazetteer: what places a name can mean, and the words for countries.

Data: GeoNames (CC BY 4.0) and tables of our own; ``data/ORIGIN.md`` says which and how they were built.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

KINDS = (
    "continent",
    "country",
    "region",
    "district",
    "city",
    "capital",
    "airport",
    "ocean",
    "sea",
    "gulf",
    "strait",
    "canal",
    "lake",
    "river",
    "mountains",
    "demarcation",
    "site",
)

_DATA = files("allegedly.annotate.places") / "data"
_APART = re.compile(r"[-‐–/_,\s]+")
_DROPPED = re.compile(r"[.'’ʻʼ`´]|\N{COMBINING GRAVE ACCENT}")


class Entry(NamedTuple):
    """One place of the gazetteer. `alternate`: it was found by a name that is not its main one."""

    row: int
    name: str
    kind: str
    lat: float
    lon: float
    country: str
    admin1: str
    population: int
    geoname: int
    alternate: bool


class Country(NamedTuple):
    """A country or territory by ISO 3166-1 alpha-2 code."""

    iso2: str
    name: str
    geoname: int
    population: int
    lat: float
    lon: float
    capitals: tuple[str, ...]
    demonyms: tuple[str, ...]
    aliases: tuple[str, ...]


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """Return the form `name` is looked up under: without case, accents, full stops, apostrophes or leading "the"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    key = _APART.sub(" ", _DROPPED.sub("", plain.casefold())).strip()
    return key.removeprefix("the ") if key != "the" else key


def _ends(lengths: Any) -> Any:
    """Return where each piece of these `lengths` ends, as a memoryview: it gives single items faster than numpy."""
    return memoryview(np.cumsum(lengths, dtype=np.uint32))  # type: ignore[arg-type]


class _Index:
    """The arrays of ``gazetteer.npz``; names are found by bisection in one sorted block of bytes."""

    def __init__(self) -> None:
        with (_DATA / "gazetteer.npz").open("rb") as file, np.load(file, allow_pickle=False) as parts:
            self.part: dict[str, Any] = {name: memoryview(parts[name]) for name in parts.files}
            self.key_end = _ends(parts["key_length"])
            self.row_end = _ends(parts["key_rows"])
            self.name_end = _ends(parts["name_length"])
        self.keys = bytes(self.part.pop("keys"))
        self.names = bytes(self.part.pop("names"))
        self.countries = bytes(self.part.pop("countries")).decode().split("\n")
        self.admin1s = bytes(self.part.pop("admin1s")).decode().split("\n")

    def find(self, key: bytes) -> int:
        """Return the position of `key` among the keys, or -1."""
        low, high = 0, len(self.key_end)
        end, keys, length = self.key_end, self.keys, self.part["key_length"]
        while low < high:
            middle = (low + high) // 2
            stop = end[middle]
            found = keys[stop - length[middle] : stop]
            if found == key:
                return middle
            if found < key:
                low = middle + 1
            else:
                high = middle
        return -1

    def entry(self, row: int, alternate: bool) -> Entry:
        part, stop = self.part, self.name_end[row]
        return Entry(
            row=row,
            name=self.names[stop - part["name_length"][row] : stop].decode(),
            kind=KINDS[part["kind"][row]],
            lat=part["lat"][row] / 1e4,
            lon=part["lon"][row] / 1e4,
            country=self.countries[part["country"][row]],
            admin1=self.admin1s[part["admin1"][row]],
            population=part["population"][row],
            geoname=part["geoname"][row],
            alternate=alternate,
        )


@cache
def _index() -> _Index:
    return _Index()


@lru_cache(maxsize=16_384)
def lookup(name: str) -> tuple[Entry, ...]:
    """Return every place that `name` can mean, in the order of the data. Case and accents do not matter."""
    index = _index()
    at = index.find(name_key(name).encode("utf-8", "surrogatepass"))
    if at < 0:
        return ()
    stop = index.row_end[at]
    numbers = index.part["rows"][stop - index.part["key_rows"][at] : stop]
    return tuple(index.entry(number >> 1, bool(number & 1)) for number in numbers)


@cache
def countries() -> dict[str, Country]:
    """Return every country and territory by ISO 3166-1 alpha-2 code."""
    with (_DATA / "countries.tsv").open(encoding="utf-8") as lines:
        return {row["iso2"]: _country(row) for row in csv.DictReader(lines, delimiter="\t")}


def _country(row: dict[str, str]) -> Country:
    lists = {name: tuple(filter(None, row[name].split("|"))) for name in ("capitals", "demonyms", "aliases")}
    return Country(
        iso2=row["iso2"],
        name=row["name"],
        geoname=int(row["geoname"]),
        population=int(row["population"]),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        **lists,
    )


@cache
def _country_names() -> dict[str, str]:
    return {name_key(n): c.iso2 for c in countries().values() for n in (*c.aliases, c.name)}


@cache
def _demonyms() -> dict[str, str]:
    """Demonyms with their plurals. Where two countries share one ("Congolese"), the more populous has it."""
    ordered = sorted(countries().values(), key=lambda c: c.population)
    return {name_key(f): c.iso2 for c in ordered for d in c.demonyms for f in (d, d + "s", d + "es")}


@cache
def _capitals() -> dict[str, str]:
    return {name_key(n): c.iso2 for c in countries().values() for n in c.capitals}


def country_named(name: str) -> str | None:
    """Return the ISO code of the country that `name` names ("Burma", "the U.S."), or None."""
    return None if name == "us" else _country_names().get(name_key(name))


def demonym_of(name: str) -> str | None:
    """Return the ISO code of the country whose people or adjective `name` is ("Azeri", "Frenchmen"), or None."""
    return _demonyms().get(name_key(name)) if name[:1].isupper() else None


def country_of(name: str) -> str | None:
    """Return the ISO code of the country that `name` names, be it as country or as demonym, or None."""
    return country_named(name) or demonym_of(name)


def capital_of(name: str) -> str | None:
    """Return the ISO code of the country whose capital is called `name`, or None."""
    return _capitals().get(name_key(name)) if name[:1].isupper() else None


def is_capital(name: str) -> bool:
    """True where `name` is the name of some country's capital."""
    return capital_of(name) is not None
