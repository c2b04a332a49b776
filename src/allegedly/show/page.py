"""The page around the client bundle: inline in a report, by reference in the app."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from jinja2 import Environment, Template
from markupsafe import Markup

_COMMON = "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
APP_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    f"frame-ancestors 'none'; {_COMMON}"
)


def app_page(title: str) -> str:
    """Return the page that fetches the bundle and the payload from the server it came from."""
    return _template().render(title=title)


def report_page(title: str, payload: bytes, texts: Iterable[str]) -> Iterator[str]:
    """Yield the pieces of the self-contained page: bundle, `payload` (JSON) and the documents' `texts` in its order."""
    script, style = asset("app.js"), asset("app.css")
    return _template().generate(
        title=title,
        policy=_report_policy(script, style),
        script=Markup(script),
        style=Markup(style),
        payload=pack(payload),
        texts=(pack(text.encode("utf-8", "replace")) for text in texts),
    )


def pack(data: bytes) -> str:
    """Return `data` as base64 of gzip, the same each time."""
    return base64.b64encode(gzip.compress(data, compresslevel=6, mtime=0)).decode("ascii")


@cache
def asset(name: str) -> str:
    """Return a file of the bundle (``app.js``, ``app.css``, ``bundle.json``, ``LICENSES.txt``)."""
    return (files(__package__) / "static" / name).read_text(encoding="utf-8")


def _report_policy(script: str, style: str) -> str:
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; connect-src 'none'; "
        f"{_COMMON}"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


@cache
def _template() -> Template:
    source = (files(__package__) / "templates" / "page.html").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(source)
