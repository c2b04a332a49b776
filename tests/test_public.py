"""The public names: all are there, and importing the package stays light."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import allegedly


@pytest.mark.parametrize("name", allegedly.__all__)
def test_public_names_are_there(name: str) -> None:
    assert getattr(allegedly, name)


def test_importing_the_package_loads_no_model_and_no_database() -> None:
    code = "import sys, allegedly; print({'spacy', 'duckdb', 'trafilatura', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_readme_s_library_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("The harbour master said on Monday that the pier had been mined.")
    monkeypatch.chdir(tmp_path)
    printed: list[object] = []
    exec(example, {"print": lambda *words: printed.append(words)})
    assert any("the pier had been mined" in str(words) for words in printed)
