"""The committed bundle is the one that the client's sources make. No node is needed to tell."""

from __future__ import annotations

import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

CLIENT = Path(__file__).parents[1] / "client"
STATIC = files("allegedly.show") / "static"
BUNDLE = json.loads((STATIC / "bundle.json").read_text("utf-8"))

needs_client = pytest.mark.skipif(not CLIENT.exists(), reason="the client's sources are not here")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sources() -> list[Path]:
    made_from = ["build.mjs", "package.json", "package-lock.json", "tsconfig.json"]
    return [*(CLIENT / name for name in made_from), *(p for p in (CLIENT / "src").rglob("*") if p.is_file())]


@needs_client
def test_the_bundle_was_built_from_these_sources() -> None:
    names = {path.relative_to(CLIENT).as_posix(): path for path in sources()}
    lines = "".join(f"{digest(names[name].read_bytes())}  {name}\n" for name in sorted(names))
    assert digest(lines.encode()) == BUNDLE["sources"], "run `npm run build` in client/ and commit the result"


@pytest.mark.parametrize("name", ["app.js", "app.css", "LICENSES.txt"])
def test_no_built_file_was_changed_by_hand(name: str) -> None:
    assert digest((STATIC / name).read_bytes()) == BUNDLE["files"][name]


def test_the_bundle_is_small_and_can_stand_inside_a_page() -> None:
    script, style = (STATIC / "app.js").read_text("utf-8"), (STATIC / "app.css").read_text("utf-8")
    assert len(script) + len(style) < 400_000
    assert not re.search(r"</script|<script|<!--", script, re.IGNORECASE)
    assert "</style" not in style.lower()


@needs_client
def test_the_client_never_makes_markup_of_a_text() -> None:
    risky = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function")
    assert [path.name for path in (CLIENT / "src").rglob("*.ts*") if risky.search(path.read_text("utf-8"))] == []


@needs_client
def test_the_lock_holds_no_download_address() -> None:
    lock = json.loads((CLIENT / "package-lock.json").read_text("utf-8"))
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


@needs_client
def test_every_bundled_package_has_its_licence_beside_it() -> None:
    licences = (STATIC / "LICENSES.txt").read_text("utf-8")
    for name in json.loads((CLIENT / "package.json").read_text("utf-8"))["dependencies"]:
        assert f"\n{name} " in licences
    assert "GPL" not in licences
