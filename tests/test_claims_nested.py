"""Claims inside claims, and claims that only look so: one speaker who says one thing and then another."""

from __future__ import annotations

import pytest

from allegedly.annotate.claims.acts import weighed
from allegedly.annotate.claims.attributions import Attribution
from allegedly.annotate.claims.cues import Cue
from allegedly.annotate.claims.look import look
from allegedly.annotate.claims.rules import worth_keeping
from allegedly.annotate.claims.siblings import parted
from allegedly.annotate.claims.tagger.network import network
from allegedly.annotate.claims.union import united
from allegedly.annotate.syntax import Range, Syntax, syntax_of
from claiming import annotated, parsed, told

SAYS = Cue("asserts", "speech", frozenset())

SIBLINGS = [
    ("The guild asks the mayor to open the lock, and expects a full answer.", "The guild"),
    ("Norland Rail says the victims were mostly contractors and has declined to discuss compensation.", "Norland Rail"),
    (
        "The guild issued a note saying that it does not own boats of that kind and asserting that a barge sank.",
        "The guild",
    ),
]


@pytest.mark.parametrize(("text", "speaker"), SIBLINGS)
def test_what_the_same_speaker_says_next_is_a_claim_beside_the_first(text: str, speaker: str) -> None:
    last = max(annotated(text).claims, key=lambda claim: claim.cue)
    assert last.parent is None
    assert told(text, last)[0] == speaker


def test_content_ends_before_a_cue_of_the_same_speaker() -> None:
    text = "The guild wants a new lock and has asked for money."
    one = parsed(text)
    s = syntax_of(one)
    outer = _draft(s, "wants", [(3, 11)], [(0, 2)])
    inner = _draft(s, "asked", [(8, 11)], [(0, 2)])
    inner.cue = [s.lower.index("has"), s.lower.index("asked")]
    parted(s, [outer, inner], look(one, network()).quotations)
    assert [s.text[s.start[a] : s.end[b - 1]] for a, b in outer.content] == ["a new lock"]


def _draft(s: Syntax, cue: str, content: list[Range], said_by: list[Range]) -> Attribution:
    anchor = s.lower.index(cue)
    return Attribution("clause", anchor, [anchor], content, SAYS, said_by[0][0], said_by)


def test_who_is_quoted_says_it_not_who_quotes() -> None:
    text = "The channel quoted a neighbour as saying that a drone had circled the yard."
    inner = next(claim for claim in annotated(text).claims if claim.parent is not None)
    assert told(text, inner) == ("a neighbour", "saying", "that a drone had circled the yard")


def test_inside_a_claim_a_lower_bar_holds_for_what_a_rule_finds() -> None:
    one = parsed("The ministry said the mayor believed that the dam would hold.")
    s, view = syntax_of(one), look(one, network())
    (inner,) = [x for x in view.sightings if s.lower[x.anchor] == "believed"]
    for probability, stands in ((0.15, True), (0.05, False)):
        inner.probability = probability
        found = united(s, view.drafts, view.sightings, view.net)
        assert any(s.lower[d.anchor] == "believed" for d in found) == stands


def test_a_mere_assertion_must_be_clearly_likelier_than_another_act() -> None:
    assert weighed({"asserts": 0.55, "denies": 0.4, "accuses": 0.05}, "reports") == "denies"
    assert weighed({"asserts": 0.8, "denies": 0.15, "accuses": 0.05}, "reports") == "asserts"


def test_what_a_quoted_speaker_thinks_is_a_claim_where_the_network_says_so() -> None:
    text = "“I believe that the lock will hold,” the mayor said."
    one = parsed(text)
    s, view = syntax_of(one), look(one, network())
    draft = next(d for d in united(s, view.drafts, view.sightings, view.net) if s.lower[d.anchor] == "said")
    draft.anchor, draft.said_by = s.lower.index("believe"), [(1, 2)]
    assert worth_keeping(s, draft, view.quotations)
    draft.seen = None
    assert not worth_keeping(s, draft, view.quotations)
