"""A run: read, annotate what is new, add it batch by batch, and bring the derived database up to date."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from allegedly.annotate.confident import confident
from allegedly.engines.local import Annotate, annotate_all, annotate_with_models
from allegedly.ledger._ids import Ids
from allegedly.ledger.ledger import Ledger, Progress
from allegedly.ledger.rows import origin_row
from allegedly.read import ReadOptions, read
from allegedly.records import Annotation, Document, OriginRow, Problem, Summary

BATCH_DOCUMENTS = 500
BATCH_CHARACTERS = 16_000_000
BATCH_SECONDS = 30.0
"""A batch is written when it has come to any of these, so a killed run loses no more than that."""
_BATCH_LOOSE = 5_000


def run(
    inputs: Iterable[str | Path],
    ledger: Ledger,
    options: ReadOptions | None = None,
    *,
    processes: int = 1,
    min_confidence: float = 0.0,
    progress: Progress | None = None,
) -> Summary:
    """Read `inputs` into `ledger` and return what came of it. Stopped at any point, the same call carries on.

    Claims less sure than `min_confidence` (0 to 1) are left out.

    Raises `LedgerError` where the ledger cannot be written; all batches up to there are safe.
    """
    return ingest(read(inputs, options), ledger, processes=processes, min_confidence=min_confidence, progress=progress)


def ingest(
    items: Iterable[Document | Problem],
    ledger: Ledger,
    *,
    processes: int = 1,
    min_confidence: float = 0.0,
    progress: Progress | None = None,
    annotate: Annotate = annotate_with_models,
    on_problem: Callable[[Problem], object] = lambda problem: None,
) -> Summary:
    """Do what `run` does with what has been read. Ctrl-C commits what is annotated and gives a summary that says so.

    `on_problem` is called with each problem that annotating meets; those of reading come with `items`.
    """
    work = _Work(ledger, processes, progress, on_problem)
    finished = True
    try:
        for annotation in annotate_all(work.fresh(items), processes=processes, annotate=annotate):
            work.take(confident(annotation, min_confidence))
        work.flush()
        with work.timed("link"):
            ledger.refresh(progress)
    except KeyboardInterrupt:
        finished = False
        work.flush()
    summary = work.summary(finished)
    ledger.log_run(summary)
    return summary


class _Work:
    """What one run holds between reading and writing."""

    def __init__(
        self,
        ledger: Ledger,
        processes: int,
        progress: Progress | None,
        on_problem: Callable[[Problem], object],
    ) -> None:
        self.ledger, self.processes, self.progress, self.on_problem = ledger, processes, progress, on_problem
        self.started_at = datetime.now(UTC).isoformat(timespec="seconds")
        self.begun = self.flushed = time.monotonic()
        self.seconds: dict[str, float] = defaultdict(float)
        self.counts: Counter[str] = Counter()
        self.problem_counts: Counter[str] = Counter()
        self.added = Ids()
        self.under_way: dict[str, int] = {}
        self.annotations: list[Annotation] = []
        self.problems: list[Problem] = []
        self.origins: list[tuple[str, OriginRow]] = []

    def fresh(self, items: Iterable[Document | Problem]) -> Iterator[Document]:
        """Yield the documents that are not in the ledger; keep problems, and where the others were found."""
        reading = iter(items)
        while True:
            with self.timed("read"):
                item = next(reading, None)
            if item is None:
                return
            if isinstance(item, Problem):
                self.problem_counts[item.stage] += 1
                self.counts["loose"] += 1
                self.problems.append(item)
            elif self._is_new(item):
                yield item
            if self.counts["loose"] >= _BATCH_LOOSE:
                self.flush()

    def _is_new(self, document: Document) -> bool:
        self.counts["documents"] += 1
        again = document.id in self.under_way or bool(self.added.among([document.id]))
        if again or self.ledger.known([document.id]):
            self.counts["duplicates" if again else "known"] += 1
            self.counts["loose"] += 1
            self.origins.append((document.id, origin_row(document.id, document.origin)))
            return False
        words = len(document.text.split())
        self.under_way[document.id] = words
        return True

    def take(self, annotation: Annotation) -> None:
        """Keep `annotation` for the batch, and write the batch when it is full."""
        self.annotations.append(annotation)
        self.counts["words"] += self.under_way[annotation.document.id]
        self.counts["characters"] += len(annotation.document.text)
        for problem in annotation.problems:
            self.on_problem(problem)
        if self.progress:
            self.progress("annotate", self.counts["new"] + len(self.annotations), self.counts["words"])
        late = time.monotonic() - self.flushed >= BATCH_SECONDS
        if late or len(self.annotations) >= BATCH_DOCUMENTS or self.counts["characters"] >= BATCH_CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """Write what there is. Where a document was found waits for the document, which may still be under way."""
        done = {annotation.document.id for annotation in self.annotations}
        waiting = self.under_way.keys() - done
        with self.timed("write"):
            added = self.ledger.add(
                self.annotations, self.problems, [row for i, row in self.origins if i not in waiting]
            )
        self.added.add(done)
        self.counts["new"] += len(done)
        self.counts["characters"] = self.counts["loose"] = 0
        self.problem_counts["annotate"] += added.problems
        self.under_way = {i: words for i, words in self.under_way.items() if i in waiting}
        self.origins = [(i, row) for i, row in self.origins if i in waiting]
        self.annotations, self.problems = [], []
        self.flushed = time.monotonic()

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        begun = time.monotonic()
        try:
            yield
        finally:
            self.seconds[stage] += time.monotonic() - begun

    def summary(self, finished: bool) -> Summary:
        whole = time.monotonic() - self.begun
        seconds = {stage: self.seconds[stage] for stage in ("read", "write", "link")}
        seconds["annotate"] = whole - sum(seconds.values())
        return Summary(
            started_at=self.started_at,
            finished=finished,
            documents=self.counts["documents"],
            new=self.counts["new"],
            known=self.counts["known"],
            duplicates=self.counts["duplicates"],
            problems={stage: count for stage, count in sorted(self.problem_counts.items()) if count},
            words=self.counts["words"],
            seconds={stage: round(spent, 3) for stage, spent in sorted(seconds.items())},
            processes=self.processes,
        )
