"""What the tests of readers share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from allegedly.read import ReadOptions, read
from allegedly.records import Document, Problem

FIXTURES = Path(__file__).parent / "fixtures" / "read"

_MEASURE = """
import resource, sys
from allegedly.read import read
list(read([sys.argv[2]]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(1 for _ in read([sys.argv[1]]))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def split(path: Path, **options: Any) -> tuple[list[Document], list[Problem]]:
    """The documents and the problems in a file or folder."""
    items = list(read([path], ReadOptions(**options)))
    documents = [item for item in items if isinstance(item, Document)]
    return documents, [item for item in items if isinstance(item, Problem)]


def written(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file, text as UTF-8, and return its path."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def measured(path: Path, small: Path) -> tuple[int, int]:
    """(items read, growth of peak memory in KiB) of reading `path` after `small`, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", _MEASURE, path, small], capture_output=True, text=True, check=True)
    count, growth = map(int, done.stdout.split())
    return count, growth
