"""Tables of what was found: the promised columns, nothing that a spreadsheet runs, and one network in every format."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parent.parent / "evals"))

from allegedly.errors import AllegedlyError
from allegedly.synchrony.analysis import Synchrony, analyse
from allegedly.synchrony.results import (
    Columns,
    Names,
    coincidence_rows,
    iso,
    network_rows,
    pair_rows,
    ring_rows,
    view,
)
from allegedly.synchrony.written import refuse_others, write_csv, write_gexf, write_tables
from worlds import RingSpec, world

GEXF = "{http://gexf.net/1.3}"


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    with threadpool_limits(limits=1, user_api="blas"):
        yield


@pytest.fixture(scope="module")
def found() -> Synchrony:
    made = world("few", 1, 0.3, RingSpec(8, 0.1))
    return analyse(made.item, made.account, made.time, made.accounts)


@pytest.fixture(scope="module")
def names(found: Synchrony) -> Names:
    items = [f"item {number}" for number in range(int(found.posts.item.max()) + 1)]
    return Names(items, [f"account {number}" for number in range(found.posts.accounts)])


@pytest.fixture(scope="module")
def tables(found: Synchrony, names: Names) -> dict[str, Columns]:
    return {
        "pairs": pair_rows(found, names),
        "network": network_rows(found, names),
        "coincidences": coincidence_rows(found, names),
        "rings": ring_rows(found, names),
    }


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def same(cell: str, value: object) -> bool:
    if isinstance(value, bool):
        return cell == str(value).lower()
    return float(cell) == value if isinstance(value, (int, float)) else cell == value


# ---------------------------------------------------------------- tables


def test_the_pairs_have_the_promised_columns_for_every_two_that_met(
    found: Synchrony, tables: dict[str, Columns]
) -> None:
    pairs = tables["pairs"]
    assert {"account_1", "account_2", "observed", "expected", "p", "q"} <= set(pairs)
    assert {len(column) for column in pairs.values()} == {found.trials.pairs}
    assert pairs["p"] == sorted(pairs["p"])
    assert len(set(zip(pairs["account_1"], pairs["account_2"], strict=True))) == found.trials.pairs
    assert all(one != other for one, other in zip(pairs["account_1"], pairs["account_2"], strict=True))
    assert sum(pairs["shared_items"]) == len(found.trials.item)
    assert pairs["in_step"] == [q <= 0.05 and not apart for q, apart in zip(pairs["q"], pairs["apart"], strict=True)]


def test_the_network_is_the_pairs_in_step(tables: dict[str, Columns]) -> None:
    pairs, network = tables["pairs"], tables["network"]
    kept = [at for at, edge in enumerate(pairs["in_step"]) if edge]
    assert len(kept) > 20
    assert list(network)[:3] == ["account_1", "account_2", "weight"]
    assert network["weight"] == [pairs["observed"][at] for at in kept]
    assert network["account_2"] == [pairs["account_2"][at] for at in kept]


def test_every_edge_has_its_posts(found: Synchrony, tables: dict[str, Columns]) -> None:
    posts, network = tables["coincidences"], tables["network"]
    seen: dict[frozenset[str], int] = {}
    for one, other, gap in zip(posts["account_1"], posts["account_2"], posts["gap_seconds"], strict=True):
        seen[frozenset((one, other))] = seen.get(frozenset((one, other)), 0) + 1
        assert 0 <= gap <= found.window
    for one, other, weight in zip(network["account_1"], network["account_2"], network["weight"], strict=True):
        assert seen.pop(frozenset((one, other))) >= weight
    assert not seen


def test_a_ring_has_a_row_for_each_member(found: Synchrony, tables: dict[str, Columns]) -> None:
    rings = tables["rings"]
    assert found.rings
    assert len(rings["account"]) == sum(len(ring.members) for ring in found.rings)
    assert set(rings["kind"]) == {"ring"} and max(rings["p"]) <= 0.01
    of_ring = [
        {one, other}
        for one, other, ring in zip(
            tables["pairs"]["account_1"], tables["pairs"]["account_2"], tables["pairs"]["ring"], strict=True
        )
        if ring == 1
    ]
    assert set().union(*of_ring) == {a for a, n in zip(rings["account"], rings["ring"], strict=True) if n == 1}


def test_times_are_in_utc_with_fractions_only_where_there_are_some() -> None:
    assert iso(0) == "1970-01-01T00:00:00Z"
    assert iso(1_709_251_200.25) == "2024-03-01T00:00:00.250Z"
    assert iso(-1.0) == "1969-12-31T23:59:59Z"


def test_what_is_shown_is_json_and_agrees_with_the_tables(
    found: Synchrony, names: Names, tables: dict[str, Columns]
) -> None:
    documents = [f"d{row}" for row in range(len(found.posts.item))]
    shown = json.loads(json.dumps(view(found, names, documents), allow_nan=False))
    assert shown["in_step"] == sum(tables["pairs"]["in_step"]) and shown["met"] == found.trials.pairs
    assert shown["windows"]["60"] == shown["in_step"] + shown["apart"]
    account = [one["name"] for one in shown["accounts"]]
    first = shown["pairs"][0]
    assert {account[first["a"]], account[first["b"]]} == {
        tables["pairs"]["account_1"][0],
        tables["pairs"]["account_2"][0],
    }
    for pair in shown["pairs"]:
        assert pair["observed"] > 0 and len(pair["posts"]) + pair["more"] >= pair["observed"]
        for post in pair["posts"]:
            early, late = (int(name[1:]) for name in post["documents"])
            accounts = [pair["a"], pair["b"]] if post["first"] else [pair["b"], pair["a"]]
            assert [f"account {found.posts.account[row]}" for row in (early, late)] == [account[at] for at in accounts]
            assert found.posts.item[early] == found.posts.item[late] == post["item"]
            assert found.posts.time[late] - found.posts.time[early] == pytest.approx(post["gap"])


# ---------------------------------------------------------------- files


def test_parquet_holds_what_csv_holds(tables: dict[str, Columns], tmp_path: Path) -> None:
    write_tables(tmp_path, tables)
    for name, columns in tables.items():
        path = tmp_path / f"{name}.parquet"
        relation = duckdb.sql(f"SELECT * FROM '{path}'")
        assert relation.columns == list(columns)
        rows, cells = relation.fetchall(), read_csv(tmp_path / f"{name}.csv")
        assert len(rows) == len(cells) == len(next(iter(columns.values())))
        for row, cell in zip(rows, cells, strict=True):
            assert all(same(text, value) for text, value in zip(cell.values(), row, strict=True)), (row, cell)


def test_tables_without_rows_keep_their_columns(tmp_path: Path) -> None:
    write_tables(tmp_path, {"rings": {"ring": [], "account": []}})
    assert (tmp_path / "rings.csv").read_text() == "ring,account\n"
    assert duckdb.sql(f"SELECT * FROM '{tmp_path / 'rings.parquet'}'").columns == ["ring", "account"]


@pytest.mark.parametrize("cell", ["=1+1", "+x", "-x", "@x", "\tx", "\nx", "＝x", "-2+3", "'=x"])
def test_cells_that_a_spreadsheet_would_run_are_made_harmless(tmp_path: Path, cell: str) -> None:
    write_csv(tmp_path / "t.csv", {"account_1": [cell], "weight": [-2]})
    (row,) = read_csv(tmp_path / "t.csv")
    assert row == {"account_1": "'" + cell, "weight": "-2"}


@pytest.mark.parametrize("cell", ["\rx", "x\ry"])
def test_a_carriage_return_in_a_name_does_not_end_the_row(tmp_path: Path, cell: str) -> None:
    write_csv(tmp_path / "t.csv", {"account_1": [cell], "weight": [1]})
    (row,) = read_csv(tmp_path / "t.csv")
    assert row["account_1"].lstrip("'") == cell and row["weight"] == "1"


@pytest.mark.parametrize("cell", ["x=1", "-5", "-5.25", "", "a,b", 'say "x"', "zwei\nZeilen", "'x"])
def test_other_cells_stay_as_they_are(tmp_path: Path, cell: str) -> None:
    write_csv(tmp_path / "t.csv", {"account_1": [cell], "other": ["end"]})
    assert read_csv(tmp_path / "t.csv") == [{"account_1": cell, "other": "end"}]


def test_the_graph_has_the_edges_of_the_network(tables: dict[str, Columns], tmp_path: Path) -> None:
    network = tables["network"]
    write_gexf(tmp_path / "g.gexf", network)
    graph = ElementTree.parse(tmp_path / "g.gexf").getroot().find(f"{GEXF}graph")
    assert graph is not None and graph.get("defaultedgetype") == "undirected"
    label = {node.get("id"): node.get("label") for node in graph.iter(f"{GEXF}node")}
    edges = [
        (label[e.get("source")], label[e.get("target")], int(str(e.get("weight")))) for e in graph.iter(f"{GEXF}edge")
    ]
    assert edges == list(zip(network["account_1"], network["account_2"], network["weight"], strict=True))
    declared = [attribute.get("id") for attribute in graph.iter(f"{GEXF}attribute")]
    assert declared == list(network)[3:]
    for at, edge in enumerate(graph.iter(f"{GEXF}edge")):
        values = {value.get("for"): float(str(value.get("value"))) for value in edge.iter(f"{GEXF}attvalue")}
        assert values == {name: network[name][at] for name in declared}


def test_a_graph_holds_any_name(tmp_path: Path) -> None:
    odd = ['<a> & "b"', "Канал «Маяк»", "nul\x00 bell\x07", "\ud800 half"]
    write_gexf(tmp_path / "g.gexf", {"account_1": odd, "account_2": ["z"] * 4, "weight": [1, 2, 3, 4]}, directed=True)
    root = ElementTree.parse(tmp_path / "g.gexf").getroot()
    labels = [node.get("label") for node in root.iter(f"{GEXF}node")]
    assert labels == [*odd[:2], "nul\ufffd bell\ufffd", "\ufffd half", "z"]
    assert [graph.get("defaultedgetype") for graph in root] == ["directed"]


def test_a_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    refuse_others(tmp_path / "not there")
    refuse_others(tmp_path)
    (tmp_path / "pairs.csv").write_text("")
    (tmp_path / "synchrony.gexf").write_text("")
    refuse_others(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(AllegedlyError, match="something other than an earlier result"):
        refuse_others(tmp_path)
    with pytest.raises(AllegedlyError, match="something other"):
        refuse_others(tmp_path / "notes.txt")
