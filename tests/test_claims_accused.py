"""Whom a claim accuses: from the words that name them to actors."""

from __future__ import annotations

import pytest

from allegedly.annotate.actors.find import find_actors
from allegedly.annotate.claims.accused import Blame
from allegedly.annotate.claims.attributions import Attribution
from allegedly.annotate.claims.resolving import Resolver
from allegedly.annotate.claims.rules import found_by_rules, quotations_of
from allegedly.annotate.places.find import find_places
from allegedly.annotate.syntax import syntax_of
from allegedly.records import Act
from claiming import annotated, parsed

ACCUSED = {
    "a name after a description": (
        "The clerk points the finger at the owner's manager, the Danish agent Ib Lund.",
        ["Ib Lund"],
    ),
    "the object, not who is named with it": ("The mayor accused the Norland fund of theft.", ["Norland"]),
    "the subject of what is said": ("The mayor accused him of lying.", []),
    "nobody, where it is the speaker's own doing": (
        "The coast guard was on its way. Norland Power, the operator, said that it suspected a technical fault.",
        [],
    ),
    "whose thing it is": ("The envoy blamed an army drone for the raid.", ["army"]),
}


@pytest.mark.parametrize(("text", "names"), ACCUSED.values(), ids=ACCUSED)
def test_accused(text: str, names: list[str]) -> None:
    annotation = annotated(text)
    named = {actor.id: actor.name for actor in annotation.actors}
    found = [named[actor] for claim in annotation.claims for actor in claim.accused]
    assert len(found) == len(names)
    assert all(name in given for name, given in zip(names, found, strict=True))


def blamed(text: str, cue: str, act: Act) -> list[str]:
    """Return whom the claim of `cue` accuses by the grammar alone."""
    one = parsed(text)
    s, quotations = syntax_of(one), quotations_of(one)
    drafts = found_by_rules(s, quotations)
    cast = find_actors(one, find_places(one))
    resolver = Resolver(s, cast, one.document, drafts, quotations)
    said = {id(d): resolver.speaker(d).actor for d in drafts}
    draft: Attribution = next(d for d in drafts if s.lower[d.anchor] == cue)
    found = Blame(resolver).accused(draft, act, said[id(draft)])
    grown = resolver.extended()
    return [grown[actor].name for actor in found]


STORY = "Anna Berg runs the lock. Ib Lund said she had opened the gate."


def test_an_accusation_without_other_words_blames_the_subject() -> None:
    assert blamed(STORY, "said", "accuses") == ["Anna Berg"]


def test_a_pronoun_never_means_who_speaks() -> None:
    text = "Ib Lund runs the lock. Jan Berg came later. Lund said he had opened the gate."
    assert blamed(text, "said", "accuses") == ["Jan Berg"]


@pytest.mark.parametrize("act", ["urges", "labels", "predicts", "declines"])
def test_only_an_accusation_accuses(act: Act) -> None:
    assert blamed(STORY, "said", act) == []


def test_who_is_said_not_to_have_done_it_is_not_accused() -> None:
    assert blamed("Anna Berg runs the lock. Ib Lund said she had not opened the gate.", "said", "accuses") == []


def test_you_is_who_spoke_before() -> None:
    text = "BERG: The company opened the lock.\n\nRUIZ: You broke it.\n\nBERG: We told the mayor in May that it broke."
    assert blamed(text, ":", "accuses") != ["RUIZ"]


def test_a_last_name_means_its_bearer() -> None:
    text = "Josimar Tavares judged the final. The club says that Tavares had dinner with a rival."
    assert blamed(text, "says", "accuses") == ["Josimar Tavares"]
