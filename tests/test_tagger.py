"""The network's windows, features, edges, and what becomes of what it sees."""

from __future__ import annotations

import numpy as np
import pytest

from allegedly.annotate.claims.rules import found_by_rules, quotations_of
from allegedly.annotate.claims.tagger.anchors import anchor_of
from allegedly.annotate.claims.tagger.decode import sightings
from allegedly.annotate.claims.tagger.edges import completed, to_edges, whole_quotations
from allegedly.annotate.claims.tagger.features import PAIR_SIZES, TOKEN_SIZES, Known
from allegedly.annotate.claims.tagger.network import network
from allegedly.annotate.claims.tagger.windows import LONGEST, Window, windows
from allegedly.annotate.syntax import Syntax, syntax_of
from claiming import annotated, parsed

STORY = (
    "The harbour ministry said on Monday that the bridge had collapsed.\n\n"
    "“Nobody was hurt,” said Anna Berg, the mayor. “We were lucky.”\n\n"
    "Fishermen, who saw it fall, accused the builders of cutting corners."
)


def syntax(text: str) -> Syntax:
    return syntax_of(parsed(text))


def at(s: Syntax, word: str) -> int:
    return s.lower.index(word)


# ---- windows


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        "word " * 2000,
        " ".join(f"The clerk read line {n}." for n in range(300)),
        "\n\n".join(f"Paragraph {n} is short." for n in range(100)),
        "https://example.org/" + "a1b2" * 500,
        "Ωmega 🙂 \u200b said \ue000.",
    ],
)
def test_each_token_is_in_one_window_and_none_is_too_long(text: str) -> None:
    s = syntax(text)
    found = windows(s, network().vocabulary)
    assert [i for w in found for i in range(w.first, w.last)] == list(range(len(s)))
    for window in found:
        assert len(window.pieces) <= LONGEST + 12
        assert len(window.places) == window.last - window.first
        assert (np.diff(window.places) > 0).all()


def test_a_text_without_words_has_no_windows() -> None:
    assert windows(syntax(""), network().vocabulary) == []


# ---- features


def test_features_stay_within_the_sizes_that_training_knew() -> None:
    one = parsed(STORY)
    s, quotations = syntax_of(one), quotations_of(one)
    known = Known(s, found_by_rules(s, quotations), quotations)
    (window,) = windows(s, network().vocabulary)
    tokens = known.token_features(window)
    pairs = known.pair_features(window, [at(s, "said"), at(s, "accused")])
    assert (tokens >= 0).all() and (tokens.max(0) < TOKEN_SIZES).all()
    assert (pairs >= 0).all() and (pairs.reshape(-1, len(PAIR_SIZES)).max(0) < PAIR_SIZES).all()


def test_anchor_is_what_governs_the_cue() -> None:
    s = syntax("The clinic has repeatedly denied the charge.")
    assert anchor_of(s, [at(s, "has"), at(s, "repeatedly"), at(s, "denied")]) == at(s, "denied")
    with pytest.raises(ValueError, match="at least one"):
        anchor_of(s, [])


# ---- edges


def test_a_cut_phrase_is_completed() -> None:
    s = syntax("He said nobody had paid for 10 years.")
    assert completed(s, (at(s, "nobody"), at(s, "10") + 1), []) == (at(s, "nobody"), at(s, "years") + 1)


def test_completion_spares_what_is_taken() -> None:
    s = syntax("He said nobody had paid for 10 years.")
    piece = (at(s, "nobody"), at(s, "10") + 1)
    assert completed(s, piece, [at(s, "years")]) == piece


def test_edges_go_where_the_network_sees_them() -> None:
    window = Window(10, 20, np.zeros(12, np.int64), np.arange(10))
    first, last = np.zeros(10, np.float32), np.zeros(10, np.float32)
    assert to_edges(window, (13, 16), first, last) == (13, 16)
    first[2], last[8] = 0.9, 0.9
    assert to_edges(window, (13, 16), first, last) == (12, 19)


def test_a_quotation_mark_left_out_is_taken_in() -> None:
    one = parsed("She said: “The road is closed.”")
    s = syntax_of(one)
    quotations = quotations_of(one)
    assert whole_quotations(quotations, (at(s, "the"), at(s, "closed") + 1)) == quotations.ranges[0]


# ---- what it sees


def test_sightings_do_not_depend_on_what_was_seen_before() -> None:
    def seen(text: str) -> list[tuple[object, ...]]:
        one = parsed(text)
        s, quotations = syntax_of(one), quotations_of(one)
        found, _ = sightings(s, found_by_rules(s, quotations), quotations, network())
        return [(x.anchor, x.probability, x.content, x.source, x.acts) for x in found]

    first = seen(STORY)
    seen("Something else was said by somebody else. " * 40)
    assert seen(STORY) == first


def test_plain_attribution_is_sure_and_its_parts_are_right() -> None:
    claims = [c for c in annotated(STORY).claims if c.mode != "own-voice"]
    ministry = next(c for c in claims if "ministry" in c.speaker.name)
    assert ministry.confidence > 0.8
    assert [STORY[s:e] for s, e in ministry.content] == ["that the bridge had collapsed"]


def test_confidence_is_a_probability_and_differs() -> None:
    found = {c.confidence for c in annotated(STORY + "\n\nSome fear the worst. Talk of a plot went round.").claims}
    assert all(0 <= c <= 1 for c in found) and len(found) > 1
