"""The command `allegedly synchrony` as people call it: tables, posts, ledgers, networks, and what goes wrong."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import numpy as np
import pytest
from click.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parent.parent / "evals"))

from allegedly import cli
from show_ledger import Desk
from worlds import World, world

FILES = {
    *(f"{name}.{form}" for name in ("pairs", "network", "coincidences", "rings") for form in ("csv", "parquet")),
    "synchrony.gexf",
}


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli.main, ["synchrony", *map(str, arguments)])


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(folder: Path, text: str, name: str = "posts.csv") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


def rows_of(made: World) -> str:
    rows = zip(made.item.tolist(), made.account.tolist(), made.time.tolist(), strict=True)
    return "item,account,time\n" + "".join(f"story {i},acc{a},{t:.3f}\n" for i, a, t in rows)


@pytest.fixture(scope="module")
def made() -> World:
    return world("few", 1, 0.3)


@pytest.fixture(scope="module")
def posts(made: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("posts"), rows_of(made))


@pytest.fixture(scope="module")
def first(posts: Path) -> tuple[Result, Path]:
    out = posts.parent / "first"
    return call(posts, "--by", "item", "--window", "60s", "--out", out), out


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Three accounts that post the same texts, one of them a minute late."""
    rows = [
        f"{account},{1_709_294_400 + 40_000 * n + late},text number {n} of the day says so"
        for n in range(4)
        for account, late in (("a", 0), ("b", 5), ("c", 65))
    ]
    return written(tmp_path, "account,time,text\n" + "\n".join(rows) + "\n")


# ---------------------------------------------------------------- the test


def test_a_table_of_item_account_and_time_is_tested(first: tuple[Result, Path], made: World) -> None:
    result, out = first
    assert result.exit_code == 0, result.output
    assert {path.name for path in out.iterdir()} >= FILES
    assert not list(out.parent.glob(".*"))
    pairs = table(out / "pairs.csv")
    assert list(pairs[0])[:4] == ["account_1", "account_2", "observed", "expected"] and {"p", "q"} <= set(pairs[0])
    posted = np.zeros((made.item.max() + 1, made.accounts), bool)
    posted[made.item, made.account] = True
    met = np.argwhere(np.triu(posted.T.astype(int) @ posted > 0, 1))
    assert {(row["account_1"], row["account_2"]) for row in pairs} == {
        tuple(sorted((f"acc{a}", f"acc{b}"))) for a, b in met
    }
    edges = {frozenset((row["account_1"], row["account_2"])) for row in table(out / "network.csv")}
    assert edges == {frozenset((f"acc{a}", f"acc{b}")) for a, b in made.pairs}


def test_it_says_what_was_found_and_what_it_cannot_tell(first: tuple[Result, Path]) -> None:
    said = first[0].stdout
    assert "3 pairs are closer in time than the news and their habits explain" in said
    assert "says nothing of intent, ownership or automation" in said
    assert "coordinated" not in said.lower()
    assert first[0].stderr == ""


def test_who_follows_is_in_the_table(first: tuple[Result, Path], made: World) -> None:
    leaders = {f"acc{leader}": f"acc{follower}" for leader, follower in made.pairs}
    for row in table(first[1] / "pairs.csv")[:3]:
        second_follows = leaders.get(row["account_1"]) == row["account_2"]
        follows = (
            ("account_2_follows", "account_1_follows") if second_follows else ("account_1_follows", "account_2_follows")
        )
        assert int(row[follows[0]]) > int(row[follows[1]])


def test_the_same_input_gives_the_same_bytes(first: tuple[Result, Path], posts: Path, tmp_path: Path) -> None:
    assert call(posts, "--by", "item", "--window", "60s", "--out", tmp_path / "again", "-q").output == ""
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (first[1] / name).read_bytes(), name


