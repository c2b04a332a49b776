"""Cut WordNet 3.0 down to what `allegedly.link.coreference.lexicon` reads.

    python training/coreference/lexicon.py WORDNET OUT

WORDNET is a folder with the database files of WordNet 3.0 (``data.verb``, ``index.noun``, ``noun.exc`` …), such as
``/usr/share/wordnet`` of Debian's package ``wordnet-base``. Kept are single words: all verbs, and the nouns and
adjectives that a verb's family holds or whose frequent senses may name an event.
"""

from __future__ import annotations

import argparse
import gzip
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from allegedly.link.coreference.lexicon import SENSES

POS = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}
EVENTFUL = {4, 7, 9, 10, 11, 12, 16, 19, 21, 22, 26, 28}
"""Lexicographer's files of nouns: act, attribute, cognition, communication, event, feeling, motive, phenomenon,
possession, process, state, time."""

Sense = tuple[str, str]


class Synset(NamedTuple):
    words: list[str]
    file: int
    pointers: list[tuple[str, Sense, int, int]]


def read(folder: Path) -> tuple[dict[Sense, Synset], dict[str, dict[str, list[Sense]]]]:
    synsets: dict[Sense, Synset] = {}
    index: dict[str, dict[str, list[Sense]]] = defaultdict(dict)
    for pos in ("noun", "verb", "adj"):
        for line in (folder / f"data.{pos}").read_text("utf-8").splitlines():
            if not line.startswith(" "):
                offset, synset = _synset(line.partition("|")[0].split())
                synsets[pos, offset] = synset
        for line in (folder / f"index.{pos}").read_text("utf-8").splitlines():
            if not line.startswith(" "):
                word, _, count, *rest = line.split()
                index[pos][word] = [(pos, offset) for offset in rest[-int(count) :]]
    return synsets, index


def _synset(f: list[str]) -> tuple[str, Synset]:
    count = int(f[3], 16)
    words = [f[4 + 2 * i].partition("(")[0].lower() for i in range(count)]
    at = 5 + 2 * count
    quads = [f[at + 4 * i : at + 4 * i + 4] for i in range(int(f[at - 1]))]
    return f[0], Synset(words, int(f[1]), [(t, (POS[p], o), int(n[:2], 16), int(n[2:], 16)) for t, o, p, n in quads])


class Cut:
    """What is kept, with senses numbered as they are met."""

    def __init__(self, folder: Path) -> None:
        self.synsets, self.index = read(folder)
        self.numbers: dict[Sense, int] = {}

    def senses(self, word: str) -> list[tuple[int, Sense, bool]]:
        """Return rank, sense, and whether it is reached by derivation, for the first senses of `word`."""
        found: dict[Sense, tuple[float, int, bool]] = {}
        for pos in ("noun", "verb", "adj"):
            for rank, sense in enumerate(self.index[pos].get(word, [])[:SENSES]):
                for other, derived in [(sense, False), *((s, True) for _, s in self.derived(word, sense))]:
                    weight = (0.9 if derived else 1.0) / (1 + rank)
                    found[other] = max(found.get(other, (0.0, 0, False)), (weight, rank, derived))
        return [(rank, sense, derived) for sense, (_, rank, derived) in found.items()]

    def derived(self, word: str, sense: Sense) -> Iterable[tuple[str, Sense]]:
        synset = self.synsets[sense]
        place = synset.words.index(word) + 1 if word in synset.words else 0
        for kind, other, here, there in synset.pointers:
            if kind == "+" and here == place:
                yield self.synsets[other].words[there - 1], other

    def family(self, word: str) -> set[str]:
        all_senses = (s for pos in ("noun", "verb", "adj") for s in self.index[pos].get(word, []))
        return {other for sense in all_senses for other, _ in self.derived(word, sense)} - {word}

    def kept(self) -> list[str]:
        verbs = set(self.index["verb"])
        near = {w for verb in verbs for w in self.family(verb)}
        nouns = {w for w, s in self.index["noun"].items() if EVENTFUL & {self.synsets[x].file for x in s[:2]}}
        return sorted(w for w in verbs | near | nouns if w.replace("-", "").isalpha() and w.isascii())

    def line(self, word: str) -> str:
        files = [[self.synsets[s].file for s in self.index[p].get(word, [])] for p in ("verb", "noun")]
        first = [f[0] if f else 0 for f in files]
        both = sorted({x for f in files for x in f[:2]})
        senses = [f"{self.number(s)}:{rank}{'d' * derived}" for rank, s, derived in self.senses(word)]
        family = sorted(w for w in self.family(word) if "_" not in w)
        fields = [word, *first, " ".join(map(str, both)), sum(map(len, files)), " ".join(senses), " ".join(family)]
        return "\t".join(map(str, fields))

    def number(self, sense: Sense) -> int:
        return self.numbers.setdefault(sense, len(self.numbers))

    def links(self) -> list[str]:
        """Return a line for each sense that was met, and for those above them, which are met in turn."""
        lines = []
        waiting = list(self.numbers)
        for depth in range(3):
            seen = set(self.numbers)
            lines += [self.link(sense, depth) for sense in waiting]
            waiting = [s for s in self.numbers if s not in seen]
        return lines

    def link(self, sense: Sense, depth: int) -> str:
        pointers = self.synsets[sense].pointers if depth < 2 else []
        ups = [self.number(o) for kind, o, *_ in pointers if kind in {"@", "$"}]
        follows = [self.number(o) for kind, o, *_ in pointers if kind in {"*", ">"}]
        return f"{self.numbers[sense]}\t{' '.join(map(str, ups))}\t{' '.join(map(str, follows))}"


def irregular(folder: Path, kept: set[str]) -> list[str]:
    """Return irregular forms with their base, the verb's before the noun's."""
    found: dict[str, str] = {}
    for pos in ("verb", "noun"):
        for line in (folder / f"{pos}.exc").read_text("utf-8").splitlines():
            form, word, *_ = line.split()
            if word in kept and form != word:
                found.setdefault(form, word)
    return [f"{form}\t{word}" for form, word in sorted(found.items())]


def write(path: Path, lines: list[str]) -> None:
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wordnet", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    cut = Cut(options.wordnet)
    words = cut.kept()
    write(options.out / "words.tsv.gz", [cut.line(word) for word in words])
    write(options.out / "senses.tsv.gz", cut.links())
    write(options.out / "irregular.tsv.gz", irregular(options.wordnet, set(words)))


if __name__ == "__main__":
    main()
