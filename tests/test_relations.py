"""Ties between actors: type, direction, sign, holder and evidence."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegedly.annotate import annotate_parsed
from allegedly.annotate.parse import parse
from allegedly.records import Annotation, Origin, Relation, make_document


def told(text: str) -> Annotation:
    document = make_document(origin=Origin(path="t"), source="t", text=text, language="en", published_at="2031-05-20")
    (parsed,) = parse([document])
    return annotate_parsed(parsed)


def ties(text: str) -> set[tuple[str, str, str, int]]:
    return {(r.subject, r.type, r.object, r.sign) for r in told(text).relations}


def the(text: str, kind: str) -> Relation:
    (found,) = [r for r in told(text).relations if r.type == kind]
    return found


@pytest.mark.parametrize(
    ("text", "tie"),
    [
        ("Belgium must stand by its ally, Portugal.", ("belgium", "ally", "portugal", 1)),
        ("Peru, an ally of Chile, sent troops.", ("peru", "ally", "chile", 1)),
        ("Russia backs Serbia.", ("russia", "supports", "serbia", 1)),
        ("The Iran-backed Houthis fired a missile.", ("houthis", "proxy-of", "iran", 1)),
        ("Hezbollah, a proxy of Iran, denied it.", ("hezbollah", "proxy-of", "iran", 1)),
        ("Hezbollah was founded by Iran.", ("hezbollah", "created-by", "iran", 1)),
        ("Turkey cooperates with Azerbaijan.", ("turkey", "cooperates", "azerbaijan", 1)),
        ("North Korea is a threat to Japan.", ("north-korea", "threat-to", "japan", -1)),
        ("Togo attacked Mali on Monday.", ("togo", "attacks", "mali", -1)),
        ("Poland accused Belarus of lying.", ("poland", "accuses", "belarus", -1)),
        ("Red Star, a group formed to undermine Chile, denied it.", ("red-star", "hostile", "chile", -1)),
        ("The Houthis, backed by Iran, fired a missile.", ("iran", "supports", "houthis", 1)),
        ("Sok Hydro, which is controlled by the Varga Group, denied it.", ("sok-hydro", "part-of", "varga-group", 1)),
        ("Belarus is hostile to Poland.", ("belarus", "hostile", "poland", -1)),
        ("Tallinn and Vilnius stood by Latvia on Friday.", ("lithuania", "supports", "latvia", 1)),
        ("Togo signed a defence pact with Mali.", ("togo", "cooperates", "mali", 1)),
        ("Togo threw its weight behind Mali.", ("togo", "supports", "mali", 1)),
        ("Mali thanked Togo for its support.", ("togo", "supports", "mali", 1)),
        ("The Red Star Union belongs to the Harbour Alliance.", ("red-star-union", "part-of", "harbour-alliance", 1)),
        ("Chile's support for Peru is no secret.", ("chile", "supports", "peru", 1)),
        ("The feud between Togo and Mali goes on.", ("togo", "hostile", "mali", -1)),
        ("Togo is at odds with Mali.", ("togo", "hostile", "mali", -1)),
        ("The Kestrel Group is in the pay of Mali.", ("kestrel-group", "proxy-of", "mali", 1)),
        ("Egypt and Sudan signed a water treaty.", ("egypt", "cooperates", "sudan", 1)),
        ("Deputies of the Red Star Union backed Chile.", ("red-star-union", "supports", "chile", 1)),
        ("The Volta Party set up the Volta Youth League.", ("volta-youth-league", "created-by", "volta-party", 1)),
        ("Peru was quick to back Chile.", ("peru", "supports", "chile", 1)),
        ("Peru, with which Chile has cooperated for years, denied it.", ("chile", "cooperates", "peru", 1)),
    ],
)
def test_each_type_with_direction_and_sign(text: str, tie: tuple[str, str, str, int]) -> None:
    assert tie in ties(text)


def test_part_of_a_named_body() -> None:
    text = "The Coastal Defence Corps (CDC) denied it. The CDC's Falcon Brigade moved north."
    assert ("falcon-brigade", "part-of", "coastal-defence-corps", 1) in ties(text)


def test_a_denied_tie_has_no_sign() -> None:
    assert ("china", "ally", "japan", 0) in ties("China is not an ally of Japan.")


@pytest.mark.parametrize(
    ("text", "tie"),
    [
        ("Peru does not support Chile.", ("peru", "supports", "chile", 0)),
        ("Turkey denied that it backs the Houthis.", ("turkey", "supports", "houthis", 0)),
        ("Peru refused to back Chile.", ("peru", "supports", "chile", 0)),
        ("Togo has no pact with Mali.", ("togo", "cooperates", "mali", 0)),
    ],
)
def test_what_is_negated_or_denied_has_no_sign_either(text: str, tie: tuple[str, str, str, int]) -> None:
    assert tie in ties(text)


def test_a_body_taken_up_is_the_one_so_called() -> None:
    text = "The Joint Border Force (JBF) moved in. Portugal remains an ally of the force."
    assert ("portugal", "ally", "joint-border-force", 1) in ties(text)


@pytest.mark.parametrize(
    "text", ["The People's Labour Front denied it.", "Maria Lopez leads the Dockers' Union.", "Togo has a new bridge."]
)
def test_no_tie_where_none_is_told(text: str) -> None:
    assert not ties(text)


def test_a_threatened_attack_is_no_attack() -> None:
    assert not [t for t in ties("Togo threatened to attack Mali.") if t[1] == "attacks"]


def test_the_holder_is_who_says_it() -> None:
    assert the("Ukraine said Belarus was a puppet of Russia.", "proxy-of").holder == "ukraine"
    assert the("Belarus is a puppet of Russia.", "proxy-of").holder == "author"


def test_the_same_tie_of_two_holders_stays_two() -> None:
    text = "Belarus is a puppet of Russia. Ukraine said Belarus was a puppet of Russia."
    assert {r.holder for r in told(text).relations if r.type == "proxy-of"} == {"author", "ukraine"}


def test_the_evidence_is_the_phrase_that_says_it() -> None:
    text = "Peru, an ally of Chile, sent troops."
    assert text[slice(*the(text, "ally").evidence)] == "an ally of Chile"


_PIECES = [
    "Peru ",
    "Chile",
    ", an ally of ",
    "’s proxy ",
    "-backed ",
    "militia ",
    "is not ",
    "a threat to ",
    ". ",
    "\n",
    "🌊",
    "by ",
    "created ",
]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join) | st.text(max_size=50))
def test_any_text_gives_ties_between_two_actors_of_its_cast(text: str) -> None:
    found = told(text)
    ids = {actor.id for actor in found.actors}
    for relation in found.relations:
        assert relation.subject != relation.object
        assert {relation.subject, relation.object} <= ids
        assert 0 <= relation.evidence[0] < relation.evidence[1] <= len(found.document.text)
