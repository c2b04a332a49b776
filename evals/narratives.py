"""Score narratives on our own gold (evals/gold/narratives, see its README): groups, twins, denials, firsts, copies.

    python evals/narratives.py [--split dev|test] [--words] [--orders N] [--errors]

All packs of a half become one ledger, each statement a document of its own, so that what is told of one happening can
be taken for what is told of another. Then the documents are read again in other orders and batches, and groups must
be the same. `--words` leaves the vectors out. `--errors` lists what went wrong on the dev half; the test half is never
listed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from math import log
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

GOLD = Path(__file__).parent / "gold" / "narratives"
KINDS = {"outlet": "outlet", "agency": "outlet", "channel": "channel", "official": "unknown", "social": "account"}
RESAMPLED = 2_000


class Said(NamedTuple):
    """A statement of gold."""

    pack: str
    id: str
    narrative: str
    """Pack and narrative; a name of its own where it belongs to none."""
    alone: bool
    fields: Mapping[str, Any]

    @property
    def key(self) -> str:
        return f"{self.pack} {self.id}"


def gold(split: str) -> tuple[list[Said], dict[str, dict[str, Any]]]:
    """Return the statements of a half, and its narratives by pack and id."""
    told, narratives = [], {}
    for path in sorted((GOLD / split).glob("*.json")):
        pack = json.loads(path.read_text("utf-8"))
        narratives |= {f"{pack['id']} {n['id']}": n for n in pack["narratives"]}
        for s in pack["statements"]:
            narrative = f"{pack['id']} {s['narrative'] or '- ' + s['id']}"
            told.append(Said(pack["id"], s["id"], narrative, s["narrative"] is None, s))
    return told, narratives


class Found(NamedTuple):
    """What the ledger says."""

    group: dict[str, str]
    """Narrative of each statement, by its key; of one that is in none, its key."""
    narratives: dict[str, dict[str, Any]]
    echoes: dict[str, dict[str, Any]]
    """By key."""


def documents(told: Sequence[Said]) -> dict[str, Any]:
    from allegedly.records import Origin, make_document

    found = {}
    for s in told:
        stamp = s.fields["published_at"]
        forwarded = s.fields["repost_of"]
        found[s.key] = make_document(
            origin=Origin(path=f"{s.pack}/{s.id}"), source=s.fields["source"], text=s.fields["text"],
            source_kind=KINDS[s.fields["source_kind"]], language=s.fields["language"], native_id=s.key,
            published_at=stamp if "T" not in stamp else datetime.fromisoformat(stamp).isoformat(),
            published_grain="second" if "T" in stamp else "day", kind="post",
            forwarded_from=next(o.fields["source"] for o in told if o.pack == s.pack and o.id == forwarded)
            if forwarded else "",
        )  # fmt: skip
    return found


def linked(batches: Sequence[Sequence[Any]], keys: Mapping[str, str]) -> Found:
    """Read batches of annotations into a ledger, one after another."""
    from allegedly.ledger import Ledger

    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger")
        for batch in batches:
            ledger.add(batch)
            ledger.refresh()
        with closing(ledger.connect()) as con:
            echoes = rows(con, "SELECT * FROM echoes ORDER BY id")
            narratives = {n["id"]: n for n in rows(con, "SELECT * FROM narratives ORDER BY id")}
    size = Counter(e["narrative"] for e in echoes)
    by: dict[str, dict[str, Any]] = {}
    for e in sorted(echoes, key=lambda e: (size[e["narrative"]], e["narrative"])):
        by[keys[e["document"]]] = e
    group = {key: by[key]["narrative"] if key in by else key for key in keys.values()}
    return Found(group, narratives, by)


def rows(con: Any, query: str) -> list[dict[str, Any]]:
    result = con.execute(query)
    names = [d[0] for d in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


# ---------------------------------------------------------------- measures


def bcubed(told: Sequence[Said], group: Mapping[str, str]) -> np.ndarray:
    """Return precision and recall of each statement (Bagga and Baldwin 1998), shape ``(statements, 2)``."""
    classes, groups = defaultdict(set), defaultdict(set)
    for s in told:
        classes[s.narrative].add(s.key)
        groups[group[s.key]].add(s.key)
    values = []
    for s in told:
        one, other = classes[s.narrative], groups[group[s.key]]
        values.append((len(one & other) / len(other), len(one & other) / len(one)))
    return np.array(values)


def f1(values: np.ndarray) -> float:
    precision, recall = values.mean(0)
    return float(2 * precision * recall / (precision + recall))


def interval(told: Sequence[Said], values: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of F1, packs resampled."""
    packs = sorted({s.pack for s in told})
    of = {pack: np.array([s.pack == pack for s in told]) for pack in packs}
    dice = np.random.default_rng(0)
    draws = [np.concatenate([values[of[p]] for p in dice.choice(packs, len(packs))]) for _ in range(RESAMPLED)]
    low, high = np.percentile([f1(d) for d in draws], [2.5, 97.5])
    return float(low), float(high)


