"""The gazetteer: names to places, words to countries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.annotate.places.gazetteer import KINDS, capital_of, countries, country_of, is_capital, lookup, name_key


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Peru", "PE"),
        ("the Netherlands", "NL"),
        ("Holland", "NL"),
        ("U.S.", "US"),
        ("USA", "US"),
        ("Côte d’Ivoire", "CI"),
        ("Peruvian", "PE"),
        ("Swedes", "SE"),
        ("Azeri", "AZ"),
        ("Congolese", "CD"),
        ("us", None),
        ("polish", None),
        ("Lima", None),
        ("Nowhereland", None),
        ("", None),
    ],
)
def test_country_of(name: str, code: str | None) -> None:
    assert country_of(name) == code


def test_capitals() -> None:
    assert capital_of("Lima") == "PE"
    assert is_capital("Kiev") and is_capital("Kyiv")
    assert not is_capital("Barcelona")


def test_every_country_is_placed_and_most_capitals_are_found() -> None:
    assert len(countries()) == 250
    assert all(-90 <= c.lat <= 90 and -180 <= c.lon <= 180 for c in countries().values())
    capitals = [c.capitals[0] for c in countries().values() if c.capitals]
    found = [name for name in capitals if any(entry.kind == "capital" for entry in lookup(name))]
    assert len(found) > 0.95 * len(capitals)


def test_a_name_finds_all_its_places_by_any_spelling() -> None:
    assert {"ES", "VE"} <= {entry.country for entry in lookup("Barcelona")}
    assert lookup("São Paulo") and name_key("São Paulo") == name_key("SAO PAULO") == "sao paulo"
    assert any(e.name == "Vienna" and e.alternate for e in lookup("Wien"))
    assert lookup("Zzyzxville") == ()


def test_entries_hold_what_is_needed() -> None:
    (lima,) = [entry for entry in lookup("Lima") if entry.kind == "capital"]
    assert (lima.country, lima.geoname) == ("PE", 3936456)
    assert abs(lima.lat + 12.04) < 0.1 and abs(lima.lon + 77.03) < 0.1
    assert {entry.kind for name in ("Lima", "Asia", "Suez Canal") for entry in lookup(name)} <= set(KINDS)


@given(st.text())
def test_any_text_can_be_looked_up(text: str) -> None:
    assert lookup(text) == lookup(text)
    assert name_key(name_key(text)) is not None
    assert country_of(text) is None or country_of(text) in countries()
