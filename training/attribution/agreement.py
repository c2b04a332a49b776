"""How far two readers agree who marked the same texts independently.

    python training/attribution/agreement.py [--plain ID…] [FIRST SECOND]

FIRST and SECOND are folders of marked texts (``corpus/`` and ``second/`` unless given); texts with the same id are
compared. Prints who says what, edges and tokens as F1 of the one against the other, and the share of matched claims
with the same act, polarity and accused. ``--plain`` prints texts without their markup, for a second reader.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "evals"))

from markup import Marked, Text, read_all  # noqa: E402
from who_says_what import Attribution, Page, aligned, count, figure, shared  # noqa: E402


def attributed(text: Text) -> list[Marked]:
    return [claim for claim in text.claims if not claim.own]


def compared(one: Text, other: Text, total: Counter[tuple[str, ...]], fields: Counter[str]) -> None:
    """Add what `one` and `other`, the same text twice, have in common."""
    page = Page(one.text)
    first, second = ([Attribution(c.source, c.cue, c.content) for c in attributed(text)] for text in (one, other))
    a, b = page.items(first), page.items(second)
    total.update(count(a, b))
    for i, j in aligned(a, b).items():
        if shared(a[i].content, b[j].content) < 0.5:
            continue
        x, y = attributed(one)[a[i].index], attributed(other)[b[j].index]
        fields["claims"] += 1
        fields["act"] += bool(set(x.acts) & set(y.acts))
        fields["polarity"] += x.negated == y.negated
        accused = [page.words(claim.accused) for claim in (x, y)]
        fields["either accuses"] += bool(accused[0] or accused[1])
        fields["accused"] += bool(accused[0] & accused[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[HERE / "corpus", HERE / "second"])
    parser.add_argument("--plain", nargs="+", metavar="ID")
    options = parser.parse_args()
    first = {text.id: text for text in read_all(options.folders[0])}
    if options.plain:
        for text in (first[i] for i in options.plain):
            print(f"=== {text.id} | {text.genre} | {text.region} | {text.topic}\n\n{text.text}\n")
        return
    second = {text.id: text for text in read_all(options.folders[1])}
    total: Counter[tuple[str, ...]] = Counter()
    fields: Counter[str] = Counter()
    both = sorted(i for i in first.keys() & second.keys() if first[i].text == second[i].text)
    if edited := len(first.keys() & second.keys()) - len(both):
        print(f"{edited} texts were edited since the second reading and are left out")
    for i in both:
        compared(first[i], second[i], total, fields)
    words = sum(len(first[i].text.split()) for i in both)
    print(
        f"{len(both)} texts, {words} words; "
        f"claims {total['wsw', 'all', 'p', 'of']} and {total['wsw', 'all', 'r', 'of']}"
    )
    for kind in ("all", "direct", "mixed", "indirect"):
        print(f"who says what, {kind}: F1 {100 * figure(total, 'wsw', kind)[2]:.1f}")
    print(f"content equal in words: F1 {100 * figure(total, 'edges', 'all')[2]:.1f}")
    for role in ("source", "cue", "content"):
        print(f"tokens, {role}: F1 {100 * figure(total, 'token', role)[2]:.1f}")
    for name in ("act", "polarity"):
        print(f"{name}: {100 * fields[name] / max(1, fields['claims']):.1f} % of {fields['claims']}")
    print(f"accused: {100 * fields['accused'] / max(1, fields['either accuses']):.1f} % of {fields['either accuses']}")


if __name__ == "__main__":
    main()
