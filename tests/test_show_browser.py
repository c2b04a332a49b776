"""The report as a browser shows it, opened from file://. Skipped where there is no Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from allegedly.show.report import write_report
from show_hostile import ATTACKS, RUNS, hostile
from show_ledger import Desk
from show_story import story

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")]

VIEWS = {
    "brief": "What happened, as told",
    "timeline": "Documents and events in view",
    "accounts": "Accounts, side by side",
    "claims": "Search in claims",
    "map": "Land outlines only",
    "actors": "All ties",
    "narratives": "First seen means first in what was read here",
    "sources": "What was set aside",
}


def dom(path: Path, fragment: str = "") -> str:
    """The page after its scripts ran, without its own script and style elements."""
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=8000", "--dump-dom"]
    profile = f"--user-data-dir={path.parent / 'profile'}"
    command = [str(BROWSER), *flags, profile, f"{path.as_uri()}{fragment}"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    html = done.stdout.decode("utf-8", "replace")
    return re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", html, flags=re.DOTALL)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", html)))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Path]:
    folder, desk = tmp_path_factory.mktemp("story"), story()
    return desk, write_report(desk.write(folder / "l.duckdb"), folder / "report.html", title="The depot")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Path]:
    folder, desk = tmp_path_factory.mktemp("hostile"), hostile()
    return desk, write_report(desk.write(folder / "l.duckdb"), folder / "report.html", title=ATTACKS[0])


def receipt(desk: Desk, title: str) -> tuple[str, str]:
    """The fragment of the first claim of a document, and the words it must highlight."""
    key = next(key for key, made in desk.texts.items() if title in made.title + made.source)
    claim = next(row for row in desk.rows["claims"] if row["document"] == key)
    ((start, end),) = claim["content_spans"]
    return f"#receipt/{key}/{start}-{end}", claim["content_text"]


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_shows_something(told: tuple[Desk, Path], view: str) -> None:
    html = dom(told[1], f"#{view}")
    assert VIEWS[view] in words(html)
    assert html.count('href="#receipt/') >= 3, "rows lead to receipts"


@pytest.mark.parametrize("source", ["@saltroad", "صوت الميناء", "Navy rejects charge"])
def test_a_receipt_highlights_the_very_words(told: tuple[Desk, Path], source: str) -> None:
    fragment, content = receipt(told[0], source)
    html = dom(told[1], fragment)
    assert [unescape(found) for found in re.findall(r"<mark>(.*?)</mark>", html, re.DOTALL)] == [content]
    assert "Read from" in words(html)


def test_filters_stand_in_the_address(told: tuple[Desk, Path]) -> None:
    shown = words(dom(told[1], "#claims?actor=tarn-navy&act=denies"))
    assert "2 of 20 claims" in shown
    assert "No vessel of ours" in shown
    assert "nobody was hurt" not in shown


def test_the_brief_tells_the_story(told: tuple[Desk, Path]) -> None:
    shown = words(dom(told[1]))
    for line in (
        "destruction · Marrow · 7 sources",
        "Ostvale Defence Ministry → Tarn Navy for destruction",
        "from 5 sources",
        "at least 11 killed",
        "not Tarn Navy",
        "complete damage (depot)",
        "1 forward",
        "order unknown",
        "Read whole, not searched for claims: Arabic 1, Russian 1.",
    ):
        assert line in shown, line
    assert "tarn-navy" not in shown, "names, not ids"


def test_words_that_name_an_event_are_set_off(told: tuple[Desk, Path]) -> None:
    for view in ("brief", "timeline", "accounts", "map"):
        assert "<b>destroyed</b>" in dom(told[1], f"#{view}"), view


def test_contradicting_speakers_stand_side_by_side(told: tuple[Desk, Path]) -> None:
    html = dom(told[1], "#accounts")
    (head,) = re.findall(r"<thead>(.*?)</thead>", html, re.DOTALL)
    speakers = [words(cell) for cell in re.findall(r'<th scope="col">(.*?)</th>', head, re.DOTALL)][1:]
    assert abs(speakers.index("Tarn Navy") - speakers.index("Ostvale Defence Ministry")) == 1


def test_hundreds_of_files_of_no_stated_source_stay_usable(tmp_path: Path) -> None:
    desk = Desk()
    for at in range(200):
        text = f"The keeper said that lamp {at} went out."
        document = desk.document(text, "unknown", f"2031-01-{1 + at % 28:02}", path=f"in/post-{at}.txt")
        desk.claim(document, "The keeper", "said", f"lamp {at} went out")
    path = write_report(desk.write(tmp_path / "l"), tmp_path / "report.html")
    assert "200 documents of no stated source in 1 language" in words(dom(path))
    html = dom(path, "#timeline")
    assert html.count('class="lane"') == 30
    assert "The 30 with most documents, of 200 lanes. Show 30 more" in words(html)
    assert not re.search(r"\bunknown\b", words(html))


def test_unknown_addresses_are_explained(told: tuple[Desk, Path]) -> None:
    assert "This ledger has no document" in words(dom(told[1], "#receipt/dnothing/1-2"))
    assert VIEWS["brief"] in words(dom(told[1], "#nowhere?x=%E0%A4%A"))


@pytest.mark.parametrize("view", VIEWS)
def test_hostile_texts_stay_texts(attacked: tuple[Desk, Path], view: str) -> None:
    html = dom(attacked[1], f"#{view}")
    assert "data-owned" not in html.split("<body", 1)[0]
    assert VIEWS[view] in words(html)
    tags = set(re.findall(r"<([a-z][a-z0-9]*)", html))
    assert not tags & {"img", "iframe", "object", "embed", "base", "link"}
    assert not re.search(r"<[^>]*\son[a-z]+=", re.sub(r'"[^"]*"', '""', html)), "no inline handlers"
    assert RUNS in words(html), "the attack is shown as the text it is"


@pytest.mark.parametrize("at", range(6, len(ATTACKS)))
def test_hostile_receipts_hold(attacked: tuple[Desk, Path], at: int) -> None:
    desk, path = attacked
    claim = desk.rows["claims"][at]
    ((start, end),) = claim["content_spans"]
    html = dom(path, f"#receipt/{claim['document']}/{start}-{end}")
    assert re.findall(r"<mark>(.*?)</mark>", html) == [f"the gate of tower {at} fell"]
    assert 'href="javascript' not in html
    assert "data-owned" not in html.split("<body", 1)[0]


def test_a_receipt_deep_in_a_very_long_text_opens_at_its_place(tmp_path: Path) -> None:
    desk = Desk()
    text = "🔥 padding. " * 60_000 + "The keeper said that the lamp went out. " + "More. " * 60_000
    document = desk.document(text, "Pier")
    desk.claim(document, "The keeper", "said", "the lamp went out")
    path = write_report(desk.write(tmp_path / "l.duckdb"), tmp_path / "report.html")
    ((start, end),) = desk.rows["claims"][0]["content_spans"]
    html = dom(path, f"#receipt/{document}/{start}-{end}")
    assert re.findall(r"<mark>(.*?)</mark>", html) == ["the lamp went out"]
    assert "Part of a long text" in words(html)


def test_an_empty_ledger_explains_itself(tmp_path: Path) -> None:
    path = write_report(Desk().write(tmp_path / "l.duckdb"), tmp_path / "report.html")
    shown = words(dom(path))
    for line in ("No event was found", "Nobody was found to be quoted", "Nothing was set aside"):
        assert line in shown
    for view in ("timeline", "accounts", "claims", "map", "actors", "narratives", "synchrony", "sources"):
        assert 'class="empty"' in dom(path, f"#{view}")
