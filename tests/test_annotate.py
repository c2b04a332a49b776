"""Annotate as a whole: pure, safe, and its layers joined."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

import allegedly.annotate as room
from allegedly.annotate import annotate, attach_events
from allegedly.records import Casualties, Claim, Document, Event, Origin, Speaker, make_document

TEXTS = (
    "The harbour master said on Monday that a mine had struck the ferry. Two sailors were killed.",
    "Police denied any role in the blast. “We were not there,” a spokesman said.",
    "Начальник порта заявил, что взрыв был случайным.",
    "",
)


def documents() -> Iterator[Document]:
    for number, text in enumerate(TEXTS):
        yield make_document(origin=Origin(path=f"{number}.txt"), source="s", text=text, published_at="2031-05-07")


def test_the_result_for_a_document_does_not_depend_on_the_others() -> None:
    together = list(annotate(documents()))
    assert together == [next(annotate([document])) for document in documents()]
    assert together == list(annotate(list(documents())[::-1]))[::-1]


def test_languages_are_detected_and_only_english_is_parsed() -> None:
    english, _, russian, empty = annotate(documents())
    assert (english.document.language, russian.document.language, empty.document.language) == ("en", "ru", "")
    assert english.events
    assert not russian.events
    assert [c.mode for c in russian.claims] == ["own-voice"]


def test_a_document_that_breaks_a_layer_comes_back_bare_with_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> tuple[()]:
        raise RecursionError("too deep")

    monkeypatch.setattr(room, "find_times", broken)
    first, *_ = annotate(documents())
    (problem,) = first.problems
    assert "RecursionError" in problem.line
    assert not first.claims


def test_a_text_too_long_to_search_whole_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LONGEST_TEXT", 60)
    monkeypatch.setattr(sys.modules["allegedly.annotate.parse"], "LONGEST_TEXT", 60)
    first, *_ = annotate(documents())
    (problem,) = first.problems
    assert "only the first 60 were searched" in problem.line
    assert max(end for claim in first.claims for _, end in claim.content) <= 60


def test_a_claim_is_about_the_event_whose_toll_it_gives() -> None:
    toll = Casualties(min=2, max=2, kind="killed", span=(40, 43))
    event = Event(type="ASSAULT", trigger=((0, 5),), casualties=(toll,))
    other = Event(type="PROTEST", trigger=((60, 65),))
    claim = Claim(speaker=Speaker(), content=((38, 55),), mode="indirect")
    assert attach_events([claim], [event, other])[0].about == (0,)
