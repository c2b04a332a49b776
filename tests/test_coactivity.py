"""Co-activity networks: exact against brute force, and edge for edge against two other tools."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.synchrony.coactivity import Edges, Posts, network, read_posts, read_table
from allegedly.synchrony.coactivity.normal import cnt_text, plain_text
from allegedly.synchrony.coactivity.window import near_another, weigh, weigh_posts

SHARED = Path(__file__).parents[1] / ".." / "shared" / "data" / "coordination"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared posts are not here")

Pairs = dict[tuple[str, str], int]


def pairs(edges: Edges) -> Pairs:
    return {(a, b): int(w) for a, b, w in zip(edges.account_1, edges.account_2, edges.weight, strict=True)}


def oracle(name: str) -> Pairs:
    rows = duckdb.sql(f"SELECT account_1, account_2, weight FROM '{SHARED / name}'").fetchall()
    return {(a, b): w for a, b, w in rows}


# ---------------------------------------------------------------- the peers, edge for edge


@needs_shared
def test_every_edge_of_the_coordination_network_toolkit() -> None:
    posts = read_posts([SHARED / "ira_2016_200k.parquet"])
    assert pairs(network(posts, "text", 3600, "cnt")) == oracle("cnt_co_tweet_200k_3600s_edges.csv")


@needs_shared
@pytest.mark.parametrize("window", [10, 60, 3600])
def test_every_edge_of_coortweet(window: int) -> None:
    table = read_table([SHARED / "russian_coord_tweets.parquet"])
    assert pairs(network(table, window=window, as_="coortweet")) == oracle(f"coortweet_{window}s_edges.parquet")


@needs_shared
def test_posts_in_memory_and_on_disk_give_the_same_network(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    duckdb.sql(f"SELECT * FROM '{SHARED / 'ira_2016_200k.parquet'}' LIMIT 20000").write_csv(str(path), header=True)
    on_disk = read_posts([path])
    in_memory = on_disk.load(["text", "id"])
    for as_ in (None, "cnt", "coortweet"):
        edges = pairs(network(on_disk, "text", 3600, as_))
        assert edges and edges == pairs(network(in_memory, "text", 3600, as_))


def test_the_toolkit_counts_posts_of_the_first_account_both_ways() -> None:
    posts = Posts.of("abb", [0, 10, 20], text=["Hello  @you", "hello", "HELLO"], id=["1", "2", "3"])
    assert pairs(network(posts, "text", 10, "cnt", min_weight=1)) == {("a", "b"): 1, ("b", "a"): 1}
    assert pairs(network(posts, "text", 20, "cnt", min_weight=1)) == {("a", "b"): 1, ("b", "a"): 2}
    assert pairs(network(posts, "text", 20, "cnt")) == {("b", "a"): 2}


def test_the_toolkit_takes_a_message_once_and_no_repost() -> None:
    posts = Posts.of(
        "abcb", [0, 0, 0, 0], text=["x", "x", "x", "x"], id=["1", "2", "3", "1"], forward=[None, "", "9", ""]
    )
    assert pairs(network(posts, "text", 5, "cnt", min_weight=1)) == {("a", "b"): 1, ("b", "a"): 1}


def test_a_message_with_several_links_is_one_message_to_the_toolkit() -> None:
    posts = Posts.of("ab", [0, 1], text=["http://x.org/1 http://x.org/2"] * 2)
    assert pairs(network(posts, "link", 5, "cnt", min_weight=1)) == {("a", "b"): 1, ("b", "a"): 1}
    assert pairs(network(posts, "link", 5)) == {("a", "b"): 2}


@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("xyz"), st.integers(0, 30)), max_size=25))
def test_coortweet_by_brute_force(rows: list[tuple[str, str, int]]) -> None:
    posts = Posts.of([a for a, _, _ in rows], [t for _, _, t in rows], narrative=[o for _, o, _ in rows])
    assert pairs(network(posts, "narrative", 5, "coortweet")) == _coortweet(rows, 5)


def _coortweet(rows: list[tuple[str, str, int]], window: int) -> Pairs:
    shares = defaultdict(int)
    for account, _, _ in rows:
        shares[account] += 1
    kept = [(n, *row) for n, row in enumerate(rows) if shares[row[0]] >= 2]
    near = [(x, y) for x, y in combinations(kept, 2) if x[2] == y[2] and x[1] != y[1] and abs(x[3] - y[3]) <= window]
    content = {row[0] for pair in near for row in pair}
    takes_part = defaultdict(int)
    for row in kept:
        takes_part[row[1]] += row[0] in content
    weight: Pairs = defaultdict(int)
    for x, y in near:
        if max(takes_part[x[1]], takes_part[y[1]]) >= 2:
            weight[min(x[1], y[1]), max(x[1], y[1])] += 1
    return dict(weight)


# ---------------------------------------------------------------- the window join


ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 40)), max_size=40)


@given(ROWS, st.integers(0, 12), st.integers(1, 9))
def test_the_window_join_by_brute_force_in_chunks_of_any_size(
    rows: list[tuple[int, int, int]], window: int, size: int
) -> None:
    item, account, time = _columns(rows)
    found = weigh(item, account, time, window, 5, size=size)
    items = defaultdict(set)
    for x, y in _near(rows, window):
        items[min(x[1], y[1]), max(x[1], y[1])].add(x[0])
    assert _weights(found) == {pair: len(of) for pair, of in items.items()}


@given(ROWS, st.integers(0, 12), st.integers(1, 9))
def test_posts_weighed_by_brute_force_in_chunks_of_any_size(
    rows: list[tuple[int, int, int]], window: int, size: int
) -> None:
    item, account, time = _columns(rows)
    post = np.arange(len(rows)) // 2  # two items a post
    account = account[post * 2]
    rows = [(r[0], int(a), r[2]) for r, a in zip(rows, account, strict=True)]
    found = weigh_posts(item, account, time, post, window, 5, size=size)
    units = defaultdict(set)
    for (n, x), (m, y) in combinations(enumerate(rows), 2):
        if x[0] == y[0] and x[1] != y[1] and abs(x[2] - y[2]) <= window:
            units[x[1], y[1]].add(n // 2)
            units[y[1], x[1]].add(m // 2)
    assert _weights(found) == {pair: len(of) for pair, of in units.items()}


@given(ROWS, st.integers(0, 12))
def test_the_sieve_of_rows_near_another_is_exact(rows: list[tuple[int, int, int]], window: int) -> None:
    item, account, time = _columns(rows)
    near = {id(x) for pair in _near(rows, window) for x in pair}
    mask = near_another(item.astype(np.uint64), account.astype(np.uint64), time - 20, window)
    assert mask.tolist() == [id(row) in near for row in rows]


def _columns(rows: list[tuple[int, int, int]]) -> Iterator[np.ndarray]:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return iter((table[:, 0], table[:, 1], table[:, 2].astype(float)))


def _near(rows: list[tuple[int, int, int]], window: int) -> list[tuple[tuple[int, int, int], ...]]:
    return [(x, y) for x, y in combinations(rows, 2) if x[0] == y[0] and x[1] != y[1] and abs(x[2] - y[2]) <= window]


def _weights(found: object) -> dict[tuple[int, int], int]:
    columns = (found.first.tolist(), found.second.tolist(), found.weight.tolist())  # type: ignore[attr-defined]
    return {(a, b): w for a, b, w in zip(*columns, strict=True)}


# ---------------------------------------------------------------- what posts have in common


def test_an_item_counts_once_however_often_two_post_it() -> None:
    posts = Posts.of("ababab", [0, 1, 2, 3, 4, 5], text=["So it is"] * 4 + ["And so"] * 2)
    assert pairs(network(posts, "text", 1)) == {("a", "b"): 2}


@pytest.mark.parametrize(
    ("by", "one", "other"),
    [
        ("text", {"text": "So it is! @a https://t.co/1"}, {"text": "so\u00a0it IS!"}),
        ("link", {"text": "see http://www.x.org/a/?utm_source=t#top."}, {"text": "x https://x.org/a"}),
        ("link", {"link": "https://x.org/a?b=1&fbclid=2"}, {"link": "http://X.org/a?b=1"}),
        ("domain", {"text": "https://x.org/a"}, {"text": "https://www.x.org/b"}),
        ("hashtag", {"text": "#Солнце today"}, {"text": "what a #солнце"}),
        ("forward", {"forward": "canal"}, {"forward": "canal"}),
        ("media", {"media": "ff00"}, {"media": ["ff00", "aa"]}),
        ("narrative", {"narrative": "so it is"}, {"narrative": "so it is"}),
    ],
)
def test_what_two_posts_have_in_common(by: str, one: dict[str, object], other: dict[str, object]) -> None:
    posts = Posts.of("ab", [0, 60], **{role: [one[role], other[role]] for role in one})
    assert pairs(network(posts, by, 60)) == {("a", "b"): 1}
    assert not len(network(posts, by, 59))


def test_empty_texts_are_no_item_but_to_the_toolkit() -> None:
    posts = Posts.of("ab", [0, 0], text=["@a", None])
    assert not len(network(posts, "text", 9))
    assert len(network(posts, "text", 9, "cnt", min_weight=1)) == 2


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.text(
            st.sampled_from("aAσςΣİiı @:/\t\x1c\x85\xa0\u2009\u3000é’") | st.characters(codec="utf-8"), max_size=12
        ),
        min_size=1,
        max_size=30,
    )
)
def test_texts_that_are_the_same_pass_the_sieve(texts: list[str]) -> None:
    from allegedly.synchrony.coactivity import coarse

    connection = duckdb.connect(config={"threads": 1})
    texts = [t.replace("\0", "") for t in texts] + [f"{t} https://x.org/{t}" for t in texts]
    for as_, normal in (("cnt", cnt_text), (None, plain_text)):
        values = "(SELECT unnest(?::VARCHAR[]) AS text)"
        keys = connection.execute(f"SELECT key FROM {coarse.with_key(values, as_)}", [texts]).fetchall()
        of = defaultdict(set)
        for text, (key,) in zip(texts, keys, strict=True):
            of[normal(text)].add(key)
        assert all(len(found) == 1 for found in of.values())
        assert of.get("", {0}) == {0}
