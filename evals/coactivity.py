"""Co-activity networks: speed, memory, growth, and every edge against two other tools.

    python evals/coactivity.py [--data DIR] [--peer PYTHON] [--peer-near] [--growth]

Each figure is of a process of its own, from start to the edges on disk, on one thread: CPU seconds (user and system,
with its children), wall seconds, and peak memory. Rows beyond the 200,000 shared posts repeat them with shifted times
and ids. `--peer` is a Python with coordination-network-toolkit in it (``python -m venv V && V/bin/pip install
coordination-network-toolkit``); it is timed on one process, from the CSV to its table of edges. `--peer-near` times its
co_similar_tweet, too, which takes minutes.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parents[2] / "shared" / "data" / "coordination"
POSTS = "ira_2016_200k.parquet"
WINDOW = 3600
SIZES = (200_000, 500_000)
GROWTH = (50_000, 200_000, 1_000_000, 10_000_000)
PEER = """
import csv, sqlite3, sys
from coordination_network_toolkit.compute_networks import compute_co_similar_tweet, compute_co_tweet_network
from coordination_network_toolkit.preprocess import preprocess_data
from coordination_network_toolkit.similarity import get_similarity_fn_from_min_size
source, by, window, out = sys.argv[1:]
with open(source, newline="") as file:
    rows = csv.DictReader(file)
    posts = ((r["message_id"], r["account"], "", "", "", r["text"], r["timestamp"], []) for r in rows)
    preprocess_data(out + ".db", posts)
if by == "text":
    table = "co_tweet_network"
    compute_co_tweet_network(out + ".db", int(window), min_edge_weight=2, n_threads=1)
else:
    table = "co_similar_tweet_network"
    compute_co_similar_tweet(out + ".db", int(window), min_edge_weight=2, n_threads=1, similarity_threshold=0.9,
                             similarity_function=get_similarity_fn_from_min_size(1))
edges = sqlite3.connect(out + ".db").execute(f"select user_1, user_2, weight from {table} where user_1 <> user_2")
with open(out, "w", newline="") as file:
    csv.writer(file).writerows([("account_1", "account_2", "weight"), *edges])
"""
LAUNCHER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=sys.stderr)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print([used.ru_utime + used.ru_stime, used.ru_maxrss])
"""
"""A process begins with the peak memory of the one that starts it, so that one must be small."""

Edges = dict[tuple[str, str], int]


class Cost(NamedTuple):
    cpu: float
    wall: float
    megabytes: int
    edges: Edges


def repeated(data: Path, rows: int, folder: Path) -> Path:
    """Write the first `rows` of the shared posts, over and over: each time later, under ids of its own."""
    import duckdb

    path = folder / f"{rows}.csv"
    posts = f"'{data / POSTS}'"
    database = duckdb.connect()
    count, span = database.execute(
        f"SELECT count(*), max(timestamp::BIGINT) - min(timestamp::BIGINT) + 86400 FROM {posts}"
    ).fetchall()[0]
    database.execute(
        f"""COPY (
            SELECT (message_id::BIGINT + turn * 1000000000)::VARCHAR AS message_id, account, text,
                   timestamp::BIGINT + turn * {span} AS timestamp
            FROM range({-(-rows // count)}) r(turn), (SELECT *, row_number() OVER () AS n FROM {posts})
            WHERE turn * {count} + n <= {rows} ORDER BY turn, n
        ) TO '{path}' (HEADER)"""
    )
    return path


def ours(path: Path, by: str, as_: str, window: int, out: Path) -> None:
    """What `allegedly synchrony --network-only` does, in this process."""
    from allegedly.synchrony.coactivity import network, read_posts, read_table

    posts = read_table([path]) if by == "item" else read_posts([path])
    edges = network(posts, by, window, None if as_ == "own" else as_)
    with out.open("w", newline="") as file:
        rows = zip(edges.account_1, edges.account_2, edges.weight.tolist(), strict=True)
        csv.writer(file).writerows([("account_1", "account_2", "weight"), *rows])


