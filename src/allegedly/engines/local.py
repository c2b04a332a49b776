"""Annotate on this machine: in this process, or in a pool of processes."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process

from allegedly.records import Annotation, Document, Problem

Annotate = Callable[[Iterable[Document]], Iterable[Annotation]]
"""Annotates documents one by one, in order. For a pool it must be a function at the top of a module."""

Batch = list[Document]

_BATCH_CHARACTERS = 200_000
_IN_FLIGHT = 3
"""Batches per process that are read ahead: enough to keep all busy, and a bound on memory."""


def annotate_with_rules(documents: Iterable[Document]) -> Iterable[Annotation]:
    """Annotate as `allegedly.annotate.annotate` does, loading its models on first use."""
    from allegedly.annotate import annotate

    return annotate(documents)


def annotate_all(
    documents: Iterable[Document], *, processes: int = 1, batch: int = 32, annotate: Annotate = annotate_with_rules
) -> Iterator[Annotation]:
    """Yield the annotation of each of `documents`, in order, reading only as far ahead as keeps `processes` busy.

    A process that dies (out of memory, a crash in native code) ends neither the run nor the others: its batch is
    annotated again, one document at a time, and the document it dies of comes back bare, with a `Problem`.
    """
    if processes <= 1:
        yield from annotate(documents)
        return
    crew = _Crew(processes, annotate)
    try:
        for found in _batches(documents, batch):
            crew.submit(found)
            if crew.busy:
                yield from crew.collect()
        while crew.pending:
            yield from crew.collect()
    finally:
        crew.close()


def _batches(documents: Iterable[Document], count: int) -> Iterator[Batch]:
    batch: Batch = []
    for document in documents:
        batch.append(document)
        if len(batch) == count or sum(len(d.text) for d in batch) >= _BATCH_CHARACTERS:
            yield batch
            batch = []
    if batch:
        yield batch


class _Crew:
    """Worker processes with the batches they work on, in order."""

    def __init__(self, processes: int, annotate: Annotate) -> None:
        self.processes, self.annotate = processes, annotate
        self.pending: deque[tuple[Batch, Future[list[Annotation]]]] = deque()
        self._pool = _pool(processes)

    @property
    def busy(self) -> bool:
        return len(self.pending) >= _IN_FLIGHT * self.processes

    def submit(self, batch: Batch) -> None:
        self.pending.append((batch, self._start(batch)))

    def collect(self) -> list[Annotation]:
        """Wait for the oldest batch."""
        batch, future = self.pending.popleft()
        try:
            return future.result()
        except Exception:  # a process died, or could not send what it had
            self._pool.shutdown(cancel_futures=True)
            found = _one_by_one(batch, self.annotate)
            self._pool = _pool(self.processes)
            self.pending = deque((b, f if _done(f) else self._start(b)) for b, f in self.pending)
            return found

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _start(self, batch: Batch) -> Future[list[Annotation]]:
        try:
            return self._pool.submit(_annotate_batch, self.annotate, batch)
        except BrokenProcessPool as error:
            broken: Future[list[Annotation]] = Future()
            broken.set_exception(error)
            return broken


def _done(future: Future[list[Annotation]]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _one_by_one(batch: Batch, annotate: Annotate) -> list[Annotation]:
    """Annotate `batch` with nothing else under way, so that a process that dies tells which document it died of."""
    found: list[Annotation] = []
    pool = _pool(1)
    for document in batch:
        try:
            found += pool.submit(_annotate_batch, annotate, [document]).result()
        except Exception as error:
            found.append(_bare(document, error))
            pool.shutdown()
            pool = _pool(1)
    pool.shutdown()
    return found


def _bare(document: Document, error: Exception) -> Annotation:
    died = isinstance(error, BrokenProcessPool)
    problem = Problem(
        path=document.origin.path,
        position=document.origin.position,
        stage="annotate",
        what="the process that annotated it died" if died else f"could not be annotated ({error!r})",
        action="kept without annotations; it may need more memory than there is: please report it with the text",
        excerpt=document.text[:500],
    )
    return Annotation(document=document, problems=(problem,))


def _annotate_batch(annotate: Annotate, batch: Batch) -> list[Annotation]:
    return list(annotate(batch))


def _pool(processes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """Leave Ctrl-C to the parent, and go when it goes: a killed parent cannot say goodbye."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_go_with_parent, daemon=True).start()


def _go_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)
