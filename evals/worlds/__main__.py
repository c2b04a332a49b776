"""Write one world as a table, and its truth beside it.

    python evals/worlds FAMILY SEED [--copying 0.1] [--ring 10 --share 0.03 --turnout 0.6] -o OUT.csv
    python evals/worlds --list

OUT.csv has the columns `item,account,time` (seconds since 1970 UTC), and `declared` (0 or 1) where the family has
declared reposts. OUT.json has the truth, by the names of the fields of `worlds.World`.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from worlds import FAMILIES, RingSpec, World, world


def truth(made: World) -> dict[str, Any]:
    """Return the truth as lists, sorted where order means nothing."""
    sets = {name: [list(one) for one in getattr(made, name)] for name in ("pairs", "scheduled", "readers")}
    groups = {name: [sorted(one) for one in getattr(made, name)] for name in ("rings", "feeds", "owners")}
    return {"accounts": made.accounts, **{name: sorted(pairs) for name, pairs in sets.items()}, **groups}


def rows(made: World) -> Iterator[tuple[Any, ...]]:
    """Yield the header and the rows."""
    columns = [made.item.tolist(), made.account.tolist(), [f"{time:.3f}" for time in made.time]]
    if made.declared is not None:
        columns.append(made.declared.astype(int).tolist())
    yield ("item", "account", "time", "declared")[: len(columns)]
    yield from zip(*columns, strict=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("family", nargs="?", choices=FAMILIES, metavar="FAMILY")
    parser.add_argument("seed", nargs="?", type=int, metavar="SEED")
    parser.add_argument("--list", action="store_true", help="list the families and leave")
    parser.add_argument("--copying", type=float, default=0.0, help="share of the leader's items that a follower copies")
    parser.add_argument("--ring", type=int, default=0, help="accounts of a planted ring")
    parser.add_argument("--share", type=float, default=0.03, help="share of the items at which the ring acts")
    parser.add_argument("--turnout", type=float, default=0.6, help="share of the ring at each of them")
    parser.add_argument("-o", "--out", type=Path, help="the table; the truth goes beside it")
    options = parser.parse_args()
    if options.list:
        print("\n".join(f"{name:13} {family.about}{' [hard]' * family.hard}" for name, family in FAMILIES.items()))
    elif options.out and options.seed is not None:
        write(options)
    else:
        parser.error("FAMILY, SEED and -o OUT.csv are needed")


def write(options: argparse.Namespace) -> None:
    ring = RingSpec(options.ring, options.share, options.turnout) if options.ring else None
    made = world(options.family, options.seed, options.copying, ring)
    with options.out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows(made))
    made_by = {"family": options.family, "seed": options.seed, "copying": options.copying}
    asked = {**made_by, "ring": vars(ring) if ring else None}
    options.out.with_suffix(".json").write_text(json.dumps({**asked, **truth(made)}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
