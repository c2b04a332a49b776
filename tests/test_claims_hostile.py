"""Whatever the text, spans lie in it, in order, and nothing is raised."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.annotate.claims.quotes import find_quotes
from allegedly.records import Claim
from claiming import annotated, claims_of

MARKS = ("“", "”", '"', "''", "«", "»", "„", "‘", "’", "'", ",", ".", ":", "?", "—", "(", "\n")
WORDS = (
    *("it", "he", "Anna", "said", "that", "accused", "of", "according to", "reportedly", "denied", "what", "claimed"),
    *("to", "be", "Spain", "not", "was", "calling", "by", "declined", "comment", "while", "as well as", "blame"),
    *("shifted", "toward", "held", "responsible"),
)
ODD = ("🌊", "שלום", "\u202e", "\u0301", "\x00", " ")
PIECES = st.sampled_from((*MARKS, *WORDS, *ODD))
TEXTS = st.one_of(st.lists(PIECES, max_size=30).map(" ".join), st.text(max_size=80))


def _check(text: str, claims: tuple[Claim, ...]) -> None:
    for claim in claims:
        for spans in (claim.speaker.spans, claim.cue, claim.content):
            assert list(spans) == sorted(spans)
            assert all(0 <= start < end <= len(text) for start, end in spans)
            assert all(a[1] <= b[0] for a, b in pairwise(spans)) or spans is claim.speaker.spans
        assert claim.content
        assert claim.parent is None or 0 <= claim.parent < len(claims)
        assert 0 < claim.confidence <= 1


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text(text: str) -> None:
    _check(text, annotated(text).claims)


@given(st.text(alphabet="“”\"'‘’«»„ ab,.\n", max_size=60))
def test_quotations_are_ordered_and_disjoint(text: str) -> None:
    quotes = find_quotes(text, [(0, len(text))])
    assert all(q.start < q.end <= len(text) for q in quotes)
    assert all(a.end <= b.start for a, b in pairwise(quotes))


@pytest.mark.parametrize("text", ["", "\n\n", "“", "said", "said that", "according to", '"said "said "said', "—" * 500])
def test_fragments(text: str) -> None:
    _check(text, claims_of(text))


def test_right_to_left_quotation_in_english_text() -> None:
    text = "“السلام عليكم يا أهل المدينة,” the mayor said."
    (claim,) = claims_of(text)
    assert text[slice(*claim.content[0])] == "“السلام عليكم يا أهل المدينة,”"
