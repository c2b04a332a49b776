"""What all tests share: they run without the optional vectors, installed or not, unless they bring their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _without_vectors() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALLEGEDLY_VECTORS", "off")
        yield
