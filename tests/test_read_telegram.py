"""Telegram Desktop exports: what is read, what is left out and counted, and what hostile files cost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reading import FIXTURES, measured, split


def message(number: int, text: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "date": "2021-03-02T11:15:00",
        "date_unixtime": "1614676500",
        "from": "Quarn Ridge Watch",
        "from_id": "channel1900000001",
        "text": text,
        **more,
    }


def export(folder: Path, *messages: str) -> Path:
    path = folder / "result.json"
    start = '{"name": "Quarn Ridge Watch", "type": "public_channel", "id": 1, "messages": ['
    path.write_text(start + ", ".join(messages) + "]}", encoding="utf-8")
    return path


def test_a_channel() -> None:
    documents, _ = split(FIXTURES / "telegram-chat.json")
    assert [d.origin.position for d in documents] == ["message 55", "message 56", "message 58"]
    first, second, third = documents
    assert first.text == "The ministry of Ostral says the depot burned. Statement #Quarn"
    assert (first.source, first.source_kind, first.platform) == ("Quarn Ridge Watch", "channel", "telegram")
    assert (first.kind, first.author, first.native_id) == ("message", "Duty desk", "55")
    assert (first.links, first.hashtags) == (("https://ostral.example/statement",), ("Quarn",))
    assert second.links == ("https://velt.example/a",)
    assert second.media == ("photos/photo_1.jpg",)
    assert (second.forwarded_from, second.forward_inferred, second.reply_to) == ("Velt Evening", True, "55")
    assert not first.forward_inferred
    assert third.text == "Old export: no unix time"


def test_time_is_utc_by_unixtime_and_naive_without_it_and_never_the_edit() -> None:
    first, _, third = split(FIXTURES / "telegram-chat.json")[0]
    assert first.published_at == "2021-03-02T09:15:00+00:00"
    assert third.published_at == "2021-03-02T11:25:00"
    assert first.published_grain == third.published_grain == "second"


def test_service_messages_and_pictures_are_counted_once_a_file() -> None:
    _, problems = split(FIXTURES / "telegram-chat.json")
    assert [p.what for p in problems] == [
        "messages without text (pictures, stickers, places) skipped: 1",
        "service messages skipped: 1",
    ]
    assert {p.action for p in problems} == {"nothing to do"}


def test_a_whole_account_with_chats_that_were_left() -> None:
    documents, _ = split(FIXTURES / "telegram-account.json")
    seen = [(d.source, d.source_kind, d.origin.position) for d in documents[3:]]
    assert seen == [
        ("Orra Venn", "account", "chat Orra Venn, message 9"),
        ("Velt Evening", "channel", "chat unknown, message 3"),
        ("Ostral Post", "channel", "chat Ostral Post, message 55"),
    ]
    assert [d.native_id for d in documents] == ["55", "56", "58", "9", "3", "55"]
    assert len({d.id for d in documents}) == 6


def test_the_same_message_has_the_same_id_in_both_exports() -> None:
    alone, whole = split(FIXTURES / "telegram-chat.json")[0], split(FIXTURES / "telegram-account.json")[0]
    assert [d.id for d in alone] == [d.id for d in whole[:3]]


def test_the_html_export_is_refused_with_advice() -> None:
    documents, (problem,) = split(FIXTURES / "telegram-messages.html")
    assert documents == []
    assert "Machine-readable JSON" in problem.action


def test_what_telegram_writes_that_is_no_json_is_mended(tmp_path: Path) -> None:
    bell = r'{"id": 1, "type": "message", "date_unixtime": "1614676500", "text": "bell \x07 and \\x07"}'
    bare = (
        '{"id": 2, "type": "message", "date_unixtime": "1614676500", "text": [{"type": "custom_emoji", "text": "!",\n'
        '"document_id": video_files/sticker (2).webm\n}, "fine"]}'
    )
    documents, problems = split(export(tmp_path, bell, bare))
    assert [d.text for d in documents] == ["bell \x07 and \\x07", "!fine"]
    assert problems == []


def test_a_broken_message_costs_only_itself(tmp_path: Path) -> None:
    broken = '{"id": 2, "type": "message", "text": nonsense}'
    path = export(tmp_path, json.dumps(message(1, "one")), broken, "[7]", json.dumps(message(3, "three")))
    documents, problems = split(path)
    assert [d.text for d in documents] == ["one", "three"]
    assert [p.position for p in problems] == ["message at place 2", "message at place 3"]
    assert "nonsense" in problems[0].excerpt


def test_a_file_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    path = export(tmp_path, json.dumps(message(1, "one")), json.dumps(message(2, "two")))
    path.write_bytes(path.read_bytes()[:-40])
    documents, (problem,) = split(path)
    assert [d.text for d in documents] == ["one"]
    assert "breaks off" in problem.what


@pytest.mark.parametrize(
    "odd",
    [
        {"text": None},
        {"text": 7},
        {"text": [[1], None, {"type": 5}]},
        {"text_entities": "x"},
        {"date_unixtime": "soon"},
        {"from": {"a": 1}},
        {"poll": []},
        {"id": None},
        {"photo": ["x"]},
        {"forwarded_from": 3},
    ],
)
def test_odd_values_never_stop_the_rest(tmp_path: Path, odd: dict[str, Any]) -> None:
    path = export(tmp_path, json.dumps(message(1, "odd") | odd), json.dumps(message(2, "after")))
    documents, _ = split(path)
    assert documents[-1].text == "after"


def test_lone_surrogates_are_replaced_and_told_once(tmp_path: Path) -> None:
    path = export(tmp_path, *(json.dumps(message(i, "half \ud83d emoji")) for i in range(3)))
    documents, (problem,) = split(path)
    assert {d.text for d in documents} == {"half \ufffd emoji"}
    assert problem.position == "message 0"
    assert "surrogates: 3" in problem.what


def test_bytes_that_are_no_utf8_are_replaced_and_told(tmp_path: Path) -> None:
    path = export(tmp_path, json.dumps(message(1, "caf? closed")))
    path.write_bytes(path.read_bytes().replace(b"caf?", b"caf\xe9"))
    documents, _ = split(path)
    assert documents[0].text in ("caf\ufffd closed", "café closed")


def test_a_poll_says_its_question(tmp_path: Path) -> None:
    poll = message(1, "") | {"poll": {"question": "Who burned the depot?", "answers": []}}
    assert split(export(tmp_path, json.dumps(poll)))[0][0].text == "Who burned the depot?"


def test_hundreds_of_broken_messages_are_a_hundred_lines_and_a_count(tmp_path: Path) -> None:
    _, problems = split(export(tmp_path, *["[]"] * 250))
    assert len(problems) == 101
    assert problems[-1].what.endswith(": 150")


@pytest.mark.slow
def test_sixty_megabytes_on_one_line_take_little_memory(tmp_path: Path) -> None:
    text = "The ministry says the depot at Quarn burned. " * 400
    path = export(tmp_path, *(json.dumps(message(i, text)) for i in range(3400)))
    assert path.stat().st_size > 60e6
    count, growth = measured(path, FIXTURES / "telegram-chat.json")
    assert count == 3400
    assert growth < 12_000
