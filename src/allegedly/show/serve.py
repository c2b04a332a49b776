"""The app: the same client over HTTP on this machine alone, reading the ledger as it stands at each request.

What is sent is kept until the ledger changes. Only the committed ledger is read, so that the app never waits for a
running run and never shows half of one.
"""

from __future__ import annotations

import gzip
import hashlib
import ipaddress
from collections.abc import Collection
from contextlib import closing
from threading import Lock

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from allegedly.ledger.derive import NAME as DATABASE
from allegedly.show.page import APP_POLICY, app_page, asset
from allegedly.show.payload import Ledger, build, encode, text

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_TYPES = {"app.js": "text/javascript", "app.css": "text/css", "LICENSES.txt": "text/plain"}
_HEADERS = {
    "content-security-policy": APP_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def app(ledger: Ledger, *, title: str = "", hosts: Collection[str] = LOOPBACK) -> Starlette:
    """Return the app that shows `ledger`. It answers requests whose Host names one of `hosts` and no other.

    ``/`` is the page, ``/api/payload`` the payload, ``/api/document/<id>`` ``{"id", "text"}``. All are read-only.
    """

    def page(_: Request) -> Response:
        return HTMLResponse(app_page(title))

    newest = _Newest(ledger, title)

    def payload(request: Request) -> Response:
        return newest.get().answer(request)

    def document(request: Request) -> Response:
        key = request.path_params["id"]
        with closing(ledger.connect()) as connection:
            found = text(connection, key)
        if found is None:
            return JSONResponse({"error": "this ledger has no such document"}, status_code=404)
        return JSONResponse({"id": key, "text": found})

    routes = [
        Route("/", page),
        Route("/api/payload", payload),
        Route("/api/document/{id}", document),
        Route("/static/{name}", _static),
    ]
    return Starlette(routes=routes, middleware=[Middleware(_Guard, hosts=hosts)])


def serve(ledger: Ledger, host: str = "127.0.0.1", port: int = 8484, *, title: str = "") -> None:
    """Serve `ledger` until interrupted. Off this machine (`host` other than loopback) there is no login: beware."""
    shown = app(ledger, title=title, hosts={*LOOPBACK, host})
    uvicorn.run(shown, host=host, port=port, log_level="warning", server_header=False)


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _TYPES:
        return PlainTextResponse("not found", status_code=404)
    return Response(asset(name), media_type=_TYPES[name], headers={"cache-control": "no-cache"})


class _Sent:
    """A payload as it is sent, compressed once."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.packed = gzip.compress(data, compresslevel=5, mtime=0)
        self.tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'

    def answer(self, request: Request) -> Response:
        """JSON, compressed where the client takes it, and not sent again while it has not changed."""
        headers = {"etag": self.tag, "cache-control": "no-cache", "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == self.tag:
            return Response(status_code=304, headers=headers)
        data = self.data
        if "gzip" in request.headers.get("accept-encoding", ""):
            data, headers["content-encoding"] = self.packed, "gzip"
        return Response(data, media_type="application/json", headers=headers)


class _Newest:
    """The payload of a ledger as it stands, built anew only when another database has been put in place."""

    def __init__(self, ledger: Ledger, title: str) -> None:
        self.ledger, self.title = ledger, title
        self.lock = Lock()
        self.seen: tuple[int, ...] = ()
        self.sent: _Sent | None = None

    def get(self) -> _Sent:
        with self.lock:
            seen = self._identity()  # before it is read: a database swapped in meanwhile is read again next time
            if self.sent is None or seen != self.seen:
                with closing(self.ledger.connect()) as connection:
                    self.sent = _Sent(encode(build(connection, title=self.title)))
                self.seen = seen
            return self.sent

    def _identity(self) -> tuple[int, ...]:
        found = (self.ledger.path / DATABASE).stat()
        return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


class _Guard:
    """Refuses foreign Host headers (a page elsewhere that rebinds its name to this machine) and adds safe headers."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app = app
        self.hosts = {_bare(host) for host in hosts}
        self.anywhere = bool(self.hosts & {"0.0.0.0", "::"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in _HEADERS.items())]
            await send(message)

        asked = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        inner = self.app if self._known(_bare(asked)) else PlainTextResponse("unknown host", status_code=421)
        await inner(scope, receive, guarded)

    def _known(self, host: str) -> bool:
        """Bound to every address, any address is right, but still no name: rebinding needs a name."""
        return host in self.hosts or (self.anywhere and _is_address(host))


def _bare(host: str) -> str:
    """`host` without port and brackets, in lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host if host.count(":") > 1 else host.partition(":")[0].rstrip(".")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
