"""The sample case keeps what its truth file says of it. Read with the standard library alone, not with our readers."""

from __future__ import annotations

import calendar
import csv
import html
import importlib.util
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, get_args
from xml.etree import ElementTree

import pytest
from warcio.archiveiterator import ArchiveIterator

from allegedly.records import Act, ActorKind, EventStatus, EventType

EXAMPLES = Path(__file__).parent.parent / "examples"
CASE = EXAMPLES / "velmara"
DOCUMENTS = CASE / "documents"
TRUTH: dict[str, Any] = json.loads((CASE / "truth.json").read_text(encoding="utf-8"))
ATOM = "{http://www.w3.org/2005/Atom}"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
ACTS, KINDS, TYPES = (set(get_args(names)) for names in (Act, ActorKind, EventType))


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "\n", re.sub(r"(?s)<(script|style).*?</\1>", "", markup)))


def inside(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the (key, text) of each item of one file: the key follows the path in the ids of the truth file."""
    raw = path.read_bytes()
    match path.suffix:
        case ".txt":
            yield "", raw.decode()
        case ".html":
            yield "", plain(raw.decode())
        case ".zip":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    text = archive.read(name).decode()
                    yield f"!/{name}", plain(text) if name.endswith(".html") else text
        case ".warc":
            for record in ArchiveIterator(io.BytesIO(raw)):
                yield f"#{record.rec_headers['WARC-Target-URI']}", plain(record.content_stream().read().decode())
        case ".rss":
            for item in ElementTree.fromstring(raw).iter("item"):
                yield f"#{item.findtext('guid')}", plain(item.findtext(ENCODED, ""))
        case ".atom":
            for entry in ElementTree.fromstring(raw).iter(f"{ATOM}entry"):
                yield f"#{entry.findtext(ATOM + 'id')}", plain(html.unescape(entry.findtext(ATOM + "content", "")))
        case ".json":
            for chat in json.loads(raw)["chats"]["list"]:
                for message in chat["messages"]:
                    if message["type"] == "message":
                        text = "".join(part["text"] for part in message["text_entities"])
                        yield f"#{chat['id']}/{message['id']}", text
        case ".csv":
            for row in csv.DictReader(io.StringIO(raw.decode())):
                yield f"#{row['id']}", row.get("text") or row["body"]
        case ".jsonl":
            for line in raw.decode().splitlines():
                post = json.loads(line)
                yield f"#{post['uri']}", post["record"]["text"]
        case _:
            raise AssertionError(f"{path} is no input that the truth file knows")


def read_all() -> dict[str, str]:
    files = sorted(p for p in DOCUMENTS.rglob("*") if p.is_file())
    return {p.relative_to(DOCUMENTS).as_posix() + key: text for p in files for key, text in inside(p)}


TEXTS = read_all()
STATED = {record["id"]: record for record in TRUTH["documents"]}


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of the truth file."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from walk(child)


def published(document: str) -> datetime:
    return datetime.fromisoformat(STATED[document]["published_at"])


def test_every_item_is_in_the_truth_file_and_no_other() -> None:
    assert set(STATED) == set(TEXTS)
    assert len(STATED) == len(TRUTH["documents"])


def test_counts_are_met() -> None:
    records = TRUTH["documents"]
    formats, languages = (Counter(record[key] for record in records) for key in ("format", "language"))
    counts = TRUTH["counts"]
    assert counts["items"] == len(records) >= 60
    assert counts["documents"] == len(records) - sum(d["same"] == "page" for d in TRUTH["duplicates"])
    assert counts["formats"] == formats and len(formats) >= 5
    assert counts["languages"] == languages and len(languages) >= 4 and languages["en"] >= 45
    assert counts["claims"] == len(TRUTH["claims"]) >= 60
    assert counts["events"] == len(TRUTH["events"]) >= 12


def test_every_quote_stands_verbatim_in_its_document() -> None:
    quoted = [node for node in walk(TRUTH) if "quote" in node]
    assert len(quoted) > len(TRUTH["claims"])
    assert not [node for node in quoted if not node["quote"] or node["quote"] not in TEXTS[node["document"]]]


@pytest.mark.parametrize("claim", TRUTH["claims"], ids=lambda claim: claim["id"])
def test_claims_are_whole(claim: dict[str, Any]) -> None:
    text = TEXTS[claim["document"]]
    assert claim["speaker_text"] in text and claim["cue"] in text and claim.get("hedge", "") in text
    assert claim["act"] in ACTS
    assert claim["mode"] in {"direct", "indirect", "mixed", "own-voice"}
    assert (claim["mode"] == "own-voice") == (not claim["speaker_text"])
    assert claim["polarity"] in {"affirmed", "negated"}


def test_references_resolve() -> None:
    actors = {actor["id"] for actor in TRUTH["actors"]}
    events = {event["id"] for event in TRUTH["events"]}
    loose = {"author", "unnamed", "none"}
    assert len(actors) == len(TRUTH["actors"]) and len(events) == len(TRUTH["events"])
    for claim in TRUTH["claims"]:
        assert {claim["speaker"], *claim["accused"]} <= actors | loose
        assert set(claim["about"]) <= events
    for event in TRUTH["events"]:
        assert {*event["actors"], *event["targets"]} <= actors
        assert event["type"] in TYPES and event["status"] in get_args(EventStatus)
        assert event["documents"] and set(event["documents"]) <= set(STATED)
    for actor in TRUTH["actors"]:
        assert {actor["part_of"], actor["country"]} - {None, ""} <= actors and actor["kind"] in KINDS
    for node in walk(TRUTH):
        assert node.get("event", "joint-inquiry") in events
        assert node.get("speaker", "author") in actors | loose
        assert node.get("accuser", "author") in actors | loose
        assert node is TRUTH or node is TRUTH["counts"] or set(node.get("documents", ())) <= set(STATED)


def test_aliases_occur() -> None:
    everything = "\n".join([*TEXTS.values(), *(f"{r['source']} {r['title']}" for r in TRUTH["documents"])])
    missing = [alias for a in TRUTH["actors"] for alias in [a["name"], *a["aliases"]] if alias not in everything]
    assert not missing


def test_days_and_weekdays_agree() -> None:
    days = list(calendar.day_name)
    for item, text in TEXTS.items():
        for day, wire in re.findall(r"Sept\. (\d+) \(SPA\) — (.*)", text):
            weekday = days[datetime(2024, 9, int(day)).weekday()]
            said = [name for name in days if name in wire]
            assert not said or said[0] == weekday, item


def test_tolls_conflict() -> None:
    accounts = TRUTH["tolls"]["accounts"]
    assert len({(a["min"], a["max"]) for a in accounts}) == len({a["speaker"] for a in accounts}) == 3
    degrees = {s["value"] for c in TRUTH["conflicts"] if c["facet"] == "damage" for s in c["sides"]}
    assert {"slight", "complete"} <= degrees


def test_what_was_proposed_or_threatened_never_happened() -> None:
    never = {event["status"] for event in TRUTH["events"] if event.get("happened") is False}
    assert never == {"proposed", "hypothetical"}


def test_the_early_claim_is_early() -> None:
    early = TRUTH["early_claim"]
    assert published(early["document"]) == datetime.fromisoformat(early["published_at"])
    assert published(early["document"]) < datetime.fromisoformat(early["event_at"])
    assert early["document"] == next(n for n in TRUTH["narratives"] if n["id"] == "sarvena-did-it-itself")["first"]


def test_narratives_name_who_was_first() -> None:
    for narrative in TRUTH["narratives"]:
        timed = [d for d in narrative["documents"] if STATED[d]["published_grain"] == "second"]
        assert narrative["first"] == min(timed, key=published)
        assert narrative["first_seen"] == STATED[narrative["first"]]["published_at"]


def test_the_ring_is_in_step_on_four_occasions() -> None:
    ring = TRUTH["synchrony"]["in_step"]
    assert len(ring["sources"]) == 5 and len(ring["occasions"]) >= 3
    for occasion in ring["occasions"]:
        times = [published(document) for document in occasion["documents"]]
        assert {STATED[d]["source"] for d in occasion["documents"]} == set(ring["sources"])
        assert max(times) - min(times) <= timedelta(seconds=occasion["window_seconds"])


def test_the_innocent_only_carry_the_wire() -> None:
    innocent = TRUTH["synchrony"]["innocent"]
    assert not set(innocent["sources"]) & set(TRUTH["synchrony"]["in_step"]["sources"])
    for wave in innocent["waves"]:
        assert {STATED[d]["source"] for d in wave["copies"]} <= set(innocent["sources"])
        lags = [published(document) - published(wave["original"]) for document in wave["copies"]]
        assert all(timedelta(0) < lag <= timedelta(hours=2) for lag in lags)
        paragraphs = TEXTS[wave["original"]].split("\n\n")
        english = [d for d in wave["copies"] if STATED[d]["language"] == "en"]
        assert all(sum(paragraph in TEXTS[document] for paragraph in paragraphs) >= 2 for document in english)


def test_duplicates_say_the_same() -> None:
    for pair in TRUTH["duplicates"]:
        first, second = (TEXTS[document] for document in pair["documents"])
        if pair["same"] == "page":
            assert first == second
        else:
            body = first.split("---\n\n")[1]
            assert re.findall(r"\w+", body) == re.findall(r"\w+", second)


def test_retractions_come_after_what_they_withdraw() -> None:
    for retraction in TRUTH["retractions"]:
        assert published(retraction["document"]) > published(retraction["withdraws"])
        assert all(quote in TEXTS[retraction["withdraws"]] for quote in retraction["quotes"])


def test_forwards_follow_their_original() -> None:
    for forward in TRUTH["forwards"]:
        assert published(forward["document"]) > published(forward["original"])
        assert STATED[forward["original"]]["source"] == forward["of"]


def test_archives_are_current() -> None:
    for path, content in _build().archives().items():
        assert path.read_bytes() == content, f"{path.name} is stale: run python examples/build.py"


def _build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("example_build", EXAMPLES / "build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in EXAMPLES.rglob("*") if path.is_file()) < 2**20
