"""Train the two looks of `allegedly.link.coreference` on ECB+ and write them as arrays.

    python training/coreference/train.py ECBPLUS/train/Event_gold_mentions.json --out FOLDER [--work FOLDER]

Needs lightgbm and scipy beside the package. Topics are split into five folds: the second look learns from what the
first one says of topics that it has not seen, and the printed figures are those of topics that neither has seen.
``--work`` keeps the features of the parsed texts, so that a second run need not compute them.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import lightgbm
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "evals"))

from allegedly.link.coreference.mentions import Floats
from allegedly.link.coreference.neighbours import second_look
from allegedly.link.coreference.pairs import Pairs, all_pairs, document_similarity, features
from allegedly.link.coreference.resolve import average_linkage
from coreference import Told, read
from coreference_measures import counted, scores

FOLDS = 5
SEEDS = 4
COMMON = {
    **{"objective": "binary", "min_data_in_leaf": 80, "bagging_fraction": 0.7, "bagging_freq": 1},
    **{"lambda_l2": 10, "num_leaves": 15, "learning_rate": 0.06, "num_threads": 1, "verbose": -1},
}
FIRST: tuple[dict[str, Any], int] = ({**COMMON, "feature_fraction": 0.25}, 250)
AGAIN: tuple[dict[str, Any], int] = ({**COMMON, "feature_fraction": 0.4}, 150)
"""Parameters and number of trees."""


class Topic(NamedTuple):
    """The pairs of one topic, or of one subtopic."""

    told: list[Told]
    pairs: Pairs
    x: Floats
    """Features, shape ``(pairs, features)``."""
    y: np.ndarray
    """Whether a pair is one event."""
    documents: Floats

    def again(self, likely: Floats) -> Floats:
        """Return the features of the second look beside those of the first one, shape ``(pairs, features)``."""
        return np.concatenate(
            [second_look([t.mention for t in self.told], self.pairs, likely, self.documents), self.x], 1
        )


class Unit(NamedTuple):
    """Something that mentions are compared within, with what a look reads of its pairs."""

    topic: Topic
    number: int
    """Of the whole topic, by which the folds are made."""
    x: Floats


def topic_of(told: list[Told]) -> Topic:
    mentions, pairs = [t.mention for t in told], all_pairs(len(told))
    chains = np.array([t.chain for t in told])
    same = chains[pairs[0]] == chains[pairs[1]]
    return Topic(told, pairs, features(mentions, pairs), same, document_similarity(mentions))


def parts(topic: Topic) -> Iterator[tuple[Topic, np.ndarray]]:
    """Yield each subtopic of a topic with the places of its pairs among the topic's."""
    names = np.array([t.subtopic for t in topic.told])
    for name in dict.fromkeys(names.tolist()):
        inside = np.flatnonzero(names == name)
        place = {int(i): k for k, i in enumerate(inside)}
        chosen = np.flatnonzero((names[topic.pairs[0]] == name) & (names[topic.pairs[1]] == name))
        pairs = tuple(np.array([place[int(i)] for i in side[chosen]], int) for side in topic.pairs)
        told = [topic.told[i] for i in inside]
        yield Topic(told, pairs, topic.x[chosen], topic.y[chosen], topic.documents[np.ix_(inside, inside)]), chosen


def fit(xs: list[Floats], ys: list[np.ndarray], how: tuple[dict[str, Any], int]) -> list[lightgbm.Booster]:
    """Train once for each seed. A topic weighs as much as the root of its number of pairs."""
    weights = np.concatenate([np.full(len(y), len(y) ** -0.5) for y in ys])
    weights /= weights.mean()
    parameters, rounds = how
    data = lightgbm.Dataset(np.concatenate(xs), np.concatenate(ys), weight=weights)
    return [lightgbm.train({**parameters, "seed": seed}, data, rounds) for seed in range(SEEDS)]


def said(boosters: list[lightgbm.Booster], x: Floats) -> Floats:
    """Return the probabilities, from the mean of the seeds' log odds."""
    odds = sum(b.predict(x, raw_score=True) for b in boosters) / len(boosters)
    return (1 / (1 + np.exp(-odds))).astype(np.float32)


def held_out(units: list[Unit], how: tuple[dict[str, Any], int]) -> list[Floats]:
    """Return what models that did not see a unit's topic say of its pairs."""
    found: list[Floats] = [np.zeros(0, np.float32)] * len(units)
    for fold in range(FOLDS):
        rest = [u for u in units if u.number % FOLDS != fold]
        trained = fit([u.x for u in rest], [u.topic.y for u in rest], how)
        for i, unit in enumerate(units):
            if unit.number % FOLDS == fold:
                found[i] = said(trained, unit.x)
    return found


