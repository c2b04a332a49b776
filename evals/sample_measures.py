"""What `sample_case.py` measures: a ledger of the sample case against the truth file that its writers left.

Every measure is a function ``(case) -> list[Measure]``. A receipt matches a quote when it covers at least half of the
quote's words; a speaker matches when one of its names is one of the true actor's.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from allegedly.link.words import words
from allegedly.records import slug

Row = dict[str, Any]

TABLES = ("documents", "origins", "claims", "document_events", "document_actors", "actors", "actor_links", "events",
          "event_links", "accounts", "conflicts", "echoes")  # fmt: skip
_LEADING = re.compile(r"^(?:the|a|an)-")
NEAR_DAYS = 1


class Measure(NamedTuple):
    """`found` of `of` are right; `of` is None for a plain count. `missed` names those that are not."""

    part: str
    what: str
    found: int
    of: int | None = None
    missed: tuple[str, ...] = ()


@dataclass
class Case:
    """The truth, the ledger's rows by table, and what ties the names of both together."""

    truth: Row
    tables: dict[str, list[Row]]
    path: dict[str, str]
    """Ledger id of a document -> its id in the truth file."""
    text: dict[str, str]
    """Truth id of a document -> its text."""
    actor: dict[str, str]
    """Slug of a name -> the actor of the truth file."""
    above: dict[str, str | None]
    """Actor of the truth file -> whom it is part of."""
    names: dict[tuple[str, str], set[str]]
    """``(document, its own actor id)`` -> slugs of the names of the linked actor."""

    def who(self, slugs: Iterable[str]) -> set[str]:
        """Return the actors of the truth file that bear one of these names."""
        return {self.actor[s] for s in map(plain, slugs) if s in self.actor}

    def actors_of(self, document: str, local: Iterable[str]) -> set[str]:
        """Return the actors of the truth file that a document's own actor ids stand for."""
        return self.who(name for i in local for name in self.names.get((document, i), {i}))


def plain(name: str) -> str:
    return _LEADING.sub("", slug(name))


def load(con: duckdb.DuckDBPyConnection, truth_file: Path, folder: Path) -> Case:
    """Read the truth and the tables. Documents are told apart by path, source and clock."""
    truth = json.loads(truth_file.read_text("utf-8"))
    tables = {name: _rows(con, name) for name in TABLES}
    path = _paths(truth, tables, folder)
    actors = truth["actors"]
    return Case(
        truth=truth,
        tables=tables,
        path=path,
        text={path[d["id"]]: d["text"] for d in tables["documents"] if d["id"] in path},
        actor={plain(n): a["id"] for a in actors for n in (*a["aliases"], a["name"], a["id"])},
        above={a["id"]: a["part_of"] for a in actors},
        names=_names(tables),
    )