def v_measure(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the V-measure of two partitions (Rosenberg and Hirschberg 2007)."""
    n = len(one)
    a, b, both = Counter(one), Counter(other), Counter(zip(one, other, strict=True))
    mutual = sum(c / n * log(c * n / (a[x] * b[y])) for (x, y), c in both.items())
    entropy = sum(-c / n * log(c / n) for counts in (a, b) for c in counts.values())
    return 2 * mutual / entropy if entropy else 0.0


def leakage(told: Sequence[Said], group: Mapping[str, str]) -> tuple[float, float]:
    """Return V of groups against language, and how much of it chance does not explain.

    Only what is in a group is counted. Many small groups agree with anything by chance: what is expected when the
    languages are dealt anew is taken off, as in Vinh et al. (2010).
    """
    size = Counter(group.values())
    inside = [s for s in told if size[group[s.key]] > 1]
    groups, language = [group[s.key] for s in inside], [s.fields["language"] for s in inside]
    if not inside:
        return 0.0, 0.0
    found, dice = v_measure(groups, language), random.Random(0)
    chance = float(np.mean([v_measure(groups, dice.sample(language, len(language))) for _ in range(300)]))
    return found, (found - chance) / (1 - chance)


def twins(told: Sequence[Said], group: Mapping[str, str]) -> Iterator[tuple[str, bool, str]]:
    """Yield the kind of each twin, whether it is in a group with a statement of what it is a twin of, and its key."""
    for s in told:
        if s.fields["twin"]:
            of = f"{s.pack} {s.fields['twin_of']}"
            yield s.fields["twin"], any(group[o.key] == group[s.key] for o in told if o.narrative == of), s.key


def oppositions(told: Sequence[Said], narratives: Mapping[str, Any], found: Found) -> tuple[int, int, int, int, int]:
    """Return of denials: pairs of narratives, how many are linked, how many share a group; links, and right ones."""
    main = {}
    for name in narratives:
        groups = Counter(found.group[s.key] for s in told if s.narrative == name and s.key in found.echoes)
        main[name] = groups.most_common(1)[0][0] if groups else ""
    pairs = [(n, f"{n.split()[0]} {v['denial_of']}") for n, v in narratives.items() if v["denial_of"]]
    linked = sum(main[b] in found.narratives.get(main[a], {"opposed": ()})["opposed"] for a, b in pairs)
    shared = sum(bool(main[a]) and main[a] == main[b] for a, b in pairs)
    own = {main[n] for n in narratives}
    links = {tuple(sorted((i, o))) for i, n in found.narratives.items() for o in n["opposed"] if {i, o} <= own}
    right = {tuple(sorted((main[a], main[b]))) for a, b in pairs}
    return len(pairs), linked, shared, len(links), len(links & right)


def firsts(told: Sequence[Said], narratives: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """Return how many firsts the clocks decide and how many of these are right, the same of those left open.

    The members are those of gold, so that this measures the reckoning with clocks and not the grouping.
    """
    from allegedly.link.narratives.statements import Told
    from allegedly.link.narratives.tell import certainly_first, time_order

    made = documents(told)
    counts = [0, 0, 0, 0]
    for name, narrative in narratives.items():
        members = []
        for s in told:
            if s.narrative == name:
                d = made[s.key]
                members.append(Told(s.id, d.id, None, (), d.text, 0, d.source, d.source_kind, d.language,
                                    d.published_at, d.published_grain, False))  # fmt: skip
        ordered = sorted(members, key=time_order)
        certain = certainly_first(ordered[0], ordered[1:])
        at = 2 if narrative["first"] == "unknown" else 0
        counts[at] += 1
        counts[at + 1] += not certain if at else certain and ordered[0].id == narrative["first"]
    return counts[0], counts[1], counts[2], counts[3]


def copies(told: Sequence[Said], found: Found) -> tuple[int, int, int]:
    """Return how many copies and translations gold has, how many are called so, and how many of these are."""
    gold = {s.key for s in told if s.fields["copy_of"] and not s.fields["repost_of"]}
    original = {f"{s.pack} {s.fields['copy_of']}" for s in told if s.fields["copy_of"]}
    called = {key for key, e in found.echoes.items() if e["kind"] in ("copy", "translation")}
    return len(gold), len(called), len(called & (gold | original))


# ---------------------------------------------------------------- report


def report(split: str, orders: int, errors: bool) -> Iterator[str]:
    from allegedly import vectors
    from allegedly.annotate import annotate

    told, narratives = gold(split)
    made = documents(told)
    keys = {d.id: key for key, d in made.items()}
    annotations = list(annotate(made.values()))
    found = linked([annotations], keys)
    values = bcubed(told, found.group)
    precision, recall = values.mean(0)
    yield f"{datetime.now(UTC):%Y-%m-%d}, {split}, {len(told)} statements, {len(narratives)} narratives, " + (
        "vectors" if vectors.digest() else "words only"
    )
    yield ""
    yield "| what | figure |"
    yield "|---|--:|"
    low, high = interval(told, values)
    yield f"| BCubed F1 (95 %) | {f1(values):.3f} ({low:.3f} to {high:.3f}) |"
    yield f"| BCubed precision, recall | {precision:.3f}, {recall:.3f} |"
    merged = list(twins(told, found.group))
    for kind in sorted({kind for kind, _, _ in merged}):
        bad = [key for k, wrong, key in merged if k == kind and wrong]
        yield f"| {kind} twins merged | {len(bad)} of {sum(k == kind for k, _, _ in merged)} |"
    pairs, right, shared, links, good = oppositions(told, narratives, found)
    yield f"| denials linked as opposed, merged | {right}, {shared} of {pairs} |"
    yield f"| links between narratives that are a denial | {good} of {links} |"
    v, adjusted = leakage(told, found.group)
    v_gold, adjusted_gold = leakage(told, {s.key: s.narrative for s in told})
    yield f"| groups against language, V; beyond chance | {v:.3f}; {adjusted:.3f} |"
    yield f"| the same of gold | {v_gold:.3f}; {adjusted_gold:.3f} |"
    decided, hit, open_, left = firsts(told, narratives)
    yield f"| first, where clocks decide; left open, where not | {hit} of {decided}; {left} of {open_} |"
    gold_copies, called, true = copies(told, found)
    yield f"| copies and translations: in gold, called so, of these right | {gold_copies}, {called}, {true} |"
    if orders:
        same = sum(same_groups(found, linked(batches, keys)) for batches in shuffled(annotations, orders))
        yield f"| same groups in other orders and batches | {same} of {orders} |"
    if errors and split == "dev":
        yield from listed(told, found, merged)


def shuffled(annotations: Sequence[Any], orders: int) -> Iterator[list[list[Any]]]:
    """Yield the annotations in other orders and in one to six batches."""
    for seed in range(orders):
        dice = random.Random(seed)
        mixed = dice.sample(annotations, len(annotations))
        cuts = sorted(dice.sample(range(1, len(mixed)), dice.randint(0, 5)))
        yield [mixed[a:b] for a, b in zip([0, *cuts], [*cuts, len(mixed)], strict=True)]


def same_groups(one: Found, other: Found) -> bool:
    def partition(found: Found) -> set[frozenset[str]]:
        groups = defaultdict(set)
        for key, name in found.group.items():
            groups[name].add(key)
        return {frozenset(members) for members in groups.values()}

    return partition(one) == partition(other)


def listed(told: Sequence[Said], found: Found, merged: Sequence[tuple[str, bool, str]]) -> Iterator[str]:
    wrong = {key for _, bad, key in merged if bad}
    groups = defaultdict(list)
    for s in told:
        groups[found.group[s.key]].append(s)
    for name, members in groups.items():
        if len({s.narrative for s in members}) > 1:
            yield f"\n{name}"
            for s in members:
                mark = f"TWIN {s.fields['twin']}" if s.key in wrong else ""
                yield f"  {s.narrative:34} {mark:12} {s.fields['language']} {s.fields['text'][:110]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    parser.add_argument("--words", action="store_true", help="leave the vectors out")
    parser.add_argument("--orders", type=int, default=0, help="how many other orders to try")
    parser.add_argument("--errors", action="store_true")
    asked = parser.parse_args()
    if asked.words:
        os.environ["ALLEGEDLY_VECTORS"] = "/nonexistent"
    print(*report(asked.split, asked.orders, asked.errors), sep="\n")


if __name__ == "__main__":
    main()
