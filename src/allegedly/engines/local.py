"""Annotate on this machine: in this process, or in several.

Each process has a pipe of its own, so that when one dies it is known what it was doing, and when its parent goes it
reads the end of the pipe and goes too. (The executors of the standard library share their queues between processes,
and hang when one of them dies at the wrong moment; see CPython issue 94777.)
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait

from allegedly.records import Annotation, Document, Problem

Annotate = Callable[[Iterable[Document]], Iterable[Annotation]]
"""Annotates documents one by one, in order. For several processes it must be a function at the top of a module."""

Batch = list[Document]

_BATCH_CHARACTERS = 20_000
"""A batch takes a process some seconds at most, and far longer than the way there and back."""
_AHEAD = 4
"""Batches per process that may be done before an earlier one is: a bound on memory when one takes long."""
_SPAWN = get_context("spawn")


def annotate_with_models(documents: Iterable[Document]) -> Iterable[Annotation]:
    """Annotate as `allegedly.annotate.annotate` does, loading its models on first use."""
    from allegedly.annotate import annotate

    return annotate(documents)


def annotate_all(
    documents: Iterable[Document], *, processes: int = 1, batch: int = 32, annotate: Annotate = annotate_with_models
) -> Iterator[Annotation]:
    """Yield the annotation of each of `documents`, in order, reading only as far ahead as keeps `processes` busy.

    A process that dies (out of memory, a crash in native code) ends neither the run nor the others: its batch is
    annotated again, one document at a time, and a document that it dies of again comes back bare, with a `Problem`.
    """
    if processes <= 1:
        yield from annotate(documents)
        return
    crew = _Crew(processes, annotate)
    try:
        yield from crew.annotate_in_order(_batches(documents, batch))
    finally:
        crew.dismiss()


def _batches(documents: Iterable[Document], count: int) -> Iterator[Batch]:
    batch: Batch = []
    for document in documents:
        batch.append(document)
        if len(batch) == count or sum(len(d.text) for d in batch) >= _BATCH_CHARACTERS:
            yield batch
            batch = []
    if batch:
        yield batch


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, annotate: Annotate) -> None:
        self.pipe, theirs = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=_serve, args=(theirs, annotate), daemon=True)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited: Ctrl-C is for the parent
        self.process.start()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()

    def receive(self) -> list[Annotation]:
        """Return what it made of its batch; `OSError` or `EOFError` where it died, `RuntimeError` where it failed."""
        made: list[Annotation] | str = self.pipe.recv()
        if isinstance(made, str):
            raise RuntimeError(made)
        return made

    def stop(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join()


class _Crew:
    """Workers, what each is busy with, and the batches that are done before their turn."""

    def __init__(self, processes: int, annotate: Annotate) -> None:
        self.processes, self.annotate = processes, annotate
        self.idle: list[_Worker] = []
        self.busy: dict[Connection, tuple[_Worker, int, Batch]] = {}
        self.done: dict[int, list[Annotation]] = {}

    def annotate_in_order(self, batches: Iterable[Batch]) -> Iterator[Annotation]:
        turn = 0
        for index, batch in enumerate(batches):
            self._start(index, batch)
            while len(self.busy) == self.processes or index - turn >= _AHEAD * self.processes:
                self._collect()
                while turn in self.done:
                    yield from self.done.pop(turn)
                    turn += 1
        while self.busy or self.done:
            while turn in self.done:
                yield from self.done.pop(turn)
                turn += 1
            if self.busy:
                self._collect()

    def dismiss(self) -> None:
        for worker in [*self.idle, *(worker for worker, _, _ in self.busy.values())]:
            worker.stop()

    def _start(self, index: int, batch: Batch) -> None:
        worker = self.idle.pop() if self.idle else _Worker(self.annotate)
        try:
            worker.pipe.send(batch)
        except OSError:  # it died while it had nothing to do
            self._start_over(worker, index, batch)
        else:
            self.busy[worker.pipe] = worker, index, batch

    def _collect(self) -> None:
        """Wait until some workers are done, and take what they made."""
        for pipe in wait(list(self.busy)):
            assert isinstance(pipe, Connection)
            worker, index, batch = self.busy.pop(pipe)
            try:
                self.done[index] = worker.receive()
                self.idle.append(worker)
            except (OSError, EOFError, RuntimeError):
                self._start_over(worker, index, batch)

    def _start_over(self, worker: _Worker, index: int, batch: Batch) -> None:
        """Annotate `batch` one document at a time, to find the one that `worker` died of."""
        worker.stop()
        worker, made = _Worker(self.annotate), []
        for document in batch:
            try:
                worker.pipe.send([document])
                made += worker.receive()
            except (OSError, EOFError, RuntimeError) as error:
                made.append(_bare(document, error))
                worker.stop()
                worker = _Worker(self.annotate)
        self.done[index] = made
        self.idle.append(worker)


def _bare(document: Document, error: Exception) -> Annotation:
    why = f"could not be annotated ({error})" if isinstance(error, RuntimeError) else "kills the process that annotates"
    problem = Problem(
        path=document.origin.path,
        position=document.origin.position,
        stage="annotate",
        what=why,
        action="kept without annotations; it may need more memory than there is: please report it with the text",
        excerpt=document.text[:500],
    )
    return Annotation(document=document, problems=(problem,))


def _serve(pipe: Connection, annotate: Annotate) -> None:
    """Annotate what comes until the other end is closed."""
    with suppress(EOFError, OSError):
        while True:
            pipe.send(_annotate_batch(annotate, pipe.recv()))


def _annotate_batch(annotate: Annotate, batch: Batch) -> list[Annotation] | str:
    try:
        return list(annotate(batch))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