def measured(command: Sequence[str], out: Path) -> Cost:
    """Run a command that writes its edges to `out`."""
    start = time.perf_counter()
    told = subprocess.run(
        [sys.executable, "-S", "-c", LAUNCHER, *command, str(out)],
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    ).stdout
    cpu, kilobytes = json.loads(told)
    return Cost(cpu, time.perf_counter() - start, kilobytes // 1024, read(out))


def read(path: Path) -> Edges:
    import duckdb

    options = ", header=true, types={'account_1': 'VARCHAR', 'account_2': 'VARCHAR'}" if path.suffix == ".csv" else ""
    scan = f"read_csv('{path}'{options})" if path.suffix == ".csv" else f"'{path}'"
    rows = duckdb.execute(f"SELECT account_1, account_2, weight FROM {scan}").fetchall()
    return {(str(a), str(b)): int(w) for a, b, w in rows}


def of_ours(path: Path, by: str, as_: str, folder: Path, window: int = WINDOW) -> Cost:
    return measured(
        [sys.executable, __file__, "--one", str(path), by, as_, str(window)], folder / f"{by}-{as_}-{path.stem}.csv"
    )


def of_peer(python: str, path: Path, by: str, folder: Path) -> Cost:
    return measured([python, "-c", PEER, str(path), by, str(WINDOW)], folder / f"peer-{by}-{path.stem}.csv")


# ---------------------------------------------------------------- the tables


def line(what: str, rows: int, cost: Cost, note: str = "") -> None:
    print(
        f"{what:<44} {rows:>10,} {cost.cpu:>8.2f} {cost.wall:>8.2f} {cost.megabytes:>8,} {len(cost.edges):>8,}  {note}",
        flush=True,
    )


def head(title: str) -> None:
    print(f"\n{title}\n{'':<44} {'rows':>10} {'CPU s':>8} {'wall s':>8} {'peak MB':>8} {'edges':>8}")


def speed(data: Path, folder: Path, peer: str, peer_near: bool) -> None:
    head(f"Speed, window {WINDOW} s")
    for rows in SIZES:
        path = repeated(data, rows, folder)
        same = of_ours(path, "text", "cnt", folder)
        line("same text, as the toolkit", rows, same)
        line("same text, our definition", rows, of_ours(path, "text", "own", folder))
        if peer:
            theirs = of_peer(peer, path, "text", folder)
            line("toolkit: co_tweet", rows, theirs, told(theirs.edges, same.edges))
    path = repeated(data, SIZES[0], folder)
    near = of_ours(path, "near-text", "cnt", folder)
    line("near-same text, as the toolkit", SIZES[0], near)
    line("near-same text, our definition", SIZES[0], of_ours(path, "near-text", "own", folder))
    if peer and peer_near:
        theirs = of_peer(peer, path, "near-text", folder)
        line("toolkit: co_similar_tweet", SIZES[0], theirs, told(theirs.edges, near.edges))


def growth(data: Path, folder: Path) -> None:
    head(f"Growth, same text as the toolkit, window {WINDOW} s")
    before: tuple[int, Cost] | None = None
    for rows in GROWTH:
        path = repeated(data, rows, folder)
        cost = of_ours(path, "text", "cnt", folder)
        slope = math.log(cost.cpu / before[1].cpu) / math.log(rows / before[0]) if before else 0.0
        line("same text", rows, cost, f"exponent {slope:.2f}" if before else "")
        before = (rows, cost)
        path.unlink()


def oracles(data: Path, folder: Path) -> None:
    print("\nEdges against what the tools themselves found")
    found = of_ours(data / POSTS, "text", "cnt", folder).edges
    print(f"coordination-network-toolkit, {WINDOW} s: {told(read(data / 'cnt_co_tweet_200k_3600s_edges.csv'), found)}")
    for window in (10, 60, 3600):
        found = of_ours(data / "russian_coord_tweets.parquet", "item", "coortweet", folder, window).edges
        print(f"CooRTweet, {window} s: {told(read(data / f'coortweet_{window}s_edges.parquet'), found)}")


def told(theirs: Edges, ours: Edges) -> str:
    alike = sum(ours.get(pair) == weight for pair, weight in theirs.items())
    return f"{alike:,} of their {len(theirs):,} edges the same, {len(ours.keys() - theirs.keys()):,} more"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--peer", default="", metavar="PYTHON")
    parser.add_argument("--peer-near", action="store_true")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--one", nargs=5, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        path, by, as_, window, out = options.one
        return ours(Path(path), by, as_, int(window), Path(out))
    print(f"Co-activity networks, {datetime.now(UTC).date().isoformat()}, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        oracles(options.data, Path(folder))
        speed(options.data, Path(folder), options.peer, options.peer_near)
        if options.growth:
            growth(options.data, Path(folder))


if __name__ == "__main__":
    main()
