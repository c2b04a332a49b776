"""Mentions to events: the trained score of every pair, then clusters by average linkage."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from allegedly.link.coreference.forest import Forest
from allegedly.link.coreference.mentions import Floats, Mention
from allegedly.link.coreference.neighbours import second_look
from allegedly.link.coreference.pairs import Pairs, all_pairs, document_similarity, features

THRESHOLD = 0.4
"""Clusters whose mean pair is less likely one event are not joined (chosen by cross-validation, see the model card)."""


class Model(NamedTuple):
    """The two looks at a pair: by itself, and in the light of the others."""

    first: Forest
    second: Forest


@cache
def model() -> Model:
    """Return the shipped model, loaded once per process."""
    with (files("allegedly") / "models" / "coreference" / "trees.npz").open("rb") as file, np.load(file) as stored:
        parts = [{k[len(p) :]: stored[k] for k in stored.files if k.startswith(p)} for p in ("first.", "second.")]
    return Model(*map(Forest, parts))


def likelihood_alone(mentions: list[Mention], pairs: Pairs) -> Floats:
    """Return how likely each of `pairs` is one event, each by itself, whatever else is compared: shape ``(pairs,)``."""
    return model().first.probability(features(mentions, pairs))


def likelihood(mentions: list[Mention], pairs: Pairs) -> Floats:
    """Return how likely each of `pairs`, which are all pairs of `mentions`, is one event: shape ``(pairs,)``."""
    alone, use = features(mentions, pairs), model()
    again = second_look(mentions, pairs, use.first.probability(alone), document_similarity(mentions))
    return use.second.probability(np.concatenate([again, alone], 1))


def coreferent(
    mentions: list[Mention], threshold: float = THRESHOLD, score: Callable[[list[Mention], Pairs], Floats] = likelihood
) -> list[int]:
    """Return a cluster number for each of `mentions`: those with one number tell of one event.

    Every pair is compared, and each in the light of all others: time grows with the cube of the number of mentions,
    so call it on those that may be of one story (a few hundred take seconds). With `likelihood_alone` as `score`
    pairs are judged by themselves, which is worth a little less.
    """
    if len(mentions) < 2:
        return [0] * len(mentions)
    pairs = all_pairs(len(mentions))
    return average_linkage(len(mentions), pairs, score(mentions, pairs), threshold)


def average_linkage(count: int, pairs: Pairs, likely: Floats, threshold: float) -> list[int]:
    """Join the two clusters whose pairs are most likely on average, until that falls below `threshold`.

    Return the lowest member of each one's cluster (Sokal and Michener 1958; ties go to the earliest).
    """
    mean = np.full((count, count), -np.inf)
    mean[pairs] = likely
    mean = np.maximum(mean, mean.T)
    size, label = np.ones(count), np.arange(count)
    while count > 1:
        a, b = sorted(divmod(int(mean.argmax()), count))
        if mean[a, b] < threshold:
            break
        joined = (size[a] * mean[a] + size[b] * mean[b]) / (size[a] + size[b])
        joined[[a, b]] = -np.inf
        mean[a], mean[:, a] = joined, joined
        mean[b], mean[:, b] = -np.inf, -np.inf
        size[a] += size[b]
        label[label == b] = a
    return [int(x) for x in label]
