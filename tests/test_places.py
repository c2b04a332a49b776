"""Places: names found, resolved by context, and told apart from actors."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.annotate.parse import parse
from allegedly.annotate.places.find import find_places
from allegedly.annotate.places.toponyms import Name, choose, reduce_name
from allegedly.records import Origin, Place, make_document


def places(text: str, language: str = "en") -> tuple[Place, ...]:
    document = make_document(origin=Origin(path="t"), source="t", text=text, language=language)
    return find_places(next(iter(parse([document]))))


def named(text: str) -> dict[str, Place]:
    return {text[slice(*place.span)]: place for place in places(text)}


def test_a_place_has_its_coordinates_country_and_geoname() -> None:
    place = named("A ferry sank near Valparaíso on Monday.")["Valparaíso"]
    assert (place.country, place.geoname) == ("CL", 3868626)
    assert place.lat is not None and abs(place.lat + 33.04) < 0.1


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        (
            "The mayor of Valencia spoke. Spain and Spanish police are alarmed after fires in Alicante.",
            "Valencia",
            "ES",
        ),
        (
            "The mayor of Valencia spoke. Venezuela and Venezuelan police are alarmed after fires in Maracay.",
            "Valencia",
            "VE",
        ),
        ("Two people died in Birmingham, Alabama, on Monday.", "Birmingham", "US"),
        ("Two people died in Birmingham on Monday, police in England said.", "Birmingham", "GB"),
        ("Georgia and its neighbour Armenia signed in Tbilisi.", "Georgia", "GE"),
        ("Floods hit Georgia and Alabama, and Florida was spared, Atlanta officials said.", "Georgia", "US"),
    ],
)
def test_context_chooses_the_sense(text: str, name: str, country: str) -> None:
    assert named(text)[name].country == country


def test_type_words_choose_the_kind() -> None:
    assert reduce_name("Kherson Oblast").kind == "region"
    chosen = choose([Name("Kherson Oblast"), Name("Kherson")], {"UA": 2.0})
    assert chosen[Name("Kherson Oblast")].kind == "region"
    assert chosen[Name("Kherson")].country == "UA"


def test_directions_are_stripped_and_bare_ones_are_no_places() -> None:
    assert reduce_name("northern Chile").entries[0].country == "CL"
    assert "North" not in named("They drove to the North after the storm in Chile.")


@pytest.mark.parametrize(
    ("text", "name", "metonym"),
    [
        ("Paris denied the report on Monday.", "Paris", True),
        ("A bomb exploded in Paris on Monday.", "Paris", False),
        ("Relations between Lima and Quito are tense.", "Quito", True),
        ("The minister urged Ottawa to act.", "Ottawa", True),
        ("Rockets hit Ottawa at night.", "Ottawa", False),
        ("The raid was condemned by Chile.", "Chile", True),
        ("The streets of Lima were empty.", "Lima", False),
        ("The Senate imposed sanctions on Chile.", "Chile", True),
        ("Oil reached Peru's beaches on Sunday.", "Peru", False),
        ("Peru's refusal angered its neighbours.", "Peru", True),
        ("Peru's foreign ministry denied it.", "Peru", True),
        ("Peru's transport minister resigned.", "Peru", False),
        ("Quito was slow to respond.", "Quito", True),
        ("Quito was cold in June.", "Quito", False),
        ("Quito remains ready to talk.", "Quito", True),
        ("They insist that Quito is behind it.", "Quito", True),
        ("Ecuador has long been an ally of the group.", "Ecuador", True),
        ("Ecuador will not be a playground for others, he said.", "Ecuador", True),
        ("The border between Chile and Peru is closed.", "Chile", False),
        ("The talks between Chile and Peru failed.", "Peru", True),
        ("The militia is a client of Ecuador.", "Ecuador", True),
        ("The group is hostile to Ecuador.", "Ecuador", True),
        ("The governor pinned the blame onto Ecuador.", "Ecuador", True),
        ("The general turned against Ecuador.", "Ecuador", True),
        ("The plane turned back over Ecuador.", "Ecuador", False),
    ],
)
def test_metonymy(text: str, name: str, metonym: bool) -> None:
    assert named(text)[name].metonym is metonym


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("QUITO, May 3 (Andes Wire) — A bridge fell.", ["QUITO"]),
        ("ARICA, Chile — A bridge fell.", ["ARICA", "Chile"]),
        ("UPDATE (May 3) — A bridge fell.", []),
        ("Floods cut off the village of Ulmenau, officials said.", ["Ulmenau"]),
        ("Guards closed the Ulmenau crossing on Sunday.", ["Ulmenau"]),
        ("Bogota, which lent two boats, warned of rain.", ["Bogota"]),
        ("He holds that Bogota was behind it.", ["Bogota"]),
    ],
)
def test_names_that_the_recogniser_may_pass_over(text: str, names: list[str]) -> None:
    assert [text[slice(*place.span)] for place in places(text)] == names


def test_a_quarter_is_found_in_its_town() -> None:
    found = places("Shops in the Old City of Damascus and in the Old Town of Split were shut.")
    assert {place.name for place in found} == {"Damascus", "Split"}


def test_a_person_with_the_name_of_a_capital_is_no_place() -> None:
    assert places("The singer Vienna Boyd was ill. Later Vienna sang again.") == ()


def test_demonyms_and_people_are_no_places() -> None:
    assert places("The Peruvian minister Jordan Peters met French officials.") == ()


def test_a_language_that_is_not_parsed_has_no_places() -> None:
    assert places("Une bombe a explosé à Paris.", language="fr") == ()


def test_the_order_of_names_does_not_change_their_senses() -> None:
    names = [Name("Valencia"), Name("Alicante"), Name("Spain"), Name("Granada"), Name("Valencia")]
    assert choose(names, {}) == choose(names[::-1], {})


# fmt: off
_PIECES = st.sampled_from([
    "Paris", "London", "the", "Paris,", "Texas", "Lima's", "in", "near", "of", "Georgia", "Iran", "said",
    "between", "and", "Mount", "Lake", "Oblast", "County", "St.", "U.S.", "French", "northern", "City", "(", ")",
    '"', "Iran’s", "-", "X", "5", ".", "\n", "ё", "中国", "\u200f",
])
# fmt: on


@settings(max_examples=100, deadline=None)
@given(st.lists(_PIECES, max_size=16).map(" ".join))
def test_any_text_gives_ordered_spans_inside_it(text: str) -> None:
    found = places(text)
    end = 0
    for place in found:
        assert end <= place.span[0] < place.span[1] <= len(text)
        end = place.span[1]
        assert (place.lat is None) == (place.lon is None)
        assert place.name
    assert found == places(text)