def report(topics: list[Topic], likely: list[Floats], within: str, name: str) -> None:
    """Print the CoNLL F1 at each threshold; `topics` are the units within which mentions are compared."""
    for threshold in np.arange(0.24, 0.49, 0.04):
        by_topic: dict[str, tuple[list[str], list[Any]]] = {}
        for number, (topic, p) in enumerate(zip(topics, likely, strict=True)):
            gold, found = by_topic.setdefault(topic.told[0].topic, ([], []))
            gold += [t.chain for t in topic.told]
            found += [(number, c) for c in average_linkage(len(topic.told), topic.pairs, p, threshold)]
        sums = [counted(gold, found) for gold, found in by_topic.values()]
        print(f"{name}, within {within}, threshold {threshold:.2f}: {scores(sum(sums)).conll:.4f}", flush=True)


def arrays(boosters: list[lightgbm.Booster], prefix: str) -> dict[str, np.ndarray]:
    """Return the trees as `Forest` reads them, the leaves of each seed weighed so that the sums are means."""
    table: dict[str, list[float]] = {k: [] for k in ("feature", "bound", "left", "right", "value", "root")}
    for booster in boosters:
        for tree in booster.dump_model()["tree_info"]:
            table["root"].append(_add(tree["tree_structure"], table, len(boosters)))
    kinds = {"bound": np.float32, "value": np.float32}
    return {f"{prefix}.{k}": np.array(v, kinds.get(k, np.int32)) for k, v in table.items()}


def _add(node: dict[str, Any], table: dict[str, list[float]], share: int) -> int:
    if "leaf_value" in node:
        table["value"].append(node["leaf_value"] / share)
        return -len(table["value"])
    at = len(table["feature"])
    table["feature"].append(node["split_feature"])
    table["bound"].append(_floor(node["threshold"]))
    for side in ("left", "right"):
        table[side].append(0)
    for side in ("left", "right"):
        table[side][at] = _add(node[f"{side}_child"], table, share)
    return at


def _floor(bound: float) -> float:
    """Return the greatest single-precision number that is not above `bound`, so that features compare as before."""
    near = np.float32(bound)
    return float(near if near <= bound else np.nextafter(near, np.float32(-np.inf)))


def first_units(topics: list[Topic]) -> list[Unit]:
    return [Unit(topic, number, topic.x) for number, topic in enumerate(topics)]


def second_units(topics: list[Topic], first: list[Floats]) -> list[Unit]:
    """Return the topics and then their subtopics: the second look must know both large and small company."""
    whole = [Unit(t, number, t.again(first[number])) for number, t in enumerate(topics)]
    inner = [(part, number, chosen) for number, t in enumerate(topics) for part, chosen in parts(t)]
    return whole + [Unit(part, number, part.again(first[number][chosen])) for part, number, chosen in inner]


def train(topics: list[Topic], first: list[Floats]) -> dict[str, np.ndarray]:
    """Fit both looks on all topics, the second on the held-out word of the `first`."""
    looks = (("first", first_units(topics), FIRST), ("second", second_units(topics, first), AGAIN))
    found = {}
    for name, units, how in looks:
        found |= arrays(fit([u.x for u in units], [u.topic.y for u in units], how), name)
    return found


def check(topics: list[Topic], first: list[Floats]) -> None:
    """Print figures of both looks on topics that they were not trained on."""
    again = second_units(topics, first)
    count, likely = len(topics), held_out(again, AGAIN)
    report(topics, first, "topic", "first look")
    report(topics, likely[:count], "topic", "second look")
    report([u.topic for u in again[count:]], likely[count:], "subtopic", "second look")


def load(path: Path, work: Path | None) -> list[Topic]:
    kept = work / "topics.pickle" if work else None
    if kept and kept.exists():
        return pickle.loads(kept.read_bytes())
    topics = [topic_of(told) for told in read(path)]
    if kept:
        kept.write_bytes(pickle.dumps(topics))
    return topics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mentions", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    topics = load(options.mentions, options.work)
    first = held_out(first_units(topics), FIRST)
    found = train(topics, first)
    np.savez_compressed(options.out / "trees.npz", **found)
    check(topics, first)


if __name__ == "__main__":
    main()
