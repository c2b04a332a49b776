"""What is tested: tables, posts and ledgers as (item, account, time), declared reposts left out and counted."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from allegedly.errors import AllegedlyError
from allegedly.records import Document, Origin, make_document
from allegedly.synchrony.inputs import Shares, is_table, shares_of_documents, shares_of_files, shares_of_ledger
from show_ledger import Desk

NOON = 1_709_294_400.0  # 2024-03-01 12:00 UTC


def told(shares: Shares) -> list[tuple[str, str, float]]:
    names = shares.names
    rows = zip(shares.item, shares.account, shares.time, strict=True)
    return sorted((names.items[item], names.accounts[account], float(time)) for item, account, time in rows)


def written(folder: Path, text: str, name: str = "posts.csv") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


def posted(source: str, text: str, second: int = 0, **more: object) -> Document:
    given = {"published_at": f"2024-03-01T12:00:{second:02}+00:00", "published_grain": "second"} | more
    return make_document(
        origin=Origin(path="posts.json", position=f"{source} {second}"),
        source=source,
        text=text,
        **given,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("zone", ["Z", "+00:00"])
def test_a_time_is_the_same_in_seconds_in_iso_and_in_any_zone(tmp_path: Path, zone: str) -> None:
    counted = written(tmp_path, "item,account,time\nx,a,1709294400\nx,b,1709294405.5\ny,a,1709298000\n", "one.csv")
    iso = written(
        tmp_path,
        f"item,account,time\nx,a,2024-03-01T12:00:00{zone}\nx,b,2024-03-01T14:00:05.500+02:00\n"
        "y,a,2024-03-01T08:30:00-04:30\n",
        "other.csv",
    )
    expected = [("x", "a", NOON), ("x", "b", NOON + 5.5), ("y", "a", NOON + 3600)]
    assert told(shares_of_files([counted], "item", 0.9)) == expected
    assert told(shares_of_files([iso], "item", 0.9)) == expected


def test_csv_and_parquet_are_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, "item,account,time\nx,a,1709294400\nx,b,1709294405.5\n")
    parquet = tmp_path / "posts.parquet"
    duckdb.sql(f"COPY (SELECT * FROM '{path}') TO '{parquet}'")
    assert told(shares_of_files([path], "item", 0.9)) == told(shares_of_files([parquet], "item", 0.9))
    assert is_table(path) and is_table(parquet) and is_table(Path("A.TSV")) and not is_table(Path("chat.json"))


def test_any_column_can_be_the_item(tmp_path: Path) -> None:
    path = written(tmp_path, "story,account,time\nx,a,5\nx,b,6\n")
    assert told(shares_of_files([path], "story", 0.9)) == [("x", "a", 5), ("x", "b", 6)]
    with pytest.raises(AllegedlyError, match=r"posts\.csv: no column holds the .*: story, account, time;"):
        shares_of_files([path], "tale", 0.9)


def test_posts_share_a_text_in_any_case_and_spacing_and_a_hashtag_and_a_link(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "account,time,text\na,1,Fire  at the depot #Depot https://x.example/1\nb,2,fire at the depot #depot "
        "https://x.example/1\nc,3,else #depot\n",
    )
    for by, accounts in (("text", "ab"), ("link", "ab"), ("domain", "ab"), ("hashtag", "abc")):
        shares = shares_of_files([path], by, 0.9)
        most = max(set(shares.item.tolist()), key=shares.item.tolist().count)
        assert "".join(a for i, a, _ in told(shares) if i == shares.names.items[most]) == accounts, by


def test_near_same_texts_are_one_item_called_by_its_first(tmp_path: Path) -> None:
    words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    path = written(tmp_path, f"account,time,text\na,1,{words} seventeen\nb,2,{words} more\nc,3,nothing of the kind\n")
    shares = shares_of_files([path], "near-text", 0.8)
    assert shares.item[0] == shares.item[1]
    assert [i for i, _, _ in told(shares) if i.startswith("one")] == [f"{words} seventeen"] * 2
    strict = shares_of_files([path], "near-text", 0.99)
    assert len({i for i, a, _ in told(strict) if a in "ab"}) == len([1 for _, a, _ in told(strict) if a in "ab"])


@pytest.mark.parametrize("header", ["forwarded_from", "is_retweet", "declared"])
def test_declared_reposts_leave_the_test_and_are_counted(tmp_path: Path, header: str) -> None:
    no, yes = ("", "source") if header == "forwarded_from" else ("0", "1")
    path = written(tmp_path, f"item,account,time,{header}\nx,a,1,{no}\nx,b,2,{yes}\nx,c,3,{no}\ny,b,9,{no}\n")
    shares = shares_of_files([path], "item", 0.9)
    assert told(shares) == [("x", "a", 1), ("x", "c", 3), ("y", "b", 9)]
    assert shares.declared == 1


@pytest.mark.parametrize("by", ["text", "near-text"])
def test_forwards_leave_the_texts_and_are_what_forwards_are_looked_at_for(tmp_path: Path, by: str) -> None:
    path = written(
        tmp_path,
        "account,time,text,forwarded_from\na,1,one and the same,\nb,2,one and the same,a\nc,3,one and the same,\n",
    )
    shares = shares_of_files([path], by, 0.9)
    assert [account for _, account, _ in told(shares)] == ["a", "c"] and shares.declared == 1
    forwards = shares_of_files([path], "forward", 0.9)
    assert told(forwards) == [("a", "b", 2)] and forwards.declared == 0


def test_documents_of_any_reader_are_posts() -> None:
    documents = [
        posted("a", "The depot burns", 1),
        posted("b", "the depot  burns", 5),
        posted("c", "The depot burns", 7, forwarded_from="a"),
        posted("d", "The depot burns", published_at="2024-03-01", published_grain="day"),
        posted("e", "The depot burns", published_at="2024-03-01T12:00:09"),
    ]
    shares = shares_of_documents(documents, "text", 0.9)
    assert [(account, time) for _, account, time in told(shares)] == [("a", NOON + 1), ("b", NOON + 5)]
    assert shares.declared == 1
    assert dict(shares.problems) == {"documents without a time of day and its zone were left out": 2}
    with pytest.raises(AllegedlyError, match="--by text"):
        shares_of_documents(documents, "item", 0.9)
    assert len(shares_of_documents([], "text", 0.9).item) == 0


def test_a_ledger_gives_its_narratives_its_sources_and_their_documents(tmp_path: Path) -> None:
    desk = Desk()
    told_at = {"a": "12:00:00", "b": "12:00:20", "c": "12:01:00", "d": ""}
    documents = {
        source: desk.document("The depot burns.", source, f"2024-03-01T{at}+00:00" if at else "2024-03-01")
        for source, at in told_at.items()
    }
    claims = [desk.claim(document, "author", "", "The depot burns") for document in documents.values()]
    desk.narrative(claims, [0, 20, 60, None], ["first", "repeat", "forward", "repeat"])
    with desk.write(tmp_path / "my.ledger").connect() as connection:
        shares = shares_of_ledger(connection)
    assert told(shares) == [("The depot burns", "a", NOON), ("The depot burns", "b", NOON + 20)]
    by_account = dict(zip([shares.names.accounts[a] for a in shares.account], shares.documents, strict=True))
    assert by_account == {source: documents[source] for source in "ab"}
    assert shares.declared == 1
    assert dict(shares.problems) == {"statements without a time of day and its zone were left out": 1}
