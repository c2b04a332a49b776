"""Tables of posts: every shipped mapping on its fixture, the layouts, and what broken and hostile files cost."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegedly.read import ReadOptions, mapping, posts, read
from allegedly.records import Document, Origin, well_formed
from reading import FIXTURES, measured, split, written

# ---------------------------------------------------------------- the shipped mappings

BURNED = "2021-03-02T09:15:00+00:00"
EXPECTED: dict[str, list[dict[str, Any]]] = {
    "4cat.csv": [
        {
            "text": "Two carriers were lost,\nsays Ostral. #Quarn",
            "source": "velt_evening",
            "source_kind": "account",
            "author": "Velt Evening",
            "platform": "x",
            "published_at": BURNED,
            "url": "https://x.com/velt_evening/status/901",
            "native_id": "901",
            "language": "en",
            "hashtags": ("Quarn",),
            "links": ("https://velt.example/a", "https://velt.example/b"),
            "media": ("https://img.example/1.jpg",),
            "reader": "csv (4cat)",
        },
        {"forwarded_from": "velt_evening", "forward_inferred": False},
    ],
    "4cat-telegram.csv": [
        {"source": "quarnridge", "source_kind": "channel", "kind": "message", "url": "https://t.me/quarnridge/55"},
        {
            "forwarded_from": "veltevening",
            "forward_inferred": True,
            "reply_to": "55",
            "media": ("quarnridge-56.jpeg",),
        },
    ],
    "4cat-telegram.ndjson": [
        {"source": "quarnridge", "published_at": BURNED, "forwarded_from": "Velt Evening", "reply_to": "54"}
    ],
    "zeeschuimer-x.ndjson": [
        {
            "text": "Two carriers & a truck were lost, says Ostral. #Quarn https://t.example/x",
            "source": "velt_evening",
            "platform": "x",
            "published_at": BURNED,
            "url": "https://x.com/velt_evening/status/901",
            "links": ("https://velt.example/a",),
            "reply_to": "900",
            "language": "en",
        },
        {
            "text": "Two carriers & a truck were lost, says Ostral. #Quarn https://t.example/x",
            "source": "orra_v",
            "forwarded_from": "velt_evening",
            "forward_inferred": False,
            "language": "",
        },
    ],
    "4cat-x.ndjson": [{"source": "velt_evening", "reader": "json (zeeschuimer-x)"}],
    "zeeschuimer-tiktok.ndjson": [
        {
            "source": "orra.v",
            "author": "Orra",
            "platform": "tiktok",
            "published_at": BURNED,
            "hashtags": ("Quarn",),
            "url": "https://www.tiktok.com/@orra.v/video/7100",
        },
        {"source": "orra.v", "published_at": "2021-03-02T09:16:00+00:00"},
    ],
    "zeeschuimer-instagram.ndjson": [
        {"text": "The depot after the fire #Quarn", "source": "veltphoto", "native_id": "Cq1", "published_at": BURNED},
        {"text": "A graph-shaped caption", "url": "https://www.instagram.com/p/Cq2", "platform": "instagram"},
    ],
    "crowdtangle-facebook.csv": [
        {
            "text": 'The depot burned, "completely".',
            "source": "Velt Evening",
            "platform": "facebook",
            "published_at": BURNED,
            "native_id": "3003",
            "links": ("https://velt.example/a",),
        },
        {"text": "A denial in short", "published_at": "2021-07-02T09:15:00+00:00"},
    ],
    "crowdtangle-instagram.csv": [
        {"text": "The depot after the fire", "source": "veltphoto", "native_id": "Cq1", "published_at": BURNED}
    ],
    "x-archive/tweets.js": [
        {
            "text": "Two carriers & a truck were lost. #Quarn",
            "platform": "x",
            "published_at": BURNED,
            "hashtags": ("Quarn",),
            "source": "unknown",
        },
        {"forwarded_from": "velt_evening"},
    ],
    "bluesky-feed.json": [
        {
            "source": "velt.example",
            "author": "Velt Evening",
            "platform": "bluesky",
            "published_at": BURNED,
            "language": "en",
            "hashtags": ("Quarn",),
            "links": ("https://velt.example/a",),
            "url": "https://bsky.app/profile/velt.example/post/3kab",
            "reply_to": "at://did:plc:bbb/app.bsky.feed.post/3kaa",
        }
    ],
    "bluesky-posts.jsonl": [{"source": "velt.example", "reader": "json (bluesky)"}],
    "bluesky-jetstream.jsonl": [
        {"source": "did:plc:aaa", "published_at": BURNED, "url": "https://bsky.app/profile/did:plc:aaa/post/3kab"}
    ],
    "bluesky-records.json": [{"source": "did:plc:aaa", "published_at": BURNED, "language": "en"}],
    "generic.csv": [
        {
            "title": "Depot burns",
            "text": "The depot burned; nobody was hurt.",
            "source": "Velt Evening",
            "source_kind": "outlet",
            "kind": "article",
            "published_at": "2021-03-02T09:15:00",
            "published_grain": "minute",
        },
        {"text": '=HYPERLINK("x")', "published_at": "", "published_grain": "unknown"},
    ],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_fixture(name: str) -> None:
    documents, _ = split(FIXTURES / name)
    assert len(documents) == len(EXPECTED[name])
    for document, expected in zip(documents, EXPECTED[name], strict=True):
        assert {key: getattr(document, key) for key in expected} == expected


def test_every_shipped_mapping_has_a_fixture() -> None:
    used = {d.reader.partition("(")[2].rstrip(")") for name in EXPECTED for d in split(FIXTURES / name)[0]}
    assert used == {m.name for m in mapping.shipped()}


def test_records_without_text_and_of_another_kind_are_counted() -> None:
    assert [p.what for p in split(FIXTURES / "crowdtangle-facebook.csv")[1]] == ["records without text skipped: 1"]
    assert [p.what for p in split(FIXTURES / "bluesky-jetstream.jsonl")[1]] == ["records of another kind skipped: 2"]


def test_a_time_that_cannot_be_read_is_told_with_what_to_do() -> None:
    (problem,) = split(FIXTURES / "generic.csv")[1]
    assert (problem.position, problem.excerpt) == ("line 4", "01/02/2021")
    assert "formats" in problem.action


def test_format_is_found_from_content_not_from_the_name(tmp_path: Path) -> None:
    for name in EXPECTED:
        copy = written(tmp_path, "export.txt", (FIXTURES / name).read_bytes())
        assert [d.text for d in split(copy)[0]] == [d.text for d in split(FIXTURES / name)[0]]


def test_the_source_of_an_archive_without_names_is_the_folder_or_what_the_person_says(tmp_path: Path) -> None:
    (tmp_path / "orra_v").mkdir()
    written(tmp_path / "orra_v", "tweets.js", (FIXTURES / "x-archive/tweets.js").read_bytes())
    assert split(tmp_path)[0][0].source == "orra_v"
    assert split(tmp_path, source="Orra")[0][0].source == "Orra"


# ---------------------------------------------------------------- CSV


@pytest.mark.parametrize("delimiter", list(",;\t|^"))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_delimiters_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = 'Склад сгорел, сообщило министерство; пострадавших нет.\nВторая строка с "кавычками" и | чертой'
    file = io.StringIO(newline="")
    table = csv.writer(file, delimiter=delimiter)
    table.writerows([["date", "account", "text"]] + [["2021-03-02", "orra_v", text]] * 5)
    documents, problems = split(written(tmp_path, "posts.csv", file.getvalue().encode(encoding)))
    assert [d.text for d in documents] == [text] * 5
    assert documents[1].origin.position == "line 4"
    assert (documents[0].published_at, documents[0].published_grain) == ("2021-03-02", "day")
    assert problems == []


def test_an_encoding_that_shows_only_after_the_first_64_kib(tmp_path: Path) -> None:
    rows = "2021-03-02,plain ascii words in a row\n" * 3000 + "2021-03-02,Склад сгорел сообщило министерство\n" * 3
    documents, _ = split(written(tmp_path, "posts.csv", ("date,text\n" + rows).encode("cp1251")))
    assert documents[-1].text == "Склад сгорел сообщило министерство"


CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff", include_characters="\t\r\n")
TEXT = st.text(CHARACTERS, min_size=1, max_size=60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXT.filter(str.strip), min_size=2, max_size=6), st.sampled_from(",;\t|"), st.booleans())
def test_what_csv_writer_writes_is_read_unchanged(
    tmp_path: Path, texts: list[str], delimiter: str, quoted: bool
) -> None:
    file = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    table = csv.writer(file, delimiter=delimiter, quoting=quoting)
    table.writerows([["id", "created_at", "text"]] + [[str(i), "2021-03-02", text] for i, text in enumerate(texts)])
    documents, _ = split(written(tmp_path, "posts.csv", file.getvalue()))
    kept = [text for text in texts if text.strip().lower() not in posts.BLANK]
    assert [d.text for d in documents] == kept


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=5), st.booleans())
def test_what_json_dumps_writes_is_read_unchanged_but_for_lone_surrogates(
    tmp_path: Path, texts: list[str], escaped: bool
) -> None:
    escaped = escaped or any("\ud800" <= c <= "\udfff" for text in texts for c in text)
    rows = [{"created_at": "2021-03-02T09:15:00Z", "text": text} for text in texts]
    kept = [well_formed(text) for text in texts if text.strip().lower() not in posts.BLANK]
    for content in (
        json.dumps(rows, ensure_ascii=escaped),
        "\n".join(json.dumps(r, ensure_ascii=escaped) for r in rows),
    ):
        documents, _ = split(written(tmp_path, "posts.json", content))
        assert [d.text for d in documents] == kept


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300), st.sampled_from(["date,text\n2021-03-02,first\n", '[{"text": "first"},', '{"text":"a"}\n'])
)
def test_garbage_behind_a_good_start_never_raises(tmp_path: Path, garbage: bytes, start: str) -> None:
    for item in read([written(tmp_path, "posts.csv", start.encode() + garbage)]):
        msgspec.json.encode(item)


def test_a_quote_that_is_never_closed_costs_one_line(tmp_path: Path) -> None:
    content = 'date,text\n2021-03-02,"never closed\n' + "2021-03-02,fine\n" * 20
    documents, (problem,) = split(written(tmp_path, "posts.csv", content))
    assert [d.text for d in documents] == ["fine"] * 20
    assert documents[0].origin.position == "line 3"
    assert (problem.position, "never closed" in problem.what) == ("line 2", True)


def test_a_stray_quote_that_swallows_rows_gives_them_back(tmp_path: Path) -> None:
    content = 'date,text\n2021-03-02,"open\n2021-03-02,fine\n2021-03-02,said "yes", twice\n2021-03-02,last\n'
    documents, problems = split(written(tmp_path, "posts.csv", content))
    assert [d.text for d in documents] == ["fine", "last"]
    assert [p.position for p in problems] == ["line 2", "line 4"]


def test_ragged_rows(tmp_path: Path) -> None:
    content = (
        "date,text,url\n2021-03-02,short\n2021-03-02,long,https://a.example,,\n2021-03-02,a, comma,https://a.example\n"
    )
    documents, (problem,) = split(written(tmp_path, "posts.csv", content + "2021-03-02,fine,\n" * 6))
    assert [d.text for d in documents[:3]] == ["short", "long", "fine"]
    assert (problem.position, problem.what) == ("line 4", "has 4 cells where the header has 3")


def test_a_giant_cell_and_a_giant_line_cost_themselves(tmp_path: Path) -> None:
    limits = msgspec.structs.replace(ReadOptions().limits, text=10_000)
    content = f'date,text\n2021-03-02,one\n2021-03-02,{"x" * 50_000}\n2021-03-02,"{("y" * 90 + chr(10)) * 300}"\n'
    documents, problems = split(written(tmp_path, "p.csv", content + "2021-03-02,last\n" * 9), limits=limits)
    assert [d.text for d in documents if len(d.text) < 50] == ["one"] + ["last"] * 9
    assert problems


def test_a_giant_row_of_many_lines_costs_itself(tmp_path: Path) -> None:
    limits = msgspec.structs.replace(ReadOptions().limits, text=1000)
    giant = ",".join(['"a\nb"'] * 2000) + "\n"
    content = "date,text\n2021-03-02,one\n" + giant + "2021-03-02,last\n" * 5
    documents, problems = split(written(tmp_path, "p.csv", content), limits=limits)
    assert documents[0].text == "one" and documents[-1].text == "last"
    assert "line 3" in [p.position for p in problems]


def test_cells_are_kept_as_they_are(tmp_path: Path) -> None:
    hostile = ["=cmd|' /C calc'!A0", "</script><script>alert(1)</script>", "nul\0inside", "  padded  "]
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["date", "text"]] + [["2021-03-02", text] for text in hostile])
    assert [d.text for d in split(written(tmp_path, "posts.csv", file.getvalue()))[0]] == hostile


def test_a_table_without_a_text_column_is_one_problem_that_names_the_columns(tmp_path: Path) -> None:
    content = "ident,colour,weight\n" + "1,red,20\n" * 500
    documents, (problem,) = split(written(tmp_path, "things.csv", content))
    assert documents == []
    assert "ident, colour, weight" in problem.what
    assert "mapping" in problem.action


def test_prose_with_commas_is_no_table(tmp_path: Path) -> None:
    prose = "The depot, it is said, burned.\nThe ministry, asked twice, denied it.\n" * 20
    (document,), _ = split(written(tmp_path, "note.txt", prose))
    assert document.reader.startswith("text")


# ---------------------------------------------------------------- JSON


def test_a_broken_line_costs_itself(tmp_path: Path) -> None:
    lines = [
        '{"text": "one"}',
        '{"text": "two',
        "",
        "[1]",
        "\x1e" + '{"text": "four", "weight": NaN}',
        '{"text": "last"}',
    ]
    documents, problems = split(written(tmp_path, "posts.jsonl", "\n".join(lines)))
    assert [(d.text, d.origin.position) for d in documents] == [
        ("one", "line 1"),
        ("four", "line 5"),
        ("last", "line 6"),
    ]
    assert [p.position for p in problems] == ["line 2", "line 4"]
    assert problems[0].excerpt.startswith('{"text": "two')


def test_a_broken_element_of_a_list_costs_itself(tmp_path: Path) -> None:
    documents, problems = split(written(tmp_path, "p.json", '[{"text": "one"}, {"text": oops}, 7, {"text": "last"}]'))
    assert [d.text for d in documents] == ["one", "last"]
    assert [p.position for p in problems] == ["record 2", "record 3"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "utf-32"])
@pytest.mark.parametrize("layout", ["list", "lines", "wrapped"])
def test_json_in_other_encodings(tmp_path: Path, encoding: str, layout: str) -> None:
    rows = [{"text": f"Склад сгорел {i} 😮"} for i in range(3)]
    content = {
        "list": json.dumps(rows, ensure_ascii=False),
        "lines": "\n".join(json.dumps(row, ensure_ascii=False) for row in rows),
        "wrapped": json.dumps({"meta": {"n": 3}, "posts": rows}, ensure_ascii=False, indent=2),
    }[layout]
    documents, _ = split(written(tmp_path, "posts.json", content.encode(encoding)))
    assert [d.text for d in documents] == [row["text"] for row in rows]


def test_one_article_an_object(tmp_path: Path) -> None:
    article = {
        "title": "Depot burns",
        "text": "It burned.",
        "source": "Velt Evening",
        "published": "2021-03-02T10:00:00Z",
    }
    (document,), _ = split(written(tmp_path, "a.json", json.dumps(article, indent=2)))
    assert (document.kind, document.title, document.source) == ("article", "Depot burns", "Velt Evening")


def test_settings_and_other_json_are_no_articles(tmp_path: Path) -> None:
    package = {"name": "tool", "version": "1.0", "description": "A tool that does things.", "author": "Orra"}
    documents, (problem,) = split(written(tmp_path, "package.json", json.dumps(package, indent=2)))
    assert documents == []
    assert "mapping" in problem.action


def test_a_row_without_text_does_not_take_another_column_for_it(tmp_path: Path) -> None:
    rows = [{"text": "It burned.", "status": "published"}, {"text": "", "status": "published"}]
    documents, _ = split(written(tmp_path, "posts.json", json.dumps(rows)))
    assert [d.text for d in documents] == ["It burned."]


def test_what_is_nested_is_not_taken_for_the_post(tmp_path: Path) -> None:
    row = {"text": "It burned.", "user": {"id": 7, "created_at": "2009-01-01", "description": "A bio", "lang": "de"}}
    (document,), _ = split(written(tmp_path, "posts.json", json.dumps([row])))
    assert (document.native_id, document.published_at, document.language) == ("", "", "")


def test_posts_inside_a_wrapper(tmp_path: Path) -> None:
    rows = [{"_index": "posts", "_source": {"message": "It burned.", "created_at": 1614676500, "username": "orra_v"}}]
    (document,), _ = split(written(tmp_path, "dump.json", json.dumps(rows)))
    assert (document.text, document.published_at, document.source) == ("It burned.", BURNED, "orra_v")


def test_a_list_within_a_single_line_longer_than_the_sample(tmp_path: Path) -> None:
    rows = [{"text": "The depot burned. " * 20, "n": i} for i in range(1000)]
    documents, _ = split(written(tmp_path, "posts.json", json.dumps({"took": 3, "data": {"items": rows}})))
    assert len(documents) == 1000


def test_records_past_the_limit_end_the_file_but_keep_what_came(tmp_path: Path) -> None:
    limits = msgspec.structs.replace(ReadOptions().limits, record=2**20)
    content = json.dumps([{"text": "one"}, {"text": "x" * 2**22}, {"text": "never"}])
    documents, (problem,) = split(written(tmp_path, "posts.json", content), limits=limits)
    assert [d.text for d in documents] == ["one"]
    assert "longer than" in problem.what


def test_a_line_past_the_limit_costs_itself(tmp_path: Path) -> None:
    limits = msgspec.structs.replace(ReadOptions().limits, record=2**20)
    lines = [json.dumps({"text": text}) for text in ("one", "x" * 2**22, "three")]
    documents, (problem,) = split(written(tmp_path, "posts.jsonl", "\n".join(lines)), limits=limits)
    assert [d.text for d in documents] == ["one", "three"]
    assert problem.position == "line 2"


@pytest.mark.parametrize(
    "content", ["[" * 300_000, '{"a":' * 300_000, '[{"text":' + "[" * 5000 + "]" * 5000 + "}]", "[]", "{}"]
)
def test_depth_and_emptiness_give_one_problem(tmp_path: Path, content: str) -> None:
    documents, problems = split(written(tmp_path, "deep.json", content))
    assert (documents, len(problems)) == ([], 1)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["[1,", '["', '{"a":"', '[{"a":1},'])
def test_200_megabytes_of_no_known_format_are_one_problem_and_little_memory(tmp_path: Path, unit: str) -> None:
    path = tmp_path / "huge.json"
    with path.open("w") as file:
        file.write(unit)
        for _ in range(200):
            file.write(
                {"[1,": "1,", '[{"a":1},': '{"a":1},'}.get(unit, "xx") * (2**20 // (8 if unit == '[{"a":1},' else 2))
            )
    count, growth = measured(path, FIXTURES / "bluesky-posts.jsonl")
    assert count == 1
    assert growth < 250_000


# ---------------------------------------------------------------- Parquet


def parquet(path: Path, query: str) -> Path:
    duckdb.sql(query).write_parquet(str(path))
    return path


def test_parquet_with_zones_nesting_and_nothing(tmp_path: Path) -> None:
    query = """
        SELECT 7 AS id, 'The depot burned. 😮' AS text, {'screen_name': 'orra_v'} AS user, ['Quarn', 'Ostral'] AS tags,
            TIMESTAMPTZ '2021-03-02 11:15:00+02' AS created_at, 'nan'::DOUBLE AS weight
        UNION ALL SELECT 8, NULL, NULL, NULL, NULL, NULL"""
    documents, problems = split(parquet(tmp_path / "p.parquet", query))
    (document,) = documents
    assert (document.text, document.source, document.native_id) == ("The depot burned. 😮", "orra_v", "7")
    assert (document.published_at, document.hashtags) == (BURNED, ("Quarn", "Ostral"))
    assert document.origin.position == "row 1"
    assert [p.what for p in problems] == ["records without text skipped: 1"]


def test_parquet_times_without_a_zone_stay_naive_and_days_stay_days(tmp_path: Path) -> None:
    naive = split(parquet(tmp_path / "a.parquet", "SELECT 'x' AS text, TIMESTAMP '2021-03-02 09:15:00' AS created_at"))[
        0
    ]
    day = split(parquet(tmp_path / "b.parquet", "SELECT 'x' AS text, DATE '2021-03-02' AS created_at"))[0]
    assert (naive[0].published_at, naive[0].published_grain) == ("2021-03-02T09:15:00", "second")
    assert (day[0].published_at, day[0].published_grain) == ("2021-03-02", "day")


def test_parquet_in_an_archive_and_damaged(tmp_path: Path) -> None:
    path = parquet(tmp_path / "p.parquet", "SELECT 'post ' || range AS text FROM range(2000)")
    raw = path.read_bytes()
    path.unlink()
    damaged = written(tmp_path, "damaged.parquet", raw[: len(raw) // 2])
    documents, (problem,) = split(damaged)
    assert documents == [] and "Parquet" in problem.what
    packed = written(tmp_path, "p.parquet.gz", gzip.compress(raw))
    assert len(split(packed)[0]) == 2000


def test_parquet_named_like_a_pattern(tmp_path: Path) -> None:
    assert len(split(parquet(tmp_path / "a[1]*.parquet", "SELECT 'x' AS text"))[0]) == 1


# ---------------------------------------------------------------- mappings and fields


MINE = """
name = "mine"
summary = "A table of our own"

