"""Who tells what: counts, degrees and doers go to the claims that hold them, the rest to the author."""

from __future__ import annotations

from typing import Any

from allegedly.link.tellings import _all_wholes, _Claim, _Event, _Page, _tellings

TEXT = "Nine died, the port said; the union counts 20. The pier was hit by raiders, according to the port's own log."
NINE, TWENTY, PIER = "Nine died", "the union counts 20", "The pier was hit by raiders"


def span(words: str) -> tuple[int, int]:
    at = TEXT.index(words)
    return at, at + len(words)


def claim(id: str, words: str, speaker: str, **fields: Any) -> _Claim:
    made = _Claim(
        "d1", id, speaker, speaker.title(), "indirect", "asserts", "affirmed", [], ["x1"], [span(words)], words, False
    )
    return made._replace(**fields)


def killed(words: str, number: int) -> dict[str, Any]:
    return {"kind": "killed", "who": "", "min": number, "max": number, "span": span(words)}


def event(**fields: Any) -> _Event:
    made = _Event(
        "e1", "x1", "d1", "ASSAULT", "", "fact", [span("hit")], span(PIER), [], [], [], [], "Gull", "2031-05-02"
    )
    return made._replace(**fields)


def page(*claims: _Claim) -> _Page:
    made = _Page()
    made.linked = {"port": "port", "union": "union", "raiders": "raiders"}
    made.mentions = {"raiders": [span("raiders")], "port": [span("the port")]}
    for one in claims:
        made.add(one)
    return made


def test_each_count_goes_to_the_claim_that_holds_it_and_the_rest_to_the_author() -> None:
    counts = [killed("Nine", 9), killed("20", 20), killed("pier", 1)]
    told = list(_tellings(event(casualties=counts), page(claim("c1", NINE, "port"), claim("c2", TWENTY, "union"))))
    assert [(t.speaker, [h.min for h in t.harms]) for t in told] == [
        ("port", [9]),
        ("union", [20]),
        ("author:Gull", [1]),
    ]


def test_the_innermost_claim_owns_a_count() -> None:
    outer = claim("c1", TEXT[: span(TWENTY)[1]], "port")
    told = list(_tellings(event(casualties=[killed("20", 20)]), page(outer, claim("c2", TWENTY, "union"))))
    assert {t.speaker: len(t.harms) for t in told} == {"port": 0, "union": 1}


def test_a_doer_belongs_to_the_claim_that_names_it() -> None:
    told = list(_tellings(event(actors=["raiders"]), page(claim("c1", NINE, "union"), claim("c2", PIER, "port"))))
    assert {t.speaker: t.perpetrators for t in told} == {"union": (), "port": ("raiders",)}


def test_an_event_without_claims_is_told_by_the_author() -> None:
    (told,) = _tellings(event(actors=["raiders"]), page())
    assert (told.speaker, told.perpetrators, told.of_event) == ("author:Gull", ("raiders",), True)


def test_a_source_that_nobody_knows_is_nobody_elses_twin() -> None:
    (told,) = _tellings(event(source="unknown"), page())
    assert told.speaker == "author:d1"


def test_to_deny_a_part_in_it_is_to_say_who_it_was_not() -> None:
    denial = claim("c1", PIER, "port", act="denies", text="any part in the hit")
    (told,) = _tellings(event(), page(denial))
    assert (told.of_event, told.accused, told.denies) == (False, ("raiders",), True)
    nobody = claim("c1", "said", "port", act="denies", text="any part in it")
    (told,) = _tellings(event(), page(nobody))
    assert told.accused == ("port",)


def test_a_corps_of_an_army_is_its_state_s_too() -> None:
    wholes = {"corps": {"army"}, "army": {"state"}, "state": {"corps"}}
    assert _all_wholes("corps", wholes) == {"army", "state"}
    assert _all_wholes("union", wholes) == frozenset()