def test_neither_the_order_of_rows_nor_the_form_of_times_matters(
    first: tuple[Result, Path], posts: Path, tmp_path: Path
) -> None:
    header, *lines = posts.read_text().splitlines()
    shuffled = np.random.default_rng(1).permutation(lines)
    path = tmp_path / "posts.parquet"
    written(tmp_path, "\n".join([header, *shuffled]) + "\n")
    duckdb.sql(
        f"COPY (SELECT item, account, make_timestamp((time * 1e6)::BIGINT) AS time FROM '{tmp_path / 'posts.csv'}') "
        f"TO '{path}'"
    )
    assert call(path, "--out", tmp_path / "out", "-q").exit_code == 0
    assert (tmp_path / "out" / "pairs.csv").read_bytes() == (first[1] / "pairs.csv").read_bytes()


def test_parquet_and_graph_hold_what_the_tables_hold(first: tuple[Result, Path]) -> None:
    out = first[1]
    for name in ("pairs", "network", "coincidences", "rings"):
        count = duckdb.sql(f"SELECT count(*) FROM '{out / name}.parquet'").fetchall()
        assert count == [(len(table(out / f"{name}.csv")),)]
    edges = list(ElementTree.parse(out / "synchrony.gexf").getroot().iter("{http://gexf.net/1.3}edge"))
    assert [edge.get("weight") for edge in edges] == [row["weight"] for row in table(out / "network.csv")]


def test_any_dependence_and_the_rate_are_heeded(posts: Path, first: tuple[Result, Path], tmp_path: Path) -> None:
    assert call(posts, "--any-dependence", "--out", tmp_path / "by", "-q").exit_code == 0
    plain, careful = table(first[1] / "pairs.csv"), table(tmp_path / "by" / "pairs.csv")
    assert float(careful[0]["q"]) > 2 * float(plain[0]["q"])
    assert call(posts, "--fdr", "0", "--out", tmp_path / "none", "-q").exit_code == 0
    assert table(tmp_path / "none" / "network.csv") == []


def test_posts_are_tested_by_text_and_by_near_text(small: Path, tmp_path: Path) -> None:
    for by in ("text", "near-text"):
        result = call(small, "--by", by, "--out", tmp_path / by)
        assert result.exit_code == 0, result.output
        pairs = {(row["account_1"], row["account_2"]): row for row in table(tmp_path / by / "pairs.csv")}
        assert list(map(int, (pairs["a", "b"]["observed"], pairs["a", "c"]["observed"]))) == [4, 0]
        assert pairs["a", "b"]["account_2_follows"] == "4"
        assert pairs["b", "c"]["shared_items"] == "4"