def _rows(con: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
    found = con.execute(f"SELECT * FROM {table} ORDER BY ALL")
    columns = [c[0] for c in found.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _paths(truth: Row, tables: Mapping[str, list[Row]], folder: Path) -> dict[str, str]:
    known = {(d["id"].split("#")[0], d["source"], d["published_at"]): d["id"] for d in truth["documents"]}
    documents = {d["id"]: d for d in tables["documents"]}
    found: dict[str, str] = {}
    for origin in tables["origins"]:
        document = documents[origin["document"]]
        base = origin["path"].removeprefix(f"{folder}/")
        if name := known.get((base, document["source"], document["published_at"])):
            found[document["id"]] = min(name, found.get(document["id"], name))
    return found


def _names(tables: Mapping[str, list[Row]]) -> dict[tuple[str, str], set[str]]:
    linked = {link["document_actor"]: link["actor"] for link in tables["actor_links"]}
    called = {a["id"]: {a["id"], a["name"], *a["names"]} for a in tables["actors"]}
    return {
        (a["document"], a["actor"]): {a["name"]} | called.get(linked.get(a["id"], ""), set())
        for a in tables["document_actors"]
    }


# ---------------------------------------------------------------- documents


def documents(case: Case) -> list[Measure]:
    """Documents, formats and languages found."""
    truth = {d["id"]: d for d in case.truth["documents"]}
    twins = {i for pair in case.truth["duplicates"] if pair["same"] == "page" for i in pair["documents"][1:]}
    wanted = truth.keys() - twins
    found = {case.path[d["id"]]: d for d in case.tables["documents"] if d["id"] in case.path}
    tongues = [i for i in wanted & found.keys() if found[i]["language"] == truth[i]["language"]]
    formats = {truth[i]["format"] for i in found}
    return [
        Measure("documents", "found", len(found.keys() & wanted), len(wanted), tuple(sorted(wanted - found.keys()))),
        Measure("documents", "formats", len(formats), len(case.truth["counts"]["formats"])),
        Measure("documents", "language right", len(tongues), len(wanted), tuple(sorted(wanted - {*tongues}))),
    ]


# ---------------------------------------------------------------- claims


def claims(case: Case) -> list[Measure]:
    """Claims found by their receipts, and of those found: speaker, act, polarity and accused right."""
    by_document = defaultdict(list)
    for row in case.tables["claims"]:
        by_document[case.path.get(row["document"], "")].append(row)
    pairs = [(c, _best(case, c, by_document[c["document"]])) for c in case.truth["claims"]]
    found = [(c, row) for c, row in pairs if row]
    missed = tuple(f"{c['id']} {c['quote'][:60]}" for c, row in pairs if not row)
    accusing = [(c, row) for c, row in found if c["accused"]]
    innocent = [(c, row) for c, row in found if not c["accused"]]
    return [
        Measure("claims", "found", len(found), len(pairs), missed),
        _share("speaker right", [(c["id"], _speaks(case, c["speaker"], row)) for c, row in found]),
        _share("act right", [(f"{c['id']} {c['act']}, not {row['act']}", c["act"] == row["act"]) for c, row in found]),
        _share("polarity right", [(c["id"], c["polarity"] == row["polarity"]) for c, row in found]),
        _share("accused right", [(c["id"], _accuses(case, c, row)) for c, row in accusing]),
        _share("nobody accused, rightly", [(c["id"], not row["accused"]) for c, row in innocent]),
    ]


def _share(what: str, results: list[tuple[str, bool]], part: str = "claims") -> Measure:
    return Measure(part, what, sum(ok for _, ok in results), len(results), tuple(i for i, ok in results if not ok))


def _best(case: Case, claim: Row, rows: list[Row]) -> Row | None:
    """Return the claim whose content covers half of the quote's words or more, and least beside it."""
    quote = locate(case.text.get(claim["document"], ""), claim["quote"])
    scored = [(overlap(quote, row["content_spans"]), row) for row in rows]
    fitting = [(both, row) for both, row in scored if quote and 2 * both >= quote[1] - quote[0]]
    return max(fitting, key=lambda f: (f[0] / _size(f[1]), f[1]["id"]), default=(0, None))[1]


def _size(row: Row) -> int:
    return sum(end - start for start, end in row["content_spans"]) + 1


def locate(text: str, quote: str) -> tuple[int, int] | None:
    """Return where `quote` stands in `text`, whatever the blanks and the shape of quotation marks."""
    pattern = r"\s+".join(re.sub(r"[\"“”'’«»]", ".", re.escape(w)) for w in quote.split())
    found = re.search(pattern.replace(r"\.", "."), text)
    return found.span() if found else None


def overlap(span: tuple[int, int] | None, spans: Iterable[tuple[int, int]]) -> int:
    """Return how many characters of `span` the other spans cover."""
    return sum(max(0, min(span[1], end) - max(span[0], start)) for start, end in spans) if span else 0


def _speaks(case: Case, actor: str, row: Row) -> bool:
    own = row["mode"] == "own-voice"
    source = next(d["source"] for d in case.tables["documents"] if d["id"] == row["document"])
    if actor == "author":
        return own
    if actor == "unnamed":
        return not own and not case.who([row["speaker_name"]])
    return actor in (case.who([source]) if own else case.actors_of(row["document"], [row["speaker_actor"] or ""])) or (
        own and _writes(case, actor, source)
    )


def _writes(case: Case, actor: str, source: str) -> bool:
    """A person who writes for an outlet, whose byline no format carries, speaks in the outlet's own voice."""
    above = case.above.get(actor)
    return above is not None and above in case.who([source])


def _accuses(case: Case, claim: Row, row: Row) -> bool:
    return bool(case.actors_of(row["document"], row["accused"]) & {*claim["accused"]})


# ---------------------------------------------------------------- events


def labels(case: Case) -> dict[str, str]:
    """Return which event of the truth file each document event tells: kind, day and words agree."""
    found = {}
    for row in case.tables["document_events"]:
        document = case.path.get(row["document"], "")
        fits = [
            (len(words(e["headline"]) & _sentence_words(case, row)), e["id"])
            for e in case.truth["events"]
            if _kind_fits(e, row) and document in e["documents"] and _day_fits(e, row["when_start"])
        ]
        if fits:
            found[row["id"]] = max(fits)[1]
    return found


def _sentence_words(case: Case, row: Row) -> frozenset[str]:
    start, end = row["sentence"]
    return words(case.text[case.path[row["document"]]][start:end])


def _kind_fits(event: Row, row: Row) -> bool:
    other = event.get("also", "").partition(":")[0]
    return row["type"] in (event["type"], other)


def _day_fits(event: Row, start: str | None) -> bool:
    if not event["start"] or not start:
        return not event["start"]
    try:
        day = date.fromisoformat(start[:10]).toordinal()
    except ValueError:
        return False
    first, last = (date.fromisoformat(event[edge]).toordinal() for edge in ("start", "end"))
    return first - NEAR_DAYS <= day <= last + NEAR_DAYS


def events(case: Case) -> list[Measure]:
    """Events found, told by one linked event each, and whether linked events hold one event only (BCubed)."""
    label = labels(case)
    linked = {link["document_event"]: link["event"] for link in case.tables["event_links"]}
    told: dict[str, list[str]] = defaultdict(list)
    for row, event in label.items():
        told[event].append(linked[row])
    wanted = [e["id"] for e in case.truth["events"]]
    groups = defaultdict(set)
    for row, event in label.items():
        groups[linked[row]].add(event)
    precision, recall = _bcubed({row: linked[row] for row in label}, label)
    return [
        Measure("events", "found", len(told), len(wanted), tuple(e for e in wanted if e not in told)),
        Measure("events", "linked events that tell them", len(groups), len(told), _in_pieces(told)),
        Measure("events", "linked events with two of them", sum(len(g) > 1 for g in groups.values()), None,
                tuple("+".join(sorted(g)) for g in groups.values() if len(g) > 1)),
        Measure("events", "members together, BCubed recall %", round(100 * recall), 100),
        Measure("events", "members apart, BCubed precision %", round(100 * precision), 100),
        Measure("events", "linked events in all", len(case.tables["events"])),
    ]  # fmt: skip


def _in_pieces(told: Mapping[str, list[str]]) -> tuple[str, ...]:
    return tuple(
        f"{event}: {len(set(pieces))} of {len(pieces)}" for event, pieces in told.items() if len(set(pieces)) > 1
    )


def _bcubed(found: Mapping[str, str], true: Mapping[str, str]) -> tuple[float, float]:
    """Return BCubed precision and recall of a clustering (Bagga and Baldwin 1998)."""
    both, ours, theirs = (Counter(pairs) for pairs in (
        ((found[i], true[i]) for i in true), (found[i] for i in true), (true[i] for i in true)
    ))  # fmt: skip
    shared = [(both[found[i], true[i]], ours[found[i]], theirs[true[i]]) for i in true]
    count = len(shared) or 1
    return sum(b / o for b, o, _ in shared) / count, sum(b / t for b, _, t in shared) / count


# ---------------------------------------------------------------- accounts


def accounts_at(case: Case, document: str, quote: str, facet: str) -> list[Row]:
    """Return the accounts of `facet` whose receipt meets a quote."""
    span = locate(case.text.get(document, ""), quote)
    return [
        a
        for a in case.tables["accounts"]
        if a["facet"] == facet and case.path.get(a["document"]) == document and overlap(span, [a["span"]])
    ]


def tolls(case: Case) -> list[Measure]:
    """The counts of one event that differ: each found, all on one event, each pair in conflict, updates left alone."""
    toll = case.truth["tolls"]
    found = [[a for r in told["receipts"] for a in _tolls_at(case, r, told)] for told in toll["accounts"]]
    pairs = list(combinations(found, 2))
    numbers = [c for c in case.tables["conflicts"] if c["kind"] == "number"]
    held = [any(_joins(c, a, b) for c in numbers) for a, b in pairs]
    together = max(Counter(e for side in found for e in {a["event"] for a in side}).values(), default=0)
    updates = [a for told in toll["updates"] for a in _tolls_at(case, told, told)]
    chain = toll["updates"][0]["speaker"]
    own = [a for t, side in zip(toll["accounts"], found, strict=True) if t["speaker"] == chain for a in side]
    return [
        Measure("tolls", "accounts found", sum(map(bool, found)), len(found),
                tuple(t["speaker"] for t, side in zip(toll["accounts"], found, strict=True) if not side)),
        Measure("tolls", "accounts on one event", together, len(found)),
        Measure("tolls", "pairs in conflict", sum(held), len(pairs)),
        Measure("tolls", "updates taken for conflicts", sum(_joins(c, updates, own) for c in numbers)),
    ]  # fmt: skip


def _tolls_at(case: Case, receipt: Row, told: Row) -> list[Row]:
    rows = accounts_at(case, receipt["document"], receipt["quote"], "casualties")
    return [a for a in rows if (a["min"], a["max"]) == (told["min"], told["max"])]


def _joins(conflict: Row, a: Iterable[Row], b: Iterable[Row]) -> bool:
    first, second = {r["id"] for r in a}, {r["id"] for r in b}
    ends = conflict["account_1"], conflict["account_2"]
    return (ends[0] in first and ends[1] in second) or (ends[0] in second and ends[1] in first)


def conflicts(case: Case) -> list[Measure]:
    """Conflicts of the truth file that the ledger holds between two of their sides, and how many it holds in all."""
    wanted = case.truth["conflicts"]
    held = [(c, [k for k in case.tables["conflicts"] if _same_conflict(case, c, k)]) for c in wanted]
    known = {k["id"] for _, rows in held for k in rows}
    names = tuple(f"{c['event']} {c['facet']} {c['kind']}" for c, rows in held if not rows)
    return [
        Measure("conflicts", "found", sum(bool(rows) for _, rows in held), len(wanted), names),
        Measure("conflicts", "in the ledger that are among these", len(known), len(case.tables["conflicts"])),
    ]


def _same_conflict(case: Case, truth: Row, conflict: Row) -> bool:
    if (truth["facet"], truth["kind"]) != (conflict["facet"], conflict["kind"]):
        return False
    account = {a["id"]: a for a in case.tables["accounts"]}
    ends = [account[conflict["account_1"]], account[conflict["account_2"]]]
    sides = [[i for i, side in enumerate(truth["sides"]) if _on_side(case, side, end)] for end in ends]
    return any(a != b for a in sides[0] for b in sides[1])


def _on_side(case: Case, side: Row, account: Row) -> bool:
    """The receipt is the side's, or the speaker is or speaks for it (wherever it said so)."""
    document = side["document"]
    if case.path.get(account["document"]) == document:
        return bool(overlap(locate(case.text[document], side["quote"]), [account["span"]]))
    speakers = case.who([account["speaker_name"], account["speaker"].removeprefix("author:")])
    while speakers and side["speaker"] not in speakers:
        speakers = {whole for s in speakers if (whole := case.above.get(s))}
    return bool(speakers)


# ---------------------------------------------------------------- narratives


def narratives(case: Case) -> list[Measure]:
    """Each narrative against the one of the ledger that shares most of its documents; and who was first."""
    clusters = _clusters(case)
    rows = [(t, *_closest({*t["documents"]}, clusters)) for t in case.truth["narratives"]]
    shared = sum(len(docs & {*t["documents"]}) for t, _, docs in rows)
    first = [(t["id"], _first(case, narrative) == t["first"]) for t, narrative, _ in rows]
    half = [(t["id"], 2 * len(docs & {*t["documents"]}) >= len(t["documents"])) for t, _, docs in rows]
    rivals = _rivals(case, clusters)
    return [
        _share("found (half of the documents or more)", half, "narratives"),
        Measure("narratives", "documents, recall", shared, sum(len(t["documents"]) for t, _, _ in rows),
                tuple(f"{t['id']}: {i}" for t, _, docs in rows for i in t["documents"] if i not in docs)),
        Measure("narratives", "documents, precision", shared, sum(len(docs) for _, _, docs in rows),
                tuple(f"{t['id']}: {i}" for t, _, docs in rows for i in sorted(docs - {*t["documents"]}))),
        _share("who was first", first, "narratives"),
        Measure("narratives", "that mix rivals", len(rivals), None, rivals),
        Measure("narratives", "in all", len(clusters)),
    ]  # fmt: skip


def _clusters(case: Case) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for echo in case.tables["echoes"]:
        found[echo["narrative"]].add(case.path[echo["document"]])
    return found


def _closest(wanted: set[str], clusters: Mapping[str, set[str]]) -> tuple[str, set[str]]:
    def closeness(item: tuple[str, set[str]]) -> tuple[float, str]:
        return 2 * len(item[1] & wanted) / (len(item[1]) + len(wanted)), item[0]

    best = max(clusters.items(), key=closeness, default=("", set()))
    return best if best[1] & wanted else ("", set())


def _first(case: Case, narrative: str) -> str:
    firsts = [e["document"] for e in case.tables["echoes"] if e["narrative"] == narrative and e["kind"] == "first"]
    return case.path[firsts[0]] if firsts else ""


def _rivals(case: Case, clusters: Mapping[str, set[str]]) -> tuple[str, ...]:
    by_id = {t["id"]: {*t["documents"]} for t in case.truth["narratives"]}
    pairs = [(by_id[t["id"]], by_id[t["rival"]]) for t in case.truth["narratives"] if "rival" in t]
    return tuple(
        n for n, docs in clusters.items() if any(docs & (a - b) and docs & (b - a) for a, b in pairs)
    )  # fmt: skip


def early(case: Case) -> Iterator[Measure]:
    """The claim that was published before its event: found, tied to that event, dated before it."""
    truth = case.truth["early_claim"]
    rows = [r for r in case.tables["claims"] if case.path.get(r["document"]) == truth["document"]]
    claim = _best(case, truth, rows)
    linked = {link["document_event"]: link["event"] for link in case.tables["event_links"]}
    label = labels(case)
    about = {linked[i] for i in claim["about"]} if claim else set()
    theirs = {linked[i] for i, event in label.items() if event == truth["event"]}
    begins = [e["start"] for e in case.tables["events"] if e["id"] in about & theirs]
    yield Measure("early claim", "found", int(claim is not None), 1)
    yield Measure("early claim", "tied to its event", int(bool(about & theirs)), 1)
    yield Measure("early claim", "seen to be early", int(any(truth["published_at"][:10] < b[:10] for b in begins)), 1)


# ---------------------------------------------------------------- actors


def actors(case: Case) -> list[Measure]:
    """Names of one actor joined, and linked actors that mix several."""
    by_name: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    mixed: dict[str, set[str]] = defaultdict(set)
    linked = {link["document_actor"]: link["actor"] for link in case.tables["actor_links"]}
    for row in (r for r in case.tables["document_actors"] if "~" not in r["actor"]):
        for actor in case.who([row["name"]]):
            by_name[actor][plain(row["name"])].add(linked.get(row["id"], row["id"]))
            mixed[linked.get(row["id"], row["id"])].add(actor)
    pairs = [
        (f"{a}: {x} / {y}", bool(found[x] & found[y]))
        for a, found in by_name.items()
        for x, y in combinations(sorted(found), 2)
    ]
    several = tuple("+".join(sorted(group)) for group in mixed.values() if len(group) > 1)
    return [
        Measure("actors", "found under any name", len(by_name), len(case.truth["actors"])),
        _share("pairs of found names joined", pairs, "actors"),
        Measure("actors", "linked actors that mix two", len(several), None, several),
    ]


def measure(case: Case) -> list[Measure]:
    """Return every measure, in the order of the data."""
    return [
        *documents(case),
        *actors(case),
        *claims(case),
        *events(case),
        *tolls(case),
        *conflicts(case),
        *narratives(case),
        *early(case),
    ]
