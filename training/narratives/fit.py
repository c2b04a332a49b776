"""Learns when two statements say the same, and when one denies the other: `centres.npy` and `weights.json`.

    python training/narratives/fit.py [--packs DIR] [--check]

Reads packs of statements that we have written for this (see ``README.md``), none of which is among those that
``evals/narratives.py`` checks with. Three things are learnt, in this order: the centre of each language; a logistic
regression that tells denials; and a multinomial one over `compare.FEATURES` of pairs, which sees the denials as the
other tells them of packs that it was not fitted on. ``--check`` cross-validates all of it by pack, groups included.
Claims of the news texts that attribution is trained on are pairs that do not say the same.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from allegedly.link.narratives import compare, sketch
from allegedly.link.narratives.compare import Traits, Weights
from allegedly.link.narratives.group import linked
from allegedly.link.narratives.rules import vetoes
from allegedly.link.narratives.said import said as read_signs
from allegedly.link.words import words
from allegedly.vectors import load

sys.path.insert(0, str(Path(__file__).parents[1] / "attribution"))
from markup import read

HERE = Path(__file__).parent
OUT = Path(compare.__file__).parent
MARKED = HERE.parent / "attribution" / "corpus"
LEAST, MOST = 25, 400
"""Characters of claims that are taken from there."""
ALIKE = 0.6
"""Claims of one text that are nearer may say the same, which nobody has marked: these pairs are left out."""
FOLDS = 8
DOUBT = 10.0
"""So many statements of all languages are added to each language's centre."""
FAR, CLAIMS = 0.3, 0.3
"""How much a pair from two packs counts, and one from two claims of a news text."""
RIDGE_MEANING, RIDGE = 6.0, 1.0
SPREAD = 5.0
"""A dimension of a vector is so much larger when denials are learnt: its ridge beside that of the signs."""

Floats = NDArray[np.float64]


class Statement(NamedTuple):
    pack: str
    language: str
    text: str
    narrative: str
    """Pack and narrative; empty for what belongs to none."""
    denies: float
    """1 where it denies, 0 where not, NaN where nobody says."""
    opposed: frozenset[str]
    """Narratives that it denies, or that deny it."""
    id: str


def statements(folder: Path) -> list[Statement]:
    return [s for path in sorted(folder.glob("*.json")) for s in pack_statements(json.loads(path.read_text("utf-8")))]


def pack_statements(pack: dict) -> list[Statement]:
    denial_of = {n["id"]: n["denial_of"] for n in pack["narratives"]}
    denied_by = {of: id for id, of in denial_of.items() if of}
    found = []
    for s in pack["statements"]:
        own, twin = s["narrative"], s["twin_of"]
        denies, opposed = np.nan, set()
        if own:
            denies = float(denial_of[own] is not None)
            opposed = {denial_of[own], denied_by.get(own)}
        elif twin and s["twin"] == "denial":
            denies = float(denial_of[twin] is None)
            opposed = {twin}
        elif twin:
            denies = float(denial_of[twin] is not None)
        names = frozenset(f"{pack['id']} {o}" for o in opposed if o)
        narrative = f"{pack['id']} {own}" if own else ""
        found.append(Statement(pack["id"], s["language"], s["text"], narrative, denies, names, s["id"]))
    return found


def claims(folder: Path, most: int = 8) -> list[Statement]:
    """Return the claims of our marked-up news texts, with speaker and cue, as what says nothing twice."""
    found = []
    for text in (t for path in sorted(folder.glob("*.txt")) for t in read(path)):
        for claim in text.claims[:most]:
            spans = claim.content if claim.own else [*claim.source, *claim.cue, *claim.content]
            start, end = min(a for a, _ in spans), max(b for _, b in spans)
            if not LEAST <= end - start <= MOST:
                continue
            said = " ".join(text.text[start:end].split())
            denies = 1.0 if claim.negated or "denies" in claim.acts else np.nan if negates(said) else 0.0
            found.append(Statement(f"text {text.id}", "en", said, "", denies, frozenset(), str(claim.number)))
    return found


def negates(text: str) -> bool:
    """Return whether a word of negation stands in an English text, of which nobody has marked what it turns."""
    found = read_signs(text, "en")
    return found.denials + found.negations > 0


def fit_centres(told: Sequence[Statement], vectors: Floats) -> Floats:
    """Return the centre of all languages and of each of `sketch.LANGUAGES`, shape ``(15, 384)``."""
    packs = np.array([not s.pack.startswith("text ") for s in told])
    told, vectors = [s for s, kept in zip(told, packs, strict=True) if kept], vectors[packs]
    language, mean = np.array([s.language for s in told]), vectors.mean(0)
    rows = [mean]
    for code in sketch.LANGUAGES:
        own = vectors[language == code]
        rows.append((own.sum(0) + DOUBT * mean) / (len(own) + DOUBT))
    return np.stack(rows)