def test_declared_reposts_leave_the_test_and_are_told(tmp_path: Path) -> None:
    rows = [f"x{n},{a},{1e5 * n + t},{f}" for n in range(9) for a, t, f in (("a", 0, ""), ("b", 4, "a"), ("c", 90, ""))]
    path = written(tmp_path, "item,account,time,forwarded_from\n" + "\n".join(rows) + "\n")
    result = call(path, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "9 declared reposts left the test" in result.stdout
    assert [(row["account_1"], row["account_2"]) for row in table(tmp_path / "out" / "pairs.csv")] == [("a", "c")]


def test_a_clock_of_minutes_is_told_where_the_window_is_finer(made: World, tmp_path: Path) -> None:
    rows = zip(made.item.tolist(), made.account.tolist(), (made.time // 60 * 60).tolist(), strict=True)
    path = written(tmp_path, "item,account,time\n" + "".join(f"{i},{a},{t}\n" for i, a, t in rows))
    said = call(path, "--window", "20s", "--out", tmp_path / "out").stdout
    assert "The clocks show steps of 60 s: that is the window in effect, not 20 s." in said


def test_a_ledger_is_tested_by_its_narratives(tmp_path: Path) -> None:
    desk = Desk()
    for day in range(1, 9):
        claims = []
        for source, minute in (("Post", 0), ("Lantern", 0), ("Pier", 3)):
            at = f"2024-03-{day:02}T12:0{minute}:00+00:00"
            document = desk.document(f"The depot number {day} burns, {source} said.", source, at)
            claims.append(desk.claim(document, "author", "", f"depot number {day} burns"))
        desk.narrative(claims, [0, 0, 180], ["first", "repeat", "repeat"])
    path = tmp_path / "my.ledger"
    desk.write(path)
    (path / "segments").mkdir()
    result = call(path, "--window", "5m", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    pairs = table(tmp_path / "out" / "pairs.csv")
    assert {(row["account_1"], row["account_2"], row["observed"]) for row in pairs} == {
        ("Lantern", "Pier", "8"), ("Lantern", "Post", "8"), ("Pier", "Post", "8"),
    }  # fmt: skip
    refused = call(path, "--by", "link", "--out", tmp_path / "other")
    assert refused.exit_code == 1 and refused.stderr.count("\n") == 1 and "narratives" in refused.stderr


def test_a_ledger_without_narratives_has_nothing_to_test(tmp_path: Path) -> None:
    desk = Desk()
    desk.document("Nothing is said.", "Post", "2024-03-01T12:00:00+00:00")
    desk.write(tmp_path / "my.ledger")
    (tmp_path / "my.ledger" / "segments").mkdir()
    assert call(tmp_path / "my.ledger", "--out", tmp_path / "out").exit_code == 3
    assert not (tmp_path / "out").exists()


def test_posts_of_any_format_need_to_know_what_they_share(tmp_path: Path) -> None:
    chat = {"name": "Harbour", "type": "public_channel", "id": 1, "messages": [
        {"id": n, "type": "message", "date": f"2024-03-01T12:0{n}:00", "date_unixtime": str(1_709_294_400 + 60 * n),
         "from": f"channel {n % 2}", "from_id": f"channel{n % 2}", "text": "The depot burns", "text_entities": []}
        for n in range(4)
    ]}  # fmt: skip
    path = written(tmp_path, json.dumps(chat), "result.json")
    refused = call(path, "--out", tmp_path / "out")
    assert refused.exit_code == 1 and "--by text" in refused.stderr
    assert call(path, "--by", "text", "--out", tmp_path / "out").exit_code == 0


# ---------------------------------------------------------------- networks


def test_only_the_network_is_counted(small: Path, tmp_path: Path) -> None:
    for by in ("text", "near-text"):
        out = tmp_path / by
        result = call(small, "--by", by, "--window", "60s", "--network-only", "--out", out)
        assert result.exit_code == 0, result.output
        assert "An edge is no finding" in result.stdout
        assert {path.name for path in out.iterdir()} == {"network.csv", "network.parquet", "synchrony.gexf"}
        assert [list(row.values()) for row in table(out / "network.csv")] == [["a", "b", "4"], ["b", "c", "4"]]
    assert call(small, "--by", "text", "--window", "65s", "--network-only", "--out", tmp_path / "wide").exit_code == 0
    assert len(table(tmp_path / "wide" / "network.csv")) == 3


def test_the_peers_definitions_can_be_asked_for(small: Path, tmp_path: Path) -> None:
    found = {}
    for peer in ("cnt", "coortweet"):
        result = call(small, "--by", "text", "--network-only", "--as", peer, "--out", tmp_path / peer)
        assert result.exit_code == 0, result.output
        found[peer] = {tuple(row.values()) for row in table(tmp_path / peer / "network.csv")}
    graph = ElementTree.parse(tmp_path / "cnt" / "synchrony.gexf").getroot()[0]
    assert graph.get("defaultedgetype") == "directed"
    assert found["cnt"] == {("a", "b", "4"), ("b", "a", "4"), ("b", "c", "4"), ("c", "b", "4")}
    assert found["coortweet"] == {("a", "b", "4"), ("b", "c", "4")}


def test_the_least_weight_is_heeded(small: Path, tmp_path: Path) -> None:
    small.write_text(small.read_text() + "c,1709294402,text number 0 of the day says so\n")
    for least, count in ((1, 3), (2, 2), (5, 0)):
        arguments = (small, "--by", "text", "--network-only", "--min-weight", least, "--out", tmp_path / "out")
        assert call(*arguments).exit_code == 0
        assert len(table(tmp_path / "out" / "network.csv")) == count


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize("more", [(), ("--network-only",)])
def test_an_unknown_column_is_one_line(tmp_path: Path, more: tuple[str, ...]) -> None:
    path = written(tmp_path, "story,account,time\nx,a,1\nx,b,2\n")
    for by in ("tale", "text"):
        result = call(path, "--by", by, *more, "--out", tmp_path / "out")
        assert result.exit_code == 1
        assert result.stderr.count("\n") == 1 and result.stderr.startswith("allegedly: ")
        assert "Traceback" not in result.output and not (tmp_path / "out").exists()
    named = call(path, "--by", "tale", "--out", tmp_path / "out").stderr
    assert "posts.csv" in named and "story, account, time" in named


@pytest.mark.parametrize("text", ["item,account,time\n", "item,account,time\n,a,5\nx,,5\nx,a,soon\n"])
def test_a_table_without_posts_is_told_by_the_exit_code(tmp_path: Path, text: str) -> None:
    result = call(written(tmp_path, text), "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert "no posts are left to test; nothing was written" in result.stderr
    assert not (tmp_path / "out").exists()


def test_what_was_left_out_is_told(tmp_path: Path) -> None:
    result = call(written(tmp_path, "item,account,time\nx,a,5\nx,b,6\nx,c,soon\n,d,5\n"), "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "note: 1 rows with a time that cannot be read were left out\n" in result.stderr
    assert "note: 1 rows without an item were left out\n" in result.stderr


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_table_in_which_nobody_shares_anything_gives_empty_tables_and_no_warning(tmp_path: Path) -> None:
    result = call(written(tmp_path, "item,account,time\nx,a,5\ny,b,6\n"), "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert table(tmp_path / "out" / "pairs.csv") == []


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    result = call(tmp_path / "no.csv", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1 and "there is no such file" in result.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ("--as", "cnt"),
        ("--network-only", "--as", "gephi"),
        ("--fdr", "2"),
        ("--window", "soon"),
        ("--window", "0"),
        ("--window", "-5"),
        ("--window", "5 weeks"),
        ("--window", ""),
        ("--min-weight", "0"),
    ],
)
def test_wrong_usage_is_told_as_such(small: Path, tmp_path: Path, wrong: tuple[str, ...]) -> None:
    result = call(small, "--by", "text", *wrong, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "Usage" in result.stderr and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("window", "edges"),
    [("60s", 2), ("60", 2), ("64.9s", 2), ("1.1m", 3), ("5m", 3), ("5 min", 3), ("1h", 3), ("4s", 0), ("1D", 3)],
)
def test_windows_have_units(small: Path, tmp_path: Path, window: str, edges: int) -> None:
    result = call(small, "--by", "text", "--network-only", "--window", window, "--out", tmp_path / "out", "-q")
    assert (result.exit_code, result.output) == (0, "")
    assert len(table(tmp_path / "out" / "network.csv")) == edges


def test_a_foreign_folder_is_left_alone_and_an_earlier_result_replaced(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    mine = written(out, "mine", "notes.txt")
    refused = call(small, "--by", "text", "--out", out)
    assert refused.exit_code == 1 and refused.stderr.count("\n") == 1
    assert [path.name for path in out.iterdir()] == ["notes.txt"] and mine.read_text() == "mine"
    mine.unlink()
    assert call(small, "--by", "text", "--out", out).exit_code == 0
    assert {path.name for path in out.iterdir()} >= FILES
    assert call(small, "--by", "text", "--network-only", "--out", out).exit_code == 0
    assert {path.name for path in out.iterdir()} == {"network.csv", "network.parquet", "synchrony.gexf"}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_help_promises_no_verdict() -> None:
    said = " ".join(call("--help").output.split())
    assert "coordinated" not in said.lower()
    assert "closer in time than the news and their habits explain" in said