[columns]
text = "Wortlaut"
time = "Wann"
zone = "Zone"
source = "Wer"
links = ["a", "b"]

[constants]
source_kind = "channel"
platform = "web"

[time]
formats = ["%d/%m/%Y %H:%M"]
zone = "UTC"
"""


def test_a_mapping_of_ones_own(tmp_path: Path) -> None:
    table = "Wer;Wann;Zone;Wortlaut;a;b\nVelt;01/02/2021 10:15;+02:00;Es brannte.;https://a.example;https://b.example\n"
    path = written(tmp_path, "posts.csv", table + "Velt;01/02/2021 10:15;;Es brannte nicht.;;\n")
    name = str(written(tmp_path, "mine.toml", MINE))
    first, second = split(path, mapping=name)[0]
    assert (first.published_at, first.published_grain) == ("2021-02-01T08:15:00+00:00", "minute")
    assert second.published_at == "2021-02-01T10:15:00+00:00"
    assert (first.source, first.source_kind, first.platform) == ("Velt", "channel", "web")
    assert first.links == ("https://a.example", "https://b.example")
    assert first.reader == "csv (mine)"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "name = 1",
        "not toml [",
        MINE + "\n[extra]\na = 1\n",
        MINE.replace("text =", "words ="),
        MINE + "patterns = 3",
        MINE + '[patterns]\nsource = { column = "a", find = "(" }\n',
    ],
)
def test_a_mapping_that_is_wrong_is_one_problem(tmp_path: Path, content: str) -> None:
    name = str(written(tmp_path, "mine.toml", content))
    documents, (problem,) = split(FIXTURES / "generic.csv", mapping=name)
    assert documents == []
    assert "mapping" in problem.what


def test_a_mapping_that_is_not_there_names_those_that_are() -> None:
    _, (problem,) = split(FIXTURES / "generic.csv", mapping="4dog")
    assert "4cat" in problem.action and "4dog" in problem.what


def of(**record: Any) -> Document:
    chosen = mapping.choose([record])
    assert chosen
    return posts.document(record, chosen, Origin(path="p"), "test", "unknown")


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (1614676500, (BURNED, "second")),
        (1614676500123, (BURNED, "second")),
        (1614676500123456, (BURNED, "second")),
        ("1614676500", (BURNED, "second")),
        (1614676500.5, (BURNED, "second")),
        ("2021-03-02T11:15:00+02:00", (BURNED, "second")),
        ("2021-03-02 11:15", ("2021-03-02T11:15:00", "minute")),
        ("Tue Mar 02 09:15:00 +0000 2021", (BURNED, "second")),
        (2021, ("2021", "year")),
        (True, ("", "unknown")),
        ("soon", ("", "unknown")),
        (10**40, ("", "unknown")),
    ],
)
def test_times(stated: Any, expected: tuple[str, str]) -> None:
    document = of(text="x", created_at=stated)
    assert (document.published_at, document.published_grain) == expected


def test_day_and_clock_in_two_columns() -> None:
    assert of(text="x", date="2021-03-02", time="09:15").published_at == "2021-03-02T09:15:00"


def test_zone_by_name() -> None:
    document = of(text="x", date="2021-07-02 11:15:00", timezone="Europe/Vienna")
    assert document.published_at == "2021-07-02T09:15:00+00:00"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("zh_Hant", "zh"),
        ("iw", "he"),
        ("und", ""),
        ("qme", ""),
        ("English", ""),
        ("zxx", ""),
    ],
)
def test_languages(stated: str, expected: str) -> None:
    assert of(text="x", lang=stated).language == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("a, b;c", ("a", "b", "c")),
        ("['a', 'b']", ("a", "b")),
        ('["a", "b"]', ("a", "b")),
        (["#a", "a", None, "b"], ("a", "b")),
        ([{"text": "a"}], ()),
        ("", ("tag",)),
        ("nan", ("tag",)),
    ],
)
def test_lists_in_cells(cell: Any, expected: tuple[str, ...]) -> None:
    assert of(text="with a #tag", hashtags=cell).hashtags == (expected or ("tag",))


def test_links_and_hashtags_of_the_text_where_no_column_gives_them() -> None:
    document = of(text="See https://a.example/x?y=(1), #Quarn, not a#b nor #1 (https://b.example).")
    assert document.links == ("https://a.example/x?y=(1", "https://b.example")
    assert document.hashtags == ("Quarn",)


def test_names_match_regardless_of_case_and_nesting() -> None:
    document = of(**{"Post Text": "x", "User": {"Screen Name": "@orra_v"}, "Created_At": "2021-03-02"})
    assert (document.text, document.source, document.published_at) == ("x", "orra_v", "2021-03-02")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://mobile.twitter.com/a", "x"),
        ("https://t.me/s/a/1", "telegram"),
        ("https://notx.com/", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_platforms(url: str, expected: str) -> None:
    assert posts.platform_of(url) == expected
