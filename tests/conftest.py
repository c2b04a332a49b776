"""What all tests share: they run without the optional vectors, installed or not, unless they bring their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _without_vectors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALLEGEDLY_VECTORS", str(tmp_path_factory.mktemp("none") / "absent"))
        patch.setattr("allegedly.vectors.encoder.installed", lambda: None)
        yield
