"""Score which mentions of events are said to be one event, across documents, on ECB+ with gold mentions.

    python evals/coreference.py ECBPLUS [--split dev]

ECBPLUS is a folder with ``<split>/Event_gold_mentions.json`` (Cybulska and Vossen 2014, as AlonEirew's
cross-doc-event-coref has it). Mentions are compared within a gold subtopic (one seminal event) or a gold topic (two
like ones). Singletons count, documents of a topic are one for MUC, B-cubed and CEAF-e, and the interval is a 95 %
bootstrap over topics. The text is that of the file, its tokens put together again, and is parsed as any other.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allegedly.annotate.parse import parse
from allegedly.link.coreference.mentions import Mention, mentions_of
from allegedly.link.coreference.pairs import Pairs
from allegedly.link.coreference.resolve import coreferent, likelihood, likelihood_alone
from allegedly.records import Origin, Span, make_document
from coreference_measures import MEASURES, Floats, counted, interval, scores

_SIGNS = {"``": "“", "''": "”", "-LRB-": "(", "-RRB-": ")"}
_NO_BLANK_BEFORE = frozenset(". , ; : ? ! % ) ] ” ’ 's n't 're 've 'll 'm 'd".split())
_NO_BLANK_AFTER = frozenset("“ ( [ $".split())


class Told(NamedTuple):
    """A gold mention, as read and as compared."""

    topic: str
    subtopic: str
    chain: str
    lemma: str
    mention: Mention


def text_of(tokens: Iterable[str]) -> tuple[str, list[Span]]:
    """Put tokens together to a text; return it with the span of each token."""
    text, spans, before = "", [], ""
    for token in (_SIGNS.get(t, t) for t in tokens):
        if text and token not in _NO_BLANK_BEFORE and before not in _NO_BLANK_AFTER:
            text += " "
        spans.append((len(text), len(text) + len(token)))
        text += token
        before = token
    return text, spans


def read(path: Path) -> Iterator[list[Told]]:
    """Yield the gold mentions of each topic of a file."""
    documents: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in json.loads(path.read_text("utf-8")):
        documents[row["doc_id"]].append(row)
    topics: dict[str, list[Told]] = defaultdict(list)
    for name, rows in documents.items():
        topics[name.partition("_")[0]] += _told(name, rows)
    for topic in sorted(topics, key=int):
        yield topics[topic]


def _told(name: str, rows: list[dict[str, Any]]) -> list[Told]:
    text, spans = text_of(max((row["mention_context"] for row in rows), key=len))
    (parsed,) = parse([make_document(origin=Origin(path=name), source="ecb", text=text, language="en")])
    places = [(spans[r["tokens_number"][0]][0], spans[r["tokens_number"][-1]][1]) for r in rows]
    topic = name.partition("_")[0]
    return [
        Told(topic, row["topic_id"], row["coref_chain"], row["mention_head_lemma"].lower(), mention)
        for row, mention in zip(rows, mentions_of(parsed, places), strict=True)
    ]


Labels = list[Hashable]
Score = Callable[[list[Mention], Pairs], NDArray[np.float32]]
Setting = Callable[[Told], str]


def head_lemma(told: list[Told], setting: Setting) -> Labels:
    return [(setting(t), t.lemma) for t in told]


def ours(told: list[Told], setting: Setting, score: Score = likelihood) -> Labels:
    """Cluster the mentions of each unit of the setting by itself: nothing is known of the others."""
    found: Labels = [None] * len(told)
    for unit in dict.fromkeys(map(setting, told)):
        here = [i for i, t in enumerate(told) if setting(t) == unit]
        for i, label in zip(here, coreferent([told[i].mention for i in here], score=score), strict=True):
            found[i] = (unit, label)
    return found


def alone(told: list[Told], setting: Setting) -> Labels:
    return ours(told, setting, likelihood_alone)


SYSTEMS = {"head lemma": head_lemma, "each pair by itself": alone, "both looks": ours}
SETTINGS: dict[str, Setting] = {"subtopic": lambda t: t.subtopic, "topic": lambda t: t.topic}


def row(name: str, setting: str, topics: list[Floats]) -> str:
    found = scores(sum(topics[1:], topics[0]))
    low, high = interval(topics)
    cells = [f"{p:.3f} / {r:.3f} / {f:.3f}" for p, r, f in (found.measures[m] for m in MEASURES)]
    return f"| {name} | {setting} | {' | '.join(cells)} | **{found.conll:.3f}** ({low:.3f} to {high:.3f}) |"


def table(topics: list[list[Told]]) -> Iterator[str]:
    yield f"| system | within | {' | '.join(f'{m} P / R / F1' for m in MEASURES)} | CoNLL F1 |"
    yield "|---|---|---|---|---|---|"
    for within, setting in SETTINGS.items():
        for name, system in SYSTEMS.items():
            yield row(name, within, [counted([t.chain for t in told], system(told, setting)) for told in topics])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ecbplus", type=Path)
    parser.add_argument("--split", default="dev")
    options = parser.parse_args()
    topics = list(read(options.ecbplus / options.split / "Event_gold_mentions.json"))
    count = sum(map(len, topics))
    print(f"\nECB+ {options.split}, gold mentions, {date.today()}: {len(topics)} topics, {count} mentions\n")
    print(*table(topics), sep="\n")


if __name__ == "__main__":
    main()
