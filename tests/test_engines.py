"""Annotating in this process and in several: the same result, in order, whatever happens to a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from allegedly.engines import annotate_all
from allegedly.records import Annotation, Document
from factories import annotation, document, fake_annotate

TESTS = Path(__file__).parent


def fragile(documents: Iterable[Document]) -> Iterator[Annotation]:
    """Annotate, but die of documents 5 and 23, as a process without memory does, and fail on 11."""
    for found in documents:
        if found.origin.path in ("pile/5.txt", "pile/23.txt"):
            os.kill(os.getpid(), signal.SIGKILL)
        if found.origin.path == "pile/11.txt":
            raise MemoryError
        yield from fake_annotate([found])


def test_processes_give_what_one_gives_in_order() -> None:
    found = [document(n) for n in range(40)]
    assert list(annotate_all(found, processes=2, batch=3, annotate=fake_annotate)) == list(map(annotation, range(40)))
    assert list(annotate_all(found, annotate=fake_annotate)) == list(map(annotation, range(40)))


def test_a_process_that_dies_costs_one_document_its_annotations() -> None:
    found = [document(n) for n in range(30)]
    made = list(annotate_all(found, processes=2, batch=4, annotate=fragile))
    assert [a.document for a in made] == found
    bare = {n: a.problems[0].what for n, a in enumerate(made) if not a.claims}
    assert set(bare) == {5, 11, 23}
    assert "kills" in bare[5]
    assert "MemoryError" in bare[11]
    assert all(a == annotation(n) for n, a in enumerate(made) if n not in bare)


def test_documents_are_read_only_as_far_ahead_as_needed() -> None:
    read = []

    def reading() -> Iterator[Document]:
        for n in range(200):
            read.append(n)
            yield document(n)

    made = annotate_all(reading(), processes=2, batch=2, annotate=fake_annotate)
    for n, _ in zip(range(20), made, strict=False):
        assert len(read) <= n + 2 * 2 * 4 + 2
    made.close()


PARENT = """
import sys, time
from factories import document
from allegedly.engines import annotate_all
from test_engines import told
if __name__ == "__main__":
    for _ in annotate_all(map(document, range(40)), processes=2, batch=2, annotate=told):
        time.sleep(1000)
"""


def told(documents: Iterable[Document]) -> Iterator[Annotation]:
    (Path("workers") / str(os.getpid())).touch()
    return fake_annotate(documents)


def test_processes_go_when_their_parent_is_killed(tmp_path: Path) -> None:
    """They wait for work that never comes, and would for ever."""
    (tmp_path / "workers").mkdir()
    (tmp_path / "parent.py").write_text(PARENT)
    path = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])}
    with subprocess.Popen([sys.executable, "parent.py"], cwd=tmp_path, env=path) as parent:
        wait(lambda: any((tmp_path / "workers").iterdir()))
        time.sleep(1)
        parent.kill()
    workers = {int(found.name) for found in (tmp_path / "workers").iterdir()}
    wait(lambda: not any(map(alive, workers)))


def wait(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")")[-1].split()[0] != "Z"
    except FileNotFoundError:
        return False