def centred(told: Sequence[Statement], vectors: Floats, centres: Floats) -> Floats:
    rows = {code: n + 1 for n, code in enumerate(sketch.LANGUAGES)}
    moved = vectors - centres[[rows.get(s.language, 0) for s in told]]
    return moved / np.linalg.norm(moved, axis=1, keepdims=True)


def logistic(x: Floats, y: Floats, weight: Floats, ridge: Floats) -> Floats:
    """Fit a multinomial logistic regression by Newton's method.

    Args:
        x: shape ``(n, features)``.
        y: shares of the classes but the first, shape ``(n, classes - 1)``.
        weight: of each row.
        ridge: of each feature.

    Returns:
        Shape ``(classes - 1, features)``.
    """
    n, k = x.shape[1], y.shape[1]
    w = np.zeros((k, n))
    for _ in range(60):
        p = odds(x, w)
        slope = ((p - y) * weight[:, None]).T @ x + ridge * w
        hess = np.zeros((k * n, k * n))
        for i in range(k):
            for j in range(k):
                each = weight * p[:, i] * ((i == j) - p[:, j])
                hess[i * n : (i + 1) * n, j * n : (j + 1) * n] = (x * each[:, None]).T @ x
        hess += np.diag(np.tile(ridge, k))
        step = np.linalg.solve(hess, slope.ravel()).reshape(k, n)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w


def odds(x: Floats, w: Floats) -> Floats:
    z = np.c_[np.zeros(len(x)), x @ w.T]
    z = np.exp(z - z.max(1, keepdims=True))
    return (z / z.sum(1, keepdims=True))[:, 1:]


def fit_denial(signs: Floats, vectors: Floats | None, denies: Floats) -> Weights:
    known = ~np.isnan(denies)
    x = signs if vectors is None else np.c_[signs, vectors * SPREAD]
    ridge = np.r_[np.full(signs.shape[1], RIDGE), np.full(x.shape[1] - signs.shape[1], RIDGE_MEANING)]
    ridge[signs.shape[1] - 1] = 1e-6
    w = logistic(x[known], denies[known, None], np.ones(known.sum()), ridge)[0]
    meaning = () if vectors is None else tuple((w[signs.shape[1] :] * SPREAD).tolist())
    return Weights((), (), tuple(w[: signs.shape[1]].tolist()), meaning)


class Corpus(NamedTuple):
    told: list[Statement]
    read: list
    words: list[frozenset[str]]
    packs: NDArray[np.str_]


def corpus(told: list[Statement]) -> Corpus:
    return Corpus(told, [read_signs(s.text, s.language) for s in told], [words(s.text) for s in told],
                  np.array([s.pack for s in told]))  # fmt: skip


def some(c: Corpus, which: NDArray[np.int64]) -> Corpus:
    return Corpus([c.told[i] for i in which], [c.read[i] for i in which], [c.words[i] for i in which], c.packs[which])


def folds(packs: NDArray[np.str_], count: int) -> NDArray[np.int64]:
    names = sorted(set(packs))
    dealt = dict(zip(names, np.random.default_rng(0).permutation(len(names)) % count, strict=True))
    return np.array([dealt[p] for p in packs])


def fit(c: Corpus, vectors: Floats, meaning: bool) -> Weights:
    """Fit the denial probe and the pairs on vectors as `sketch` gives them."""
    signs, denies = compare.signs(c.read), np.array([s.denies for s in c.told])
    part, told_denies = folds(c.packs, FOLDS), np.zeros(len(c.told))
    for fold in range(FOLDS):
        inside = part == fold
        probe = fit_denial(signs[~inside], vectors[~inside] if meaning else None, denies[~inside])
        held = np.flatnonzero(inside)
        told_denies[inside] = compare.denial_odds([c.read[i] for i in held], vectors[inside], probe)
    probe = fit_denial(signs, vectors if meaning else None, denies)
    known = known_of(c, vectors, told_denies)
    a, b, y, weight = pairs(c, vectors)
    x = compare.features(known, a, b)
    ridge = np.full(x.shape[1], RIDGE)
    ridge[-1] = 1e-6
    same, opposed = logistic(x, y, weight, ridge)
    return msgspec.structs.replace(probe, same=tuple(same.tolist()), opposed=tuple(opposed.tolist()))


def known_of(c: Corpus, vectors: Floats, denies: Floats) -> Traits:
    return Traits(vectors, c.read, c.words, [s.language for s in c.told], [s.text for s in c.told], denies)


