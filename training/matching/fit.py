"""Learns how much words and meaning count when the texts that say what a post says are put in order.

    python training/matching/fit.py [--data DIR] [--check]

Reads the training part of CLEF-2020 CheckThat! task 2 (Barrón-Cedeño et al. 2020): 800 posts, each with the one claim
or two, among 10,375 that fact-checkers have looked at, that it makes. For each post the claims most alike in words are
taken, and weights are found that make the right one the likeliest (a softmax over them): one each for BM25 of words and
of runs of characters, and one for each dimension of the product of two vectors, held near 1 by a penalty. ``--check``
only cross-validates, in five parts; posts that make the same claim are in one part. The dev part is not read.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allegedly.link.matching import Matcher, Text, matcher
from allegedly.link.matching.texts import for_words
from allegedly.vectors import load

DATA = Path(__file__).parents[3] / "shared" / "data" / "claims" / "clef2020_checkthat_t2"
OUT = Path(matcher.__file__).with_name("mix.json")
FOLDS = 5
TEMPERATURE = 60.0
"""Log odds of a cosine, before learning; the penalty is on what is learnt beside it."""
PENALTY = 0.003
STEPS, RATE = 250, 0.02
START = (0.1, 0.05)
FAR = 1000.0

Floats = NDArray[np.float64]


class Cases(NamedTuple):
    """Posts with their shortlists."""

    products: Floats
    """Of the vectors, shape ``(posts, shortlist, 384)``."""
    alike: Floats
    """BM25 of words and of runs of characters, shape ``(posts, shortlist, 2)``."""
    right: NDArray[np.bool_]
    """Shape ``(posts, shortlist)``."""
    answers: NDArray[np.int64]
    """How many right ones there are, found or not."""
    part: NDArray[np.int64]


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))[1:]


def answers(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        post, _, claim, _ = line.split()
        found.setdefault(post, set()).add(claim)
    return found


def cases(data: Path, folder: Path) -> Cases:
    """Read the posts and look up their shortlists with even weights."""
    found = Matcher(folder, load())
    claims = rows(data / "verified_claims.docs.tsv")
    found.add(Text(id, text, "en", title) for id, text, title in claims)
    (segment,) = found.store.segments
    places = {id: n for n, (id, _, _) in enumerate(claims)}
    right = answers(data / "train" / "tweet-vclaim-pairs.qrels")
    posts = rows(data / "train" / "tweets.queries.tsv")
    products, alike, hits = [], [], []
    for post, text in posts:
        words, grams = (part.scores(for_words(text))[0] for part in _apart(found))
        which = np.argsort(-(START[0] * words + START[1] * grams), kind="stable")[: matcher.SHORTLIST]
        asked, kept = found._meaning.asked(text), found._meaning.of(segment, which)
        products.append(kept * asked)
        alike.append(np.stack([words[which], grams[which]], -1))
        hits.append(np.isin(which, [places[id] for id in right.get(post, ())]))
    counts = np.array([len(right.get(post, ())) for post, _ in posts])
    return Cases(np.stack(products), np.stack(alike), np.stack(hits), counts, parts(posts, right))


def _apart(found: Matcher) -> tuple[matcher.Lexical, matcher.Lexical]:
    segments = found.store.segments
    return matcher.Lexical(segments, 1, 0), matcher.Lexical(segments, 0, 1)


def parts(posts: list[list[str]], right: dict[str, set[str]]) -> NDArray[np.int64]:
    """Deal the posts out to folds, by the first claim that they make."""
    first = [min(right.get(post, {f"none {post}"})) for post, _ in posts]
    names = sorted(set(first))
    dealt = dict(zip(names, np.random.default_rng(0).integers(0, FOLDS, len(names)), strict=True))
    return np.array([dealt[name] for name in first])


def fit(case: Cases) -> tuple[Floats, Floats]:
    """Return the weights of words and grams, and of each dimension (Adam, Kingma and Ba 2015, whole-batch)."""
    case = chosen(case, case.right.any(1))
    share = case.right / case.right.sum(1, keepdims=True)
    width = case.products.shape[2]
    weights = np.concatenate([np.zeros(width), START])
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        slope = gradient(case, share, weights[:width], weights[width:])
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights[width:], TEMPERATURE * (1 + weights[:width])


def gradient(case: Cases, share: Floats, extra: Floats, lexical: Floats) -> Floats:
    """Return the slope of the cross entropy and of the penalty."""
    odds = scores(case, lexical, TEMPERATURE * (1 + extra))
    odds = np.exp(odds - odds.max(1, keepdims=True))
    off = (odds / odds.sum(1, keepdims=True) - share) / len(share)
    meaning = TEMPERATURE * np.tensordot(off, case.products, 2) + PENALTY * extra
    return np.concatenate([meaning, np.tensordot(off, case.alike, 2)])


def scores(case: Cases, lexical: Floats, meaning: Floats) -> Floats:
    found: Floats = case.alike @ lexical + case.products @ meaning
    return found


def chosen(case: Cases, which: NDArray[np.bool_]) -> Cases:
    return Cases(*(column[which] for column in case))


def precision(case: Cases, judged: Floats, least: int = 5) -> float:
    """Return the mean average precision at 5."""
    order = np.argsort(-judged, axis=1, kind="stable")[:, :least]
    hit = np.take_along_axis(case.right, order, 1)
    found = (np.cumsum(hit, 1) / np.arange(1, least + 1) * hit).sum(1) / np.clip(case.answers, 1, least)
    return float(found.mean())


def check(case: Cases) -> float:
    """Return MAP@5 where each part is judged by weights learnt on the others, as a matcher judges."""
    judged = np.zeros(case.right.shape)
    for part in range(FOLDS):
        inside = case.part == part
        lexical, meaning = fit(chosen(case, ~inside))
        held = chosen(case, inside)
        words = held.alike @ lexical
        near = words >= words.max(1, keepdims=True) - matcher.MARGIN
        judged[inside] = np.where(near, scores(held, lexical, meaning), words - FAR)
    return precision(case, judged)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--check", action="store_true")
    said = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        case = cases(said.data, Path(folder))
    print(f"MAP@5, cross-validated: {check(case):.4f}")
    if not said.check:
        (words, grams), meaning = fit(case)
        mix = {"words": round(words, 4), "grams": round(grams, 4), "meaning": [round(m, 1) for m in meaning.tolist()]}
        OUT.write_text(json.dumps(mix) + "\n", "utf-8")
        print(f"words {words:.3f}, grams {grams:.3f}, meaning {meaning.mean():.1f} ± {meaning.std():.1f}")


if __name__ == "__main__":
    main()
