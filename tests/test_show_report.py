"""The report: one file, nothing fetched, nothing from a text ever markup."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from allegedly.show import report as reporting
from allegedly.show.page import pack
from allegedly.show.report import write_report
from show_hostile import RUNS, hostile
from show_ledger import Desk, ShowLedger
from show_story import story

NOON = datetime(2031, 3, 9, 12, 0, tzinfo=UTC)


class Page(HTMLParser):
    """Start tags with their attributes, and what each script and style holds."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.held: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.held.append("")

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", {}))
        self.held.append("")

    def handle_data(self, data: str) -> None:
        if self.held:
            self.held[-1] += data

    def inline(self, tag: str, key: str | None = None) -> str:
        found = [h for (t, a), h in zip(self.tags, self.held, strict=True) if t == tag and a.get("id") == key]
        assert len(found) == 1
        return found[0]

    @property
    def policy(self) -> str:
        return next(str(a["content"]) for t, a in self.tags if t == "meta" and "http-equiv" in a)


def inflate(text: str) -> str:
    return gzip.decompress(base64.b64decode(text)).decode("utf-8")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> ShowLedger:
    return hostile().write(tmp_path_factory.mktemp("ledger") / "hostile.duckdb")


@pytest.fixture(scope="module")
def html(ledger: ShowLedger, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "report.html"
    return write_report(ledger, path, title=f"</title><script>{RUNS}</script>", made_at=NOON).read_text("utf-8")


def test_it_asks_nothing_of_any_network(html: str) -> None:
    page = Page(html)
    assert not [a for _, a in page.tags if {"src", "href", "srcset", "data", "action"} & a.keys()]
    namespaces = set(re.findall(r"https?://[^\s\"'`)]+", html))
    assert all(address.startswith("http://www.w3.org/") for address in namespaces)
    assert not re.search(r"@import|url\(", page.inline("style"))


def test_its_policy_lets_only_its_own_script_run(html: str) -> None:
    page = Page(html)
    for directive, held in (("script-src", page.inline("script")), ("style-src", page.inline("style"))):
        digest = base64.b64encode(hashlib.sha256(held.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in page.policy
    assert "default-src 'none'" in page.policy
    assert "connect-src 'none'" in page.policy
    assert "unsafe" not in page.policy


def test_nothing_of_a_text_is_markup(html: str) -> None:
    assert RUNS not in re.sub(r"<title>.*?</title>", "", html)
    tags = [tag for tag, _ in Page(html).tags]
    assert tags.count("script") == 3
    assert "img" not in tags


def test_every_text_is_inside_to_the_last_character(html: str, ledger: ShowLedger) -> None:
    page = Page(html)
    payload = json.loads(inflate(page.inline("script", "payload")))
    lines = page.inline("script", "texts").split()
    assert len(lines) == payload["documents"]["rows"]
    with ledger.connect() as connection:
        texts = dict(connection.execute("SELECT id, text FROM documents").fetchall())
    assert {key: inflate(line) for key, line in zip(payload["documents"]["columns"]["id"], lines, strict=True)} == texts


def test_the_same_ledger_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_report(story().write(tmp_path / "a.duckdb"), tmp_path / "a.html", made_at=NOON)
    backwards = story()
    for rows in backwards.rows.values():
        rows.reverse()
    second = write_report(backwards.write(tmp_path / "b.duckdb"), tmp_path / "b.html", made_at=NOON)
    assert first.read_bytes() == second.read_bytes()


def test_a_failed_report_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.html"
    path.write_text("before")
    ledger = Desk().write(tmp_path / "l.duckdb")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(reporting, "report_page", full)
    with pytest.raises(OSError, match="No space"):
        write_report(ledger, path)
    assert path.read_text() == "before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["l.duckdb", "report.html"]


def test_a_report_without_a_title_is_called_by_what_it_is_about(tmp_path: Path) -> None:
    html = write_report(story().write(tmp_path / "l"), tmp_path / "report.html").read_text("utf-8")
    assert "<title>Tarn Navy, Ostvale Defence Ministry, Tarn: 12 documents, 4 Mar – 8 Mar 2031</title>" in html


def test_packing_is_the_same_each_time() -> None:
    assert pack(b"text" * 1000) == pack(b"text" * 1000)
    assert inflate(pack("\ufeff🔥".encode())) == "\ufeff🔥"
