"""Bonds and ties: a vague item follows one core and never joins two; groups do not depend on how items came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.link.grouping import Layer, add_items, prepare


class Dot(NamedTuple):
    """A point; `firm` ones bond within 1, all are tied within 3."""

    id: str
    document: str
    at: int
    firm: bool


def dot(number: int, at: int, firm: bool = True) -> Dot:
    return Dot(f"z{number:016x}", "d", at, firm)


def alike(a: Dot, b: Dot) -> float:
    apart = abs(a.at - b.at)
    if apart <= 1 and a.firm and b.firm:
        return 2.0
    return 0.9 - apart / 10 if apart <= 3 else 0.0


def grouped(batches: Sequence[Sequence[Dot]]) -> set[frozenset[str]]:
    con, known = duckdb.connect(), {d.id: d for batch in batches for d in batch}

    def load(ids: Collection[str]) -> dict[str, Dot]:
        return {i: known[i] for i in ids}

    def keys(d: Dot) -> list[str]:
        return [f"{(d.at + step) // 4}" for step in (-3, 0, 3)]

    layer = Layer("dot", "z", load, keys, lambda d: f"{d.at:05}", alike, 1.0, lambda d: d.firm)
    prepare(con)
    for batch in batches:
        add_items(con, layer, [d.id for d in batch])
    rows = con.execute("SELECT leader, list(item) FROM link_groups GROUP BY leader").fetchall()
    return {frozenset(f"z{item:016x}" for item in items) for _, items in rows}


def test_a_vague_item_follows_its_strongest_tie_and_joins_no_two_cores() -> None:
    left, vague, right = dot(1, 10), dot(2, 12, firm=False), dot(3, 15)
    assert grouped([[left, vague, right]]) == {frozenset({left.id, vague.id}), frozenset({right.id})}


def test_a_vague_item_changes_sides_when_a_closer_core_comes() -> None:
    left, vague, near = dot(1, 10), dot(2, 12, firm=False), dot(3, 13)
    assert grouped([[left, vague], [near]]) == {frozenset({left.id}), frozenset({vague.id, near.id})}


def test_an_item_that_changed_leaves_its_group() -> None:
    con, known = duckdb.connect(), {d.id: d for d in (dot(1, 10), dot(2, 10), dot(3, 10))}
    layer = Layer("dot", "z", lambda ids: {i: known[i] for i in ids}, lambda d: [f"{d.at}"], lambda d: "", alike, 1.0)
    prepare(con)
    add_items(con, layer, list(known))
    moved = dot(2, 90)
    known[moved.id] = moved
    groups = add_items(con, layer, [], [moved.id]).groups
    assert sorted(len(group.members) for group in groups) == [1, 2]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=24),
    st.randoms(use_true_random=False),
    st.integers(1, 5),
)
def test_groups_are_a_function_of_the_set(made: list[tuple[int, bool]], shuffler: object, cut: int) -> None:
    dots = [dot(n, *values) for n, values in enumerate(made, 1)]
    expected = grouped([dots])
    shuffler.shuffle(dots)  # type: ignore[attr-defined]
    assert grouped([dots[n : n + cut] for n in range(0, len(dots), cut)]) == expected
