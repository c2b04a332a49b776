"""Tables of posts as people have them: names of columns, times, and what cannot be read."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from allegedly.errors import AllegedlyError
from allegedly.synchrony.coactivity import network, read_posts, read_table
from allegedly.synchrony.coactivity.normal import canonical, domain, hashtags, links


def written(folder: Path, text: str, name: str = "posts.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        ("account,time,text", "a,100,x", "b,160,x"),
        ("message_id,user_id,username,repost_id,reply_id,message,timestamp,urls", "1,a,A,,,x,100,", "2,b,B,,,x,160,"),
        ("Author;Created At;Content", "a;2016-01-01T00:00:00Z;x", "b;2016-01-01 01:01:00+01:00;x"),
        ("screen_name\tdate\tbody", "a\t1451606400000\tx", "b\t1451606460.000\tx"),
        ("account_id,timestamp_share,text", "a,Tue Nov 25 12:00:00 +0000 2014,x", "b,Tue Nov 25 12:01:00 +0000 2014,x"),
        ("user,date,text", 'a,"Tue, 25 Nov 2014 12:00:00 GMT",x', "b,2014-11-25 12:01,x"),
        ("\ufeffaccount,time,text", 'a,100,"x\n"', "b,160, X "),
    ],
)
def test_columns_and_times_by_any_usual_name(tmp_path: Path, header: str, first: str, second: str) -> None:
    path = written(tmp_path, f"{header}\n{first}\n{second}\n")
    for text in ("text", "near-text"):
        edges = network(read_posts([path]), text, 60)
        assert [edges.account_1.tolist(), edges.account_2.tolist(), edges.weight.tolist()] == [["a"], ["b"], [1]]
        assert not len(network(read_posts([path]), text, 59))
        assert not edges.problems


def test_no_known_column_is_one_line_with_file_and_columns(tmp_path: Path) -> None:
    path = written(tmp_path, "who,when,text\na,1,x\n")
    with pytest.raises(
        AllegedlyError, match=r"posts\.csv: no column holds the account or the time .*: who, when, text"
    ):
        read_posts([path])
    assert len(read_posts([path], {"account": "who", "time": "when"}).load(["text"])) == 1


def test_what_cannot_be_read_is_left_out_and_counted(tmp_path: Path) -> None:
    path = written(tmp_path, "item,account,time\nx,a,1\nx,,2\nx,b,soon\nx,c,2024\n,d,4\nx,e,nan\nx,f,5\n")
    table = read_table([path])
    assert table.accounts[table.account].tolist() == ["a", "c", "f"]
    assert table.time.tolist() == [1, 2024, 5]
    assert dict(table.problems) == {
        "rows without an account were left out": 1,
        "rows with a time that cannot be read were left out": 2,
        "rows without an item were left out": 1,
    }
    posts = read_posts([path], {"narrative": "item"})
    assert network(posts, "narrative", 10).account_2.tolist() == ["f"]
    assert sum(posts.problems.values()) == 3


def test_a_table_is_in_codes_of_sorted_names(tmp_path: Path) -> None:
    path = written(tmp_path, "object_id,account_id,timestamp_share\ny,ü,1\nx,b,2\ny,B,3\nx,ü,4\n")
    table = read_table([path])
    assert table.items[table.item].tolist() == ["y", "x", "y", "x"]
    assert table.accounts.tolist() == ["B", "b", "ü"]
    assert network(table, window=2).account_2.tolist() == ["ü", "ü"]


def test_several_files_of_several_kinds_are_one(tmp_path: Path) -> None:
    first = written(tmp_path, "account,time,text\na,1451606400,x\n")
    second = tmp_path / "more.parquet"
    duckdb.sql(
        f"COPY (SELECT 'b' AS user_name, TIMESTAMP '2016-01-01 00:00:05' AS created_at, 'x' AS body) TO '{second}'"
    )
    assert network(read_posts([first, second]), "text", 5).account_2.tolist() == ["b"]
    assert not len(network(read_posts([first, second]), "text", 4))


def test_time_zones_of_parquet(tmp_path: Path) -> None:
    path = tmp_path / "it's.parquet"
    duckdb.sql(
        f"""COPY (SELECT unnest(['a', 'b']) AS account, 'x' AS item, TIMESTAMPTZ '2016-01-01 00:00:00+01' AS time)
        TO '{str(path).replace("'", "''")}'"""
    )
    assert read_table([path]).time.tolist() == [1451602800.0, 1451602800.0]


