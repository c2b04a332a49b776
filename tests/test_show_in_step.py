"""The view In step: of a ledger in the payload, and in a page of its own; names are hostile."""

from __future__ import annotations

import base64
import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allegedly.show import in_step
from allegedly.show import payload as show
from allegedly.synchrony.analysis import analyse
from allegedly.synchrony.inputs import Shares
from allegedly.synchrony.results import Names
from show_hostile import ATTACKS, RUNS
from show_ledger import Desk
from show_story import story

START = 1_930_000_000.0
ACCOUNTS, ITEMS = 40, 400


def planted() -> Shares:
    """Forty hostile accounts; the second copies the first within 20 seconds on half of its items."""
    rng = np.random.default_rng(7)
    rows = []
    for item in range(ITEMS):
        posters = rng.choice(ACCOUNTS, 8, replace=False).tolist()
        times = dict(zip(posters, START + 7200 * item + rng.exponential(3600, 8), strict=True))
        if 0 in times and rng.random() < 0.5:
            times[1] = times[0] + rng.uniform(2, 20)
        rows += [(item, account, round(time)) for account, time in times.items()]
    item, account, time = (np.array(column) for column in zip(*rows, strict=True))
    names = Names(
        [f"Item {at} {ATTACKS[at % 9]}" for at in range(ITEMS)],
        [f"Account{at} {ATTACKS[at % len(ATTACKS)]}" for at in range(ACCOUNTS)],
    )
    return Shares(item, account, time.astype(float), names)


@pytest.fixture(scope="module")
def view() -> dict[str, Any]:
    shares = planted()
    return in_step.view_of(analyse(shares.item, shares.account, shares.time, ACCOUNTS), shares, by="item")


@pytest.fixture(scope="module")
def page(view: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("in-step")
    in_step.write_page(view, folder, title=f"</title><script>{RUNS}</script>")
    return folder / "synchrony.html"


def test_the_view_names_the_posts_behind_a_pair(view: dict[str, Any]) -> None:
    shares = planted()
    first = view["pairs"][0]
    names = [view["accounts"][first[side]]["name"] for side in "ab"]
    assert {name.split()[0] for name in names} == {"Account0", "Account1"}
    assert not view["few"]
    assert first["posts"]
    for post in first["posts"]:
        item = shares.names.items.index(view["items_shown"][post["item"]])
        rows = (shares.item == item) & np.isin(shares.account, [0, 1])
        assert sorted(shares.time[rows]) == [post["time"], post["time"] + post["gap"]]


def test_the_page_asks_nothing_of_any_network_and_holds_no_name_as_markup(page: Path) -> None:
    html = page.read_text("utf-8")
    policy = unescape(html[: html.index("<style>")])
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    outside = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
    assert not re.search(r"\b(src|href|srcset|action)=", outside)
    assert RUNS not in re.sub(r"<title>.*?</title>", "", html)
    assert html.count("<script") == 3


def test_the_page_holds_what_the_file_beside_it_does(page: Path, view: dict[str, Any]) -> None:
    packed = re.search(r'id="payload">(.*?)<', page.read_text("utf-8"))
    assert packed
    held = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    assert held["format"] == show.FORMAT
    assert held["synchrony"] == json.loads((page.parent / "synchrony.json").read_text("utf-8"))
    assert held["synchrony"]["in_step"] == view["in_step"]


def test_what_cannot_be_bounded_is_null(tmp_path: Path, view: dict[str, Any]) -> None:
    in_step.write_page(view | {"pairs": [view["pairs"][0] | {"high": float("inf")}]}, tmp_path, title="")
    assert json.loads((tmp_path / "synchrony.json").read_text("utf-8"))["pairs"][0]["high"] is None


def told(sources: int, narratives: int, grain: str = "%Y-%m-%dT%H:%M:%SZ") -> Desk:
    """Every source makes every claim, ten minutes apart but for the first two: seven seconds."""
    desk = Desk()
    for number in range(narratives):
        claims = []
        for source in range(sources):
            lag = 7 * source if source < 2 else 600 * source
            at = datetime(2031, 3, 1, 9, tzinfo=UTC) + timedelta(days=number, seconds=lag)
            document = desk.document(
                f"The keeper said that lamp {number} went out. Pier {source}.", f"Pier {source}", at.strftime(grain)
            )
            claims.append(desk.claim(document, "The keeper", "said", f"lamp {number} went out"))
        desk.narrative(claims, [0, *[600] * (sources - 1)], ["first", *["echo"] * (sources - 1)])
    return desk


def test_the_payload_tests_the_narratives_of_a_ledger(tmp_path: Path) -> None:
    desk = told(6, 9)
    found = show.build(desk.write(tmp_path / "l").connect()).synchrony
    assert found
    assert (found["by"], found["window"], found["all_accounts"], found["posts"]) == ("narrative", 300.0, 6, 54)
    pair = found["pairs"][0]
    assert {found["accounts"][pair[side]]["name"] for side in "ab"} == {"Pier 0", "Pier 1"}
    for post in pair["posts"]:
        early, late = (desk.texts[key] for key in post["documents"])
        assert (early.source, late.source, post["gap"]) == ("Pier 0", "Pier 1", 7.0)
        assert found["items_shown"][post["item"]] in early.text


@pytest.mark.parametrize(("sources", "narratives"), [(1, 3), (2, 1), (3, 1), (3, 2), (2, 9)])
def test_few_posts_are_no_failure(tmp_path: Path, sources: int, narratives: int) -> None:
    found = show.build(told(sources, narratives).write(tmp_path / "l").connect()).synchrony
    assert found is None if sources == 1 else found and found["few"]
    show.encode(show.build(told(sources, narratives).write(tmp_path / "m").connect()))


def test_days_are_no_exact_times(tmp_path: Path) -> None:
    assert show.build(told(3, 4, "%Y-%m-%d").write(tmp_path / "l").connect()).synchrony is None
    assert show.build(Desk().write(tmp_path / "m").connect()).synchrony is None


def test_the_same_ledger_gives_the_same_view(tmp_path: Path) -> None:
    first = show.build(story().write(tmp_path / "a").connect()).synchrony
    assert first == show.build(story().write(tmp_path / "b").connect()).synchrony
