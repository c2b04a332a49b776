"""False alarms and power of the synchrony test over simulated worlds, in one table.

    python evals/synchrony.py --worlds 200 --planted-worlds 25 --processes 2 [--families now10,feed10] [--json FILE]

Worlds are those of `evals/worlds`. An innocent world is false if any pair is in step at FDR 5 % that the truth does not
name apart, or if any set is called a ring. Power of copying is the share of the planted pairs that are in step, that of
rings the share of the pairs within the planted ring. With `--prototype FILE` the pair test of a file with a function
`test(item, account, time, accounts)` is measured beside it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from allegedly.synchrony.analysis import Synchrony, analyse
from allegedly.synchrony.trials import first_posts
from worlds import FAMILIES, RingSpec, World, world

FIRST_SEED = 20_000
"""Seeds from here on were not looked at while the test was made."""
RINGS = [(size, share) for size in (5, 10, 20) for share in (0.03, 0.10)]
Job = tuple[str, float, tuple[int, float] | None, int, str | None]


def main() -> None:
    options = _options()
    families = options.families.split(",") if options.families else list(FAMILIES)
    cells: list[tuple[str, float, tuple[int, float] | None, int]] = [("innocent", 0.0, None, options.worlds)]
    cells += [(f"copying {share:.0%}", share, None, options.planted_worlds) for share in (0.1, 0.3)]
    cells += [(f"ring {size} {share:.0%}", 0.0, (size, share), options.planted_worlds) for size, share in RINGS]
    wanted = options.cells.split(",") if options.cells else [cell[0] for cell in cells]
    table: dict[str, dict[str, dict[str, float]]] = {}
    with ProcessPoolExecutor(options.processes) as pool:
        for family in families:
            table[family] = {}
            for cell, copying, ring, count in cells:
                if cell in wanted:
                    jobs = [(family, copying, ring, options.seed + seed, options.prototype) for seed in range(count)]
                    table[family][cell] = _mean(pool.map(measure, jobs, chunksize=4))
            _print_family(family, table[family])
            if options.json:
                Path(options.json).write_text(json.dumps(table, indent=1), encoding="utf-8")
    _print_summary(table)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=200, help="innocent worlds a family")
    parser.add_argument("--planted-worlds", type=int, default=200, help="worlds a family with copying or a ring")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--families", default="")
    parser.add_argument("--cells", default="", help="e.g. innocent,copying 10%%")
    parser.add_argument("--seed", type=int, default=FIRST_SEED)
    parser.add_argument("--prototype", default=None)
    parser.add_argument("--json", default=None)
    return parser.parse_args()


def measure(job: Job) -> dict[str, float]:
    """Test one world and compare with its truth."""
    family, copying, ring, seed, prototype = job
    made = world(family, seed, copying=copying, ring=RingSpec(*ring) if ring else None)
    kept = np.ones(len(made.item), bool) if made.declared is None else ~made.declared
    start = time.process_time()
    found = analyse(made.item[kept], made.account[kept], made.time[kept], made.accounts)
    seconds = time.process_time() - start
    figures = {**_pair_figures(made, _pairs(found, found.in_step)), **_ring_figures(made, found), "seconds": seconds}
    flagged = _pairs(found, found.tested.q <= found.alpha)
    named = _unordered(made.readers | made.scheduled) - _unordered(made.pairs)
    figures["named pairs flagged"] = float(len(flagged & named))
    if prototype:
        other = _pair_figures(made, _prototype_pairs(prototype, made, kept))
        figures |= {f"prototype {key}": value for key, value in other.items()}
    return figures


def _pair_figures(made: World, hits: set[tuple[int, int]]) -> dict[str, float]:
    planted = _unordered(made.pairs)
    ring = {(a, b) for members in made.rings for a in members for b in members if a < b}
    false = hits - planted - ring - _unordered(made.readers | made.scheduled)
    return {
        "false world": float(bool(false)),
        "false pairs": float(len(false)),
        "hits": float(len(hits)),
        "power": len(hits & planted) / len(planted) if planted else float("nan"),
        "ring power": len(hits & ring) / len(ring) if ring else float("nan"),
    }


def _ring_figures(made: World, found: Synchrony) -> dict[str, float]:
    told = [set(ring.members) for ring in found.rings if not ring.one_feed]
    planted = [set(ring) for ring in made.rings]
    false = [ring for ring in told if not any(2 * len(ring & true) > len(ring) for true in planted)]
    return {"false ring world": float(bool(false)), "feeds": float(sum(ring.one_feed for ring in found.rings))}


def _pairs(found: Synchrony, chosen: np.ndarray) -> set[tuple[int, int]]:
    first, second = found.trials.first[chosen], found.trials.second[chosen]
    return set(zip(first.tolist(), second.tolist(), strict=True))


def _unordered(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    return {(min(pair), max(pair)) for pair in pairs}


def _prototype_pairs(file: str, made: World, kept: np.ndarray) -> set[tuple[int, int]]:
    posts = first_posts(made.item[kept], made.account[kept], made.time[kept], made.accounts)
    found = _prototype(file)(posts.item, posts.account, posts.time, posts.accounts)
    hit = found["q"] <= 0.05
    return set(zip(found["i"][hit].tolist(), found["j"][hit].tolist(), strict=True))


def _prototype(file: str) -> Callable[..., Any]:
    spec = importlib.util.spec_from_file_location("prototype", file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.test  # type: ignore[no-any-return]


def _mean(figures: Iterable[dict[str, float]]) -> dict[str, float]:
    rows = list(figures)
    mean = {key: float(np.nanmean([row[key] for row in rows])) for key in rows[0] if not _empty(rows, key)}
    return {
        **mean,
        "worlds": len(rows),
        "false of hits": sum(r["false pairs"] for r in rows) / max(1.0, sum(r["hits"] for r in rows)),
    }


def _empty(rows: list[dict[str, float]], key: str) -> bool:
    return all(np.isnan(row[key]) for row in rows)


def _print_family(family: str, cells: dict[str, dict[str, float]]) -> None:
    print(family, "(hard)" if FAMILIES[family].hard else "", flush=True)
    for cell, mean in cells.items():
        shown = {key: round(value, 4) for key, value in mean.items() if value or key.startswith(("false", "power"))}
        print("   ", cell, json.dumps(shown), flush=True)


def _print_summary(table: dict[str, dict[str, dict[str, float]]]) -> None:
    print("\nMeans over families; worst family of the false worlds")
    for cell in next(iter(table.values())):
        rows = {family: cells[cell] for family, cells in table.items()}
        worst = max(rows, key=lambda family: rows[family]["false world"])
        keys = [key for key in next(iter(rows.values())) if any(key in row for row in rows.values())]
        mean = {key: round(float(np.mean([row[key] for row in rows.values() if key in row])), 4) for key in keys}
        print(f"{cell}: {json.dumps(mean)}; worst {worst} {rows[worst]['false world']:.3f}")


if __name__ == "__main__":
    main()
