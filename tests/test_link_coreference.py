"""Which mentions tell of one event: the lexicon, the parts of the score, and that order does not matter."""

from __future__ import annotations

import random

import numpy as np
import pytest

from allegedly.annotate.parse import parse
from allegedly.annotate.syntax import syntax_of
from allegedly.link.coreference.forest import Forest
from allegedly.link.coreference.lexicon import base, entry, links, reached, shared
from allegedly.link.coreference.mentions import Mention, mentions_of
from allegedly.link.coreference.pairs import FEATURES, agreement, all_pairs, features, overlap
from allegedly.link.coreference.resolve import average_linkage, coreferent, likelihood
from allegedly.link.coreference.roles import roles_of
from claiming import document

STORIES = (
    ("Two sailors died when a mine exploded in Port Arden on Monday.", ("died", "exploded")),
    ("The explosion of a mine killed two sailors in Port Arden on Monday, the navy said.", ("explosion", "killed")),
    ("Voters in Lurien elected a new council on Sunday. The election was calm.", ("elected", "election")),
)


def mentions(stories: tuple[tuple[str, tuple[str, ...]], ...] = STORIES) -> list[Mention]:
    found = []
    for text, words in stories:
        (parsed,) = parse([document(text)])
        found += mentions_of(parsed, [(text.index(w), text.index(w) + len(w)) for w in words])
    return found


def feature(a: Mention, b: Mention, name: str) -> float:
    return float(features([a, b], all_pairs(2))[0, FEATURES.index(name)])


@pytest.mark.parametrize(
    ("word", "form"),
    [("killed", "kill"), ("victories", "victory"), ("men", "man"), ("left", "leave"), ("zzqx", "zzqx")],
)
def test_base_forms(word: str, form: str) -> None:
    assert base(word) == form


def test_families_and_senses() -> None:
    assert "explode" in entry("explosion").family
    assert entry("attacker").family & entry("attack").family
    assert shared(entry("heist").concepts, entry("robbery").concepts) <= 1
    assert reached(entry("kill").concepts, entry("die").concepts, links().entailed) > 0
    assert shared(entry("elect").concepts, entry("explode").concepts) == 0
    assert entry("zzqx").family == {"zzqx"}


def test_roles_of_verbs_and_nouns() -> None:
    text = "The rebels shelled the old port. The shelling of the port by rebels went on."
    (parsed,) = parse([document(text)])
    s = syntax_of(parsed)
    for word in ("shelled", "shelling"):
        roles = roles_of(s, s.at(text.index(word)))
        assert "rebel" in roles.doers
        assert "port" in roles.done_to


def test_sets_that_tell_nothing_and_sets_that_differ() -> None:
    assert (agreement({"a"}, set()), agreement({"a"}, {"b"}), agreement({"a"}, {"a", "b"})) == (0, -1, 1)
    assert (overlap(set(), {"a"}), overlap({"a", "c"}, {"a", "b", "d"})) == (0, 0.5)


def test_a_tree_by_hand() -> None:
    """Feature 1 at most 0.5 goes left to the leaf 0; else feature 0 at most 2 to the leaf 1, above it to the leaf 2."""
    arrays = {
        "feature": np.array([1, 0]),
        "bound": np.array([0.5, 2.0]),
        "left": np.array([-1, -2]),
        "right": np.array([1, -3]),
        "value": np.array([0.0, 2.0, -2.0]),
        "root": np.array([0]),
    }
    rows = np.array([[9, 0.5], [2, 1], [3, 1]], np.float32)
    assert Forest(arrays).probability(rows) == pytest.approx([0.5, 0.8808, 0.1192], abs=1e-4)


def test_average_linkage_by_hand() -> None:
    """0-1 joins at 0.9; 2 is 0.7 and 0.3 from them, 0.5 on average."""
    likely = np.array([0.9, 0.7, 0.3], np.float32)
    assert average_linkage(3, all_pairs(3), likely, 0.4) == [0, 0, 0]
    assert average_linkage(3, all_pairs(3), likely, 0.6) == [0, 0, 2]
    assert average_linkage(3, all_pairs(3), likely, 0.95) == [0, 1, 2]


def test_features_do_not_depend_on_which_comes_first() -> None:
    one = mentions()
    assert np.allclose(features(one, all_pairs(len(one))), features(one, all_pairs(len(one))[::-1]), atol=1e-5)
    assert feature(one[1], one[2], "family") == 1
    assert feature(one[1], one[2], "places") == 1
    assert feature(one[0], one[4], "places") == -1


def test_the_same_told_by_verb_and_noun_is_likelier_than_anything_else() -> None:
    one = mentions()
    heads, pairs = [m.head for m in one], all_pairs(len(one))
    ranked = sorted(zip(likelihood(one, pairs), *pairs, strict=True), reverse=True)
    best = {frozenset((heads[a], heads[b])) for _, a, b in ranked[:3]}
    assert best == {frozenset(p) for p in (("explode", "explosion"), ("die", "kill"), ("elect", "election"))}
    labels = dict(zip(heads, coreferent(one), strict=True))
    assert labels["explode"] == labels["explosion"] != labels["elect"]


def test_the_order_of_mentions_does_not_matter() -> None:
    one = mentions()
    grouped = {frozenset(i for i, c in enumerate(coreferent(one)) if c == label) for label in coreferent(one)}
    order = list(range(len(one)))
    random.Random(3).shuffle(order)
    labels = coreferent([one[i] for i in order])
    assert grouped == {frozenset(i for i, c in zip(order, labels, strict=True) if c == label) for label in labels}


def test_few_mentions() -> None:
    assert coreferent([]) == []
    assert coreferent(mentions()[:1]) == [0]
    pair = mentions()[1:3]
    assert 0 <= likelihood(pair, all_pairs(2))[0] <= 1
    (empty,) = parse([document("")])
    assert mentions_of(empty, [(0, 1)]) == []
