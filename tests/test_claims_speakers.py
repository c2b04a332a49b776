"""Who speaks: pronouns, descriptions, spokespeople, and speakers that the cast lacked."""

from __future__ import annotations

import pytest

from allegedly.annotate.actors.find import find_actors
from allegedly.annotate.claims.find import find_claims
from allegedly.annotate.places.find import find_places
from claiming import claims_of, parsed


def actors_of(text: str) -> list[str | None]:
    return [claim.speaker.actor for claim in claims_of(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Anna Berg said the bridge was safe. She added that it was open.",
        "Anna Berg said the bridge was safe, adding that it was open.",
        "Mayor Anna Berg arrived late. “The bridge is open,” she said.",
        "“The bridge is open,” said Mayor Anna Berg. She added that it was safe.",
    ],
)
def test_she_is_the_last_woman_who_acted_or_spoke(text: str) -> None:
    assert set(actors_of(text)) == {"anna-berg"}


def test_titles_keep_pronouns_apart() -> None:
    text = "Mr. Karl Lund met Ms. Anna Berg. He said the bridge was safe. She said it was not."
    assert actors_of(text) == ["karl-lund", "anna-berg"]


def test_it_is_a_body_that_spoke_not_one_that_was_spoken_of() -> None:
    text = "The newspaper Sarno said that Spain had won. It added that nobody was hurt."
    first, second = actors_of(text)
    assert first == second != "spain"


def test_description_takes_up_an_earlier_speaker_of_its_kind() -> None:
    text = "A Telegram channel accused Spain of theft. The war would go on, the publication claimed."
    first, second = claims_of(text)
    assert first.speaker.actor == second.speaker.actor
    assert text[slice(*second.speaker.spans[0])] == "the publication"


def test_city_speaks_for_its_state() -> None:
    assert actors_of("Madrid denied that its ships had fired.") == ["spain"]


def test_speaker_without_a_name_joins_the_cast() -> None:
    text = "Plenty of anonymous accounts claimed the dam had burst."
    one = parsed(text)
    (claim,), cast = find_claims(one, find_actors(one, find_places(one)))
    assert claim.speaker.actor is not None
    actor = cast[claim.speaker.actor]
    assert actor.id.endswith("~" + one.document.id)
    assert actor.mentions


def test_first_person_outside_quotations_is_the_author() -> None:
    (claim,) = claims_of("I predict that the talks will fail.", author="Anna Berg")
    assert (claim.speaker.actor, claim.speaker.name, claim.mode) == ("author", "Anna Berg", "own-voice")


def test_first_person_inside_a_quotation_is_no_claim_of_its_own() -> None:
    assert len(claims_of("“I think that we will win,” Anna Berg said.")) == 1


def test_who_takes_up_somebody_not_a_figure() -> None:
    text = "The toll is above the one given by the mayor, who said that nine had died."
    (claim,) = claims_of(text)
    assert claim.speaker.name == "mayor"


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("The report said that the dam was weak.", None),
        ("According to our first count, nine boats sank.", "author"),
        ("Spain's report said that the dam was weak.", "spain"),
    ],
)
def test_a_text_speaks_for_who_made_it(text: str, actor: str | None) -> None:
    one = parsed(text)
    (claim,), cast = find_claims(one, find_actors(one, find_places(one)))
    assert claim.speaker.actor == actor
    assert not [a for a in cast.actors if a.kind == "unnamed"]


@pytest.mark.parametrize(
    "text",
    [
        "Its rival, the Harbour Workers' Party, said that it would win.",
        "The radio station Delta 9 said that it would win.",
    ],
)
def test_a_name_beside_a_description_is_the_speaker(text: str) -> None:
    (claim,) = claims_of(text)
    assert claim.speaker.actor in {"harbour-workers-party", "delta-9"}


def test_pronouns_agree_in_number() -> None:
    text = "Anna Berg met two officers. The officers said the bridge was safe. She said it was not."
    assert actors_of(text)[1] == "anna-berg"


@pytest.mark.parametrize(
    ("given", "name"),
    [({"source": "unknown"}, "the author"), ({"source": "unknown", "author": "Anna Berg"}, "Anna Berg")],
)
def test_the_author_has_a_name_where_the_source_is_unknown(given: dict[str, str], name: str) -> None:
    (claim,) = claims_of("I predict that the talks will fail.", **given)
    assert claim.speaker.name == name


@pytest.mark.parametrize(
    "text",
    [
        "Anna Berg won. Her allies said that it was close. She said it was not.",
        "A grower blamed the dam. Anna Berg arrived late. She said that the dam was safe.",
    ],
)
def test_a_named_woman_is_not_passed_over_for_a_crowd_or_somebody_before_her(text: str) -> None:
    assert actors_of(text)[-1] == "anna-berg"


def test_somebody_without_a_name_goes_on_speaking() -> None:
    first, second = actors_of("Anna Berg said the dam was safe. One grower said it was not. She added that it leaked.")[
        1:
    ]
    assert first == second and first is not None and first.startswith("one-grower~")
