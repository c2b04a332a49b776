"""Runs that tests start in processes of their own, to kill them or to let them race."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from allegedly.ledger import Ledger, run
from allegedly.ledger.run import ingest
from allegedly.records import Document, Problem
from factories import annotation, document, fake_annotate

_CONTEXT = get_context("forkserver")


def pile(numbers: range, seed: int) -> Iterator[Document | Problem]:
    """Read documents in an order of the seed's, some found in two places, with a file that cannot be read."""
    order = [(n, path) for n in numbers for path in (None, f"copies/{n}.txt")[: 2 if n % 5 == 0 else 1]]
    random.Random(seed).shuffle(order)
    yield Problem(path="pile/torn.json", what="is cut off", action="set aside")
    for n, path in order:
        yield document(n, path=path)


def ingest_pile(ledger: Path, last: int, seed: int, batch: int = 7) -> None:
    run.BATCH_DOCUMENTS = batch
    ingest(pile(range(last), seed), Ledger(ledger), annotate=fake_annotate)


def add_one_by_one(ledger: Path, numbers: range) -> None:
    found = Ledger(ledger)
    for n in numbers:
        found.add([annotation(n)])


def start(work: Callable[..., None], *arguments: object) -> BaseProcess:
    """Start `work` in a fresh process that has loaded its modules already."""
    _CONTEXT.set_forkserver_preload(["ledger_driver", "allegedly.export"])
    process = _CONTEXT.Process(target=work, args=arguments)
    process.start()
    return process
