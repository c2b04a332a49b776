"""The app: the same payload over HTTP, for this machine alone."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from allegedly.ledger.derive import NAME
from allegedly.show import payload as show
from allegedly.show import serve as serving
from allegedly.show.serve import app
from show_ledger import Desk, ShowLedger
from show_story import story


class Answer:
    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.status = messages[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        self.body = b"".join(message.get("body", b"") for message in messages[1:])

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(shown: Starlette, path: str, host: str = "127.0.0.1:8484", method: str = "GET", **headers: str) -> Answer:
    """Ask the app as a server would, without one."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    given = [(b"host", host.encode()), *((k.replace("_", "-").encode(), v.encode()) for k, v in headers.items())]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "headers": given,
    }
    scope |= {"query_string": b"", "scheme": "http", "http_version": "1.1", "server": ("127.0.0.1", 8484)}
    asyncio.run(shown(scope, receive, send))
    return Answer(sent)


@pytest.fixture(scope="module")
def desk() -> Desk:
    return story()


@pytest.fixture(scope="module")
def ledger(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> ShowLedger:
    return desk.write(tmp_path_factory.mktemp("ledger") / "story.duckdb")


@pytest.fixture(scope="module")
def shown(ledger: ShowLedger) -> Starlette:
    return app(ledger, title="A <b>bold</b> title")


def test_the_payload_is_the_one_of_the_report(shown: Starlette, ledger: ShowLedger) -> None:
    answer = ask(shown, "/api/payload")
    assert answer.status == 200
    with ledger.connect() as connection:
        assert answer.body == show.encode(show.build(connection, title="A <b>bold</b> title"))


def test_the_payload_is_sent_small_and_once(shown: Starlette) -> None:
    plain, packed = ask(shown, "/api/payload"), ask(shown, "/api/payload", accept_encoding="gzip, br")
    assert gzip.decompress(packed.body) == plain.body
    again = ask(shown, "/api/payload", if_none_match=plain.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_a_document_by_id(shown: Starlette, desk: Desk) -> None:
    for key, made in desk.texts.items():
        assert ask(shown, f"/api/document/{key}").json == {"id": key, "text": made.text}
    assert ask(shown, "/api/document/none").status == 404


def test_each_answer_shows_the_ledger_as_it_stands(tmp_path: Path) -> None:
    desk = Desk()
    desk.document("One.", "Pier")
    ledger = desk.write(tmp_path / "one.duckdb")
    shown = app(ledger)
    assert ask(shown, "/api/payload").json["documents"]["rows"] == 1
    desk.document("Two.", "Pier")
    ledger.path = desk.write(tmp_path / "two.duckdb").path
    assert ask(shown, "/api/payload").json["documents"]["rows"] == 2


def test_the_payload_is_built_once_until_another_database_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, builds = Desk(), []
    desk.document("One.", "Pier")
    ledger = desk.write(tmp_path / "one")
    build = serving.build

    def counted(*given: Any, **how: Any) -> show.Payload:
        builds.append(1)
        return build(*given, **how)

    monkeypatch.setattr(serving, "build", counted)
    shown = app(ledger)
    first = ask(shown, "/api/payload")
    assert ask(shown, "/api/payload", if_none_match=first.headers["etag"]).status == 304
    assert len(builds) == 1
    desk.document("Two.", "Pier")
    (desk.write(tmp_path / "two").path / NAME).replace(ledger.path / NAME)
    assert ask(shown, "/api/payload").json["documents"]["rows"] == 2
    assert len(builds) == 2


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:8484", "localhost.evil.example", "", "10.0.0.7"]
)
def test_a_foreign_host_is_refused(shown: Starlette, host: str) -> None:
    answer = ask(shown, "/api/payload", host=host)
    assert answer.status == 421
    assert b"claims" not in answer.body


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8484", "127.0.0.1", "[::1]:8484", "localhost."])
def test_this_machine_is_known_by_its_names(shown: Starlette, host: str) -> None:
    assert ask(shown, "/", host=host).status == 200


def test_bound_everywhere_it_knows_addresses_but_no_names(ledger: ShowLedger) -> None:
    shown = app(ledger, hosts=("0.0.0.0",))
    assert ask(shown, "/", host="192.168.1.4:8484").status == 200
    assert ask(shown, "/", host="evil.example").status == 421


@pytest.mark.parametrize("path", ["/", "/api/payload", "/static/app.js", "/nothing", "/api/document/x"])
def test_every_answer_carries_the_safe_headers(shown: Starlette, path: str) -> None:
    headers = ask(shown, path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_nothing_can_be_written(shown: Starlette) -> None:
    assert {ask(shown, "/api/payload", method=method).status for method in ("POST", "PUT", "DELETE", "PATCH")} == {405}


def test_only_the_bundle_is_served(shown: Starlette) -> None:
    assert ask(shown, "/static/app.js").headers["content-type"].startswith("text/javascript")
    assert ask(shown, "/static/app.css").headers["content-type"].startswith("text/css")
    for name in ("payload.py", "..%2fpayload.py", "../payload.py", "bundle.json"):
        assert ask(shown, f"/static/{name}").status == 404


def test_the_title_is_escaped(shown: Starlette) -> None:
    assert b"<title>A &lt;b&gt;bold&lt;/b&gt; title</title>" in ask(shown, "/").body


def test_it_binds_to_this_machine_unless_told(ledger: ShowLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    bound: dict[str, Any] = {}
    monkeypatch.setattr(serving.uvicorn, "run", lambda _, **how: bound.update(how))
    serving.serve(ledger)
    assert bound["host"] == "127.0.0.1"
