"""Score attribution on a checkout of PolNeAR with a scorer that is given.

    python evals/attribution.py POLNEAR --split dev --scorer attribution.py [--every N] [--results FOLDER]

With ``--every N`` only each N-th article of the split is annotated and scored.
POLNEAR holds ``data/<split>/text/*.txt``. The scorer is a program that takes ``PRED.jsonl POLNEAR SPLIT --flatten
--merge-cue --bootstrap N --json OUT`` and prints a table; a prediction is one JSON object a line with ``doc`` and
``attributions`` (``source``, ``cue``, ``content`` as lists of ``[start, end]``). The whole annotate layer runs, on
one thread, and its speed and peak memory stand beside the scores. With ``--results`` the figures are written there as
JSON.
"""

from __future__ import annotations

import argparse
import glob
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from allegedly import __version__
from allegedly.annotate import annotate
from allegedly.annotate.parse import pipeline
from allegedly.records import Annotation, Document, Origin, make_document

BOOTSTRAP = 200


def documents(folder: Path) -> Iterator[Document]:
    for path in sorted(folder.glob("*.txt")):
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
        yield make_document(origin=Origin(path=path.name), source=path.stem, text=text, language="en")


def attributions(annotation: Annotation) -> list[dict[str, Any]]:
    """Return what the scorer counts: every claim but the author's own."""
    return [
        {"source": claim.speaker.spans, "cue": claim.cue, "content": claim.content}
        for claim in annotation.claims
        if claim.mode != "own-voice"
    ]


def thinned(corpus: Path, split: str, every: int, folder: Path) -> Path:
    """Return a corpus in `folder` that holds each `every`-th article of `split`, as links."""
    for kind in ("text", "attributions"):
        (folder / "data" / split / kind).mkdir(parents=True)
    for path in sorted((corpus / "data" / split / "text").glob("*.txt"))[::every]:
        for found in (path, *(path.parent.parent / "attributions").glob(f"{glob.escape(path.stem)}_*.ann")):
            (folder / "data" / split / found.parent.name / found.name).symlink_to(found.resolve())
    return folder


def predict(found: Iterable[Document], out: Path) -> dict[str, float]:
    """Annotate `found` into `out` and return words, CPU seconds and peak memory in MB (loading the model left out)."""
    pipeline()
    words, start = 0, time.process_time()
    with out.open("w", encoding="utf-8") as lines:
        for annotation in annotate(found):
            words += len(annotation.document.text.split())
            row = {"doc": Path(annotation.document.origin.path).stem, "attributions": attributions(annotation)}
            lines.write(json.dumps(row) + "\n")
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"words": words, "words_per_cpu_second": round(words / seconds), "peak_mb": round(peak)}


def score(scorer: Path, pred: Path, corpus: Path, split: str, out: Path) -> dict[str, Any]:
    flags = ["--flatten", "--merge-cue", "--bootstrap", str(BOOTSTRAP), "--json", str(out)]
    subprocess.run([sys.executable, str(scorer), str(pred), str(corpus), split, *flags], check=True)
    scores: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return scores


def summary(scores: dict[str, Any]) -> dict[str, Any]:
    """Return the headline figures in per cent: "who says what" by kind, token F1 by role, content edges."""
    every = scores["all"]
    row: dict[str, Any] = {
        f"wsw.{kind}": _percent(scores[kind]["att.wsw"][2]) for kind in ("all", "direct", "indirect")
    }
    row["wsw.precision"], row["wsw.recall"] = (_percent(value) for value in every["att.wsw"][:2])
    row |= {f"token.{role}": _percent(every[f"token.{role}"][2]) for role in ("source", "cue", "content")}
    row["content.words"] = _percent(every["words.content"][2])
    row["wsw.ci95"] = [_percent(value) for value in scores["ci95"]["att.wsw"]]
    return row


def _percent(share: float) -> float:
    return round(100 * share, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--scorer", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--results", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pred, out = Path(folder) / "pred.jsonl", Path(folder) / "scores.json"
        corpus = options.corpus
        if options.every > 1:
            corpus = thinned(corpus, options.split, options.every, Path(folder) / "corpus")
        speed = predict(documents(corpus / "data" / options.split / "text"), pred)
        row = {
            "date": date.today().isoformat(),
            "version": __version__,
            "split": options.split,
            "every": options.every,
            **speed,
        }
        row |= summary(score(options.scorer, pred, corpus, options.split, out))
    print(json.dumps(row))
    if options.results:
        options.results.mkdir(parents=True, exist_ok=True)
        target = options.results / f"attribution-{options.split}.json"
        target.write_text(json.dumps(row, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