@pytest.mark.parametrize(("content", "what"), [(b"", "is empty"), (b"PAR1 no", "Parquet"), (b"\xff\xfea\0", "UTF-16")])
def test_files_that_are_no_tables(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "posts"
    path.write_bytes(content)
    with pytest.raises(AllegedlyError, match=what):
        read_posts([path])


def test_broken_rows_do_not_end_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_bytes(
        b'account,time,text,id\na,1,x,1\nb,2\nc,3,"x\xff",2\nd,4,x,too,many\n\xff,1,x,3\nf,\xff,x,4\nh,1,y,\xff\n'
        b"e,5,x,5\ng,7,y,6\nh,8,Y,7\n"
    )
    for by, column in (("text", "text"), ("near-text", "text"), ("narrative", "text")):
        edges = network(read_posts([path, path], {by: column}), by, 9)
        assert edges.account_1.tolist()[:1] == ["a"] and edges.account_2.tolist()[:1] == ["e"]
        assert dict(edges.problems) == {"broken rows were left out": 12}


@pytest.mark.parametrize("by", ["text", "link", "media"])
def test_what_the_posts_do_not_have_is_said(tmp_path: Path, by: str) -> None:
    path = written(tmp_path, "item,account,time\nx,a,1\n")
    with pytest.raises(AllegedlyError, match="these posts have no"):
        network(read_posts([path]), by, 9)


@pytest.mark.parametrize(("window", "by", "as_"), [(-1, "text", None), (9, "smell", None), (9, "text", "cooronet")])
def test_wrong_wishes_are_refused(tmp_path: Path, window: int, by: str, as_: str | None) -> None:
    path = written(tmp_path, "account,time,text\na,1,x\n")
    with pytest.raises(AllegedlyError):
        network(read_posts([path]), by, window, as_)


@pytest.mark.parametrize(
    ("link", "same"),
    [
        ("HTTP://WWW.Example.org:80/a/?b=2&utm_medium=x&a=1#part", "example.org/a?a=1&b=2"),
        ("https://m.example.org/%7Eann", "example.org/~ann"),
        ("https://example.org/#!/route", "example.org#!/route"),
        ("https://example.org:8443/", "example.org:8443"),
        ("example.org/a", "example.org/a"),
        ("https://", ""),
        ("http://[bad", ""),
    ],
)
def test_links_in_one_form(link: str, same: str) -> None:
    assert canonical(link) == same


def test_what_is_found_in_a_text() -> None:
    text = "(see https://en.wikipedia.org/wiki/A_(b)), www.x.org… «http://y.org/z» a@www.z.org #Tag #1 &#39; x#no #été"
    assert links(text) == ["en.wikipedia.org/wiki/A_(b)", "x.org", "y.org/z"]
    assert hashtags(text) == ["tag", "été"]
    assert domain("https://www.bbc.co.uk/news?x#y") == "bbc.co.uk"


@pytest.mark.parametrize("by", ["text", "near-text", "link", "domain", "hashtag", "forward", "media", "narrative"])
@pytest.mark.parametrize("as_", [None, "cnt", "coortweet"])
def test_a_table_without_rows_has_no_edges(tmp_path: Path, by: str, as_: str | None) -> None:
    path = written(tmp_path, "account,time,text,id,forwarded_from,media_hash,narrative\n")
    if (by, as_) != ("near-text", "coortweet"):
        assert not len(network(read_posts([path]), by, 60, as_))
    assert not len(network(read_table([path], "text"), window=60, as_=as_))


def test_any_column_may_be_the_item(tmp_path: Path) -> None:
    path = written(tmp_path, 'account,time,"my ""thing"""\na,1,x\nb,2,x\n')
    assert len(network(read_table([path], 'my "thing"'), window=1)) == 1
    with pytest.raises(AllegedlyError, match="no column holds the item"):
        read_table([path], "thing")


def test_rows_without_an_id_are_posts_of_their_own(tmp_path: Path) -> None:
    path = written(tmp_path, "account,time,text,id\na,1,x,\nb,2,x,\nc,2,x,7\nd,2,x,7\n")
    for posts in (read_posts([path]), read_posts([path]).load(["text", "id"])):
        assert len(network(posts, "text", 5, "cnt", min_weight=1)) == 6
        assert len(network(posts, "near-text", 5, "cnt", min_weight=1)) == 6
    assert len(network(read_table([path], "text"), window=5, as_="cnt", min_weight=1)) == 12