def pairs(c: Corpus, vectors: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
    """Return pairs of rows, what they are (same, opposed; neither where both are 0) and how much they count."""
    marked = np.char.startswith(c.packs.astype(str), "text ")
    near = [np.flatnonzero(c.packs == pack) for pack in sorted(set(c.packs))]
    a, b = (np.concatenate(x) for x in zip(*([r[i] for i in np.triu_indices(len(r), 1)] for r in near), strict=True))
    alike = np.einsum("ij,ij->i", vectors[a], vectors[b]) > ALIKE
    a, b = a[~(marked[a] & alike)], b[~(marked[a] & alike)]
    far = np.random.default_rng(1).integers(0, len(c.told), (3 * len(a), 2))
    far = far[c.packs[far[:, 0]] != c.packs[far[:, 1]]]
    near = np.arange(len(a) + len(far)) < len(a)
    a, b = np.r_[a, far[:, 0]], np.r_[b, far[:, 1]]
    y = np.array([kind(c.told[i], c.told[j]) for i, j in zip(a, b, strict=True)], float)
    return a, b, y, np.where(near, np.where(marked[a], CLAIMS, 1.0), FAR)


def kind(one: Statement, other: Statement) -> tuple[bool, bool]:
    same = bool(one.narrative) and one.narrative == other.narrative
    opposed = one.narrative in other.opposed or other.narrative in one.opposed
    return same, opposed and not same and one.denies != other.denies


def grouped(c: Corpus, vectors: Floats, learnt: Weights, least: float) -> NDArray[np.int64]:
    """Return the group of each statement, all of them compared."""
    denies = compare.denial_odds(c.read, vectors, learnt)
    known = known_of(c, vectors, denies)
    n = len(c.told)
    a, b = np.triu_indices(n, 1)
    found = compare.chances_of(compare.features(known, a, b), learnt)
    same, veto = np.zeros((n, n)), np.zeros((n, n), bool)
    same[a, b] = same[b, a] = found.same
    veto[a, b] = vetoes(known, found, a, b)
    groups = np.zeros(n, np.int64)
    for number, rows in enumerate(linked(same, veto, least)):
        groups[rows] = number
    return groups


def bcubed(c: Corpus, groups: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return precision, recall and F1 (Bagga and Baldwin 1998); what belongs to no narrative is a class of its own."""
    gold = np.array([s.narrative or f"{s.pack} {s.id}" for s in c.told])
    right = (gold[:, None] == gold) & (groups[:, None] == groups)
    precision = (right.sum(1) / (groups[:, None] == groups).sum(1)).mean()
    recall = (right.sum(1) / (gold[:, None] == gold).sum(1)).mean()
    return precision, recall, 2 * precision * recall / (precision + recall)


def check(c: Corpus, raw: Floats, meaning: bool) -> None:
    part = folds(c.packs, FOLDS)
    part[np.char.startswith(c.packs.astype(str), "text ")] = -1
    levels = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
    sums = {level: [] for level in levels}
    for fold in range(FOLDS):
        inside, outside = np.flatnonzero(part == fold), np.flatnonzero(part != fold)
        vectors = raw
        if meaning:
            vectors = centred(c.told, raw, fit_centres([c.told[i] for i in outside], raw[outside]))
        learnt = fit(some(c, outside), vectors[outside], meaning)
        held = some(c, inside)
        for level in levels:
            groups = grouped(held, vectors[inside], learnt, level)
            sums[level].append((*bcubed(held, groups), len(inside)))
    for level, rows in sums.items():
        values = np.array(rows)
        print(level, np.average(values[:, :3], axis=0, weights=values[:, 3]).round(3))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--packs", type=Path, default=HERE)
    arguments.add_argument("--check", action="store_true")
    asked = arguments.parse_args()
    c = corpus(statements(asked.packs) + claims(MARKED))
    encoder = load()
    if encoder is None:
        raise SystemExit("the encoder must be installed, see docs/matching.md")
    raw = encoder.vectors([sketch.for_vectors(s.text) for s in c.told])
    by_words = sketch.Sketcher(None).sketches([s.text for s in c.told], [s.language for s in c.told])
    print(f"{len(c.told)} statements of {len(set(c.packs))} packs")
    if asked.check:
        for name, vectors, meaning in (("meaning", raw, True), ("words", by_words, False)):
            print(name, "threshold, BCubed precision, recall, F1")
            check(c, vectors, meaning)
        return
    centres = fit_centres(c.told, raw)
    np.save(OUT / "centres.npy", centres.astype(np.float16))
    vectors = centred(c.told, raw, centres.astype(np.float16).astype(float))
    learnt = {"meaning": fit(c, vectors, True), "words": fit(c, by_words, False)}
    (OUT / "weights.json").write_bytes(msgspec.json.format(msgspec.json.encode(rounded(learnt)), indent=1) + b"\n")


def rounded(learnt: dict[str, Weights]) -> dict:
    return {name: {field: [round(v, 3) for v in getattr(w, field)] for field in w.__struct_fields__}
            for name, w in learnt.items()}  # fmt: skip


if __name__ == "__main__":
    main()
