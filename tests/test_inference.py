"""Networks run on this machine alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from allegedly import inference

SOURCE = Path(inference.__file__).parent


def test_the_library_keeps_no_record_to_send(tmp_path: Path) -> None:
    """Where its reports are on, onnxruntime writes an identifier and a queue below the user's cache folder."""
    program = "from allegedly.annotate.claims.tagger.network import network; network()"
    environment = {k: v for k, v in os.environ.items() if k not in ("CI", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME")}
    environment |= {"HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    assert [path for path in tmp_path.rglob("*") if "onnxruntime" in path.name] == []


def test_no_other_module_loads_the_library() -> None:
    loading = re.compile(r"^\s*(?:import|from) onnxruntime\b", re.MULTILINE)
    assert {p.name for p in SOURCE.rglob("*.py") if loading.search(p.read_text("utf-8"))} == {"inference.py"}


def test_what_is_no_network_is_said_in_one_line() -> None:
    with pytest.raises(ValueError, match=r"Protobuf|parse|model") as told:
        inference.session(b"no network")
    assert "\n" not in str(told.value)
