"""Casualties that one sentence tells of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from allegedly.annotate.events.counts import Count, count_of, number
from allegedly.annotate.events.harm import Kind, harm
from allegedly.annotate.events.harm_phrases import find_phrases, has_sign, subjects
from allegedly.annotate.tree import Tree
from allegedly.records import Casualties

_PARTITIVE = frozenset(
    {"number", "total", "toll", "dozen", "dozens", "score", "scores", "hundreds", "thousands", "couple"}
)
_DOERS = frozenset({"escaped", "participants", "on strike"})
"""Kinds of which those counted are the doers."""


def tells_harm(tree: Tree, first: int, stop: int) -> bool:
    """True where some word of the tokens `first` to `stop` can tell of casualties or damage."""
    words = harm()
    return any(
        lemma in words.labels
        or lemma in words.verbs
        or lemma in words.nouns
        or lemma in words.damage
        or lemma in words.tolls
        or has_sign(lemma, tree.lowers[i])
        for i in range(first, stop)
        for lemma in (tree.lemmas[i], tree.lowers[i])
    )


def find_casualties(
    tree: Tree,
    first: int,
    stop: int,
    doings: Mapping[int, Kind] = MappingProxyType({}),
    latest: Casualties | None = None,
) -> Iterator[tuple[int, Casualties]]:
    """Yield ``(token, casualties)`` for every count of people harmed in the tokens `first` to `stop`.

    `doings` are verbs that count people for what was done to them or what they did ("eight people were picked up").
    `latest` is the count told before, which a bare number may tell anew ("The ministry speaks of 20").
    """
    found = list(_told(tree, first, stop, doings))
    yield from found
    counted = {(c.min, c.max, c.kind) for _, c in found}
    also = [*_labelled(tree, first, stop), *_among(tree, first, stop, found)]
    also += _alike(tree, first, stop, [*found, *also], latest)
    for token, casualties in also:
        if (casualties.min, casualties.max, casualties.kind) not in counted:
            yield token, casualties


def _labelled(tree: Tree, first: int, stop: int) -> Iterator[tuple[int, Casualties]]:
    """“Dead: 4”, “the 38 injured”, “about 30 trapped”, however the parser takes them."""
    labels = harm().labels
    for i in range(first, stop):
        if tree.lowers[i] not in labels:
            continue
        kind = labels[tree.lowers[i]]
        colon = next((k for k in range(i + 1, min(i + 4, stop)) if tree.words[k] == ":"), stop)
        told = next((k for k in range(colon + 1, min(colon + 5, stop)) if tree.tags[k] in {"CD", "LS"}), None)
        if told is not None:
            if (count := count_of(tree, told) or count_of(tree, tree.heads[told])) is not None:
                yield i, _record(tree, count[0], kind, "", i, told)
        elif (at := _number_before(tree, i, first)) is not None and (count := count_of(tree, at)) is not None:
            yield i, _record(tree, count[0], kind, "", min(count[1], at), i)


def _number_before(tree: Tree, i: int, first: int) -> int | None:
    """Return the number of “the 38 injured”, “two lightly wounded” and “one marcher dead”."""
    at = i - 1
    if at > first and tree.tags[at] in {"NN", "NNS"} and tree.tags[at - 1] == "CD" and tree.lowers[i] in _STRICKEN:
        return at - 1 if tree.lemmas[at] not in harm().animals | harm().struck - harm().lost else None
    if at > first and tree.tags[at] == "RB" and tree.lowers[at] in harm().degree:
        at -= 1
    return at if at >= first and tree.tags[at] == "CD" else None


def _among(
    tree: Tree, first: int, stop: int, found: Sequence[tuple[int, Casualties]]
) -> Iterator[tuple[int, Casualties]]:
    """“Four people died, among them two children”; “including three nurses”: what befell all befell the part."""
    for i in range(first, stop):
        including = tree.lowers[i] == "including"
        among = tree.lowers[i] == "among" and i + 1 < stop and tree.lowers[i + 1] in _THEM
        of_them = tree.tags[i] == "CD" and tree.lowers[i + 1 : i + 2] == ["of"] and tree.lowers[i + 2 : i + 3]
        if of_them and set(of_them) <= _THEM and i > first and tree.words[i - 1] == ",":
            yield from _some_of_them(tree, i, stop, found)
        if not (including or among):
            continue
        harmed = [(t, c) for t, c in found if (c.min or 0) > 1 and c.span[0] < tree.offsets[i]]
        part = next((k for k in range(i + 1, min(i + 8, stop)) if tree.tags[k] == "CD"), None)
        if not harmed or part is None or any(tree.words[k] in {",", ";"} for k in range(i + 1, part)):
            continue
        head = tree.heads[part] if tree.deps[part] == "nummod" else part
        count = count_of(tree, head) if tree.lemmas[head] not in _AGES else None
        if count is not None and count[0] != Count(1, 1):
            token, whole = harmed[-1]
            yield token, _record(tree, count[0], whole.kind, _whose(tree, head)[1], i, max(head, part))


_STRICKEN = frozenset({"dead", "wounded", "injured", "missing"})
_THEM = frozenset({"them", "these", "whom"})
_AGES = frozenset({"year", "month", "week", "day", "hour"})


def _some_of_them(
    tree: Tree, i: int, stop: int, found: Sequence[tuple[int, Casualties]]
) -> Iterator[tuple[int, Casualties]]:
    """“Eight people, two of them children, were killed.”"""
    whole = [(t, c) for t, c in found if c.span[0] < tree.offsets[i] and (c.min or 0) > 1]
    value = number([tree.words[i]])
    who = next((k for k in range(i + 3, min(i + 8, stop)) if tree.tags[k] in {"NNS", "NN"}), None)
    if whole and value is not None and who is not None:
        while who + 1 < stop and tree.tags[who + 1] in {"NNS", "NN"}:
            who += 1
        token, harmed = whole[-1]
        yield token, _record(tree, Count(value, value), harmed.kind, _who(tree, who), i, who)


def _alike(
    tree: Tree, first: int, stop: int, found: Sequence[tuple[int, Casualties]], latest: Casualties | None
) -> Iterator[tuple[int, Casualties]]:
    """“The union put the strikers at 2,300, the firm spoke of 900”, “The ministry counts 20”: the same people again."""
    for i in range(first, stop):
        if tree.tags[i] != "CD" or tree.kids_as(i, "pobj", "nummod") or not _speaks_of(tree, i):
            continue
        if any(c.span[0] <= tree.offsets[i] < c.span[1] for _, c in found):
            continue
        before = [c for _, c in found if c.span[1] <= tree.offsets[i]]
        last = before[-1] if before else latest
        if last is not None and (count := count_of(tree, i)) is not None:
            yield i, _record(tree, count[0], last.kind, last.who, min(count[1], i), i)


def counts_again(tree: Tree, first: int, stop: int) -> bool:
    """Whether some number in the tokens `first` to `stop` counts what was counted before, without a word for it."""
    return any(tree.tags[i] == "CD" and _speaks_of(tree, i) for i in range(first, stop))


_FIGURES = frozenset({"figure", "number", "count", "tally", "total", "it", "that", "this"})


def _speaks_of(tree: Tree, i: int) -> bool:
    """True for the number in “spoke of 900”, “counts 900”, “puts the figure at 900”, “their number is 900”."""
    link = tree.heads[i]
    if tree.words[i + 1 : i + 2] == ["%"] or tree.lowers[i + 1 : i + 2] == ["percent"]:
        return False
    if tree.deps[i] == "dobj":
        return tree.lemmas[link] in {"count", "cite", "report", "say"}
    if tree.deps[i] == "attr" and tree.lemmas[link] == "be":
        return any(tree.lemmas[s] in _FIGURES - {"it", "that", "this"} for s in _bare_subjects(tree, link))
    if tree.deps[i] != "pobj":
        return False
    verb = tree.heads[link]
    match tree.lowers[link]:
        case "of":
            return tree.lemmas[verb] in {"speak", "talk"}
        case "at" if tree.lemmas[verb] in _RATED:
            return any(tree.lemmas[o] in _FIGURES and not tree.kids_as(o, "prep") for o in tree.kids_as(verb, "dobj"))
        case "at" | "to":
            told = tree.lemmas[verb] in {"stand", "rise", "climb", "grow"} and _bare_subjects(tree, verb)
            return any(tree.lemmas[s] in _FIGURES for s in told or ()) or tree.lemmas[verb] == "stick"
    return False


def _bare_subjects(tree: Tree, verb: int) -> list[int]:
    return [s for s in tree.kids_as(verb, "nsubj") if not tree.kids_as(s, "prep")]


def _told(tree: Tree, first: int, stop: int, doings: Mapping[int, Kind]) -> Iterator[tuple[int, Casualties]]:
    words = harm()
    for phrase in find_phrases(tree, first, stop):
        for victim in phrase.victims:
            yield from _counted(tree, phrase.at, _antecedent(tree, victim), phrase.kind, phrase.none)
    for i in range(first, stop):
        lemma = tree.lemmas[i]
        if tree.pos[i] == "VERB" and lemma in words.verbs and (total := _number_of(tree, i)) is not None:
            yield from _toll(tree, total, words.verbs[lemma])
        elif tree.pos[i] == "VERB" and (lemma in words.verbs or i in doings):
            kind = words.verbs.get(lemma, "captured")
            kind = doings.get(i, kind) if kind == "captured" else kind  # who seizes people may arrest them
            for victim in subjects(tree, i) if kind in _DOERS else _victims(tree, i):
                total = _number_of(tree, victim)
                if total is not None:
                    yield from _toll(tree, total, kind)
                else:
                    yield from _counted(tree, i, _antecedent(tree, victim), kind, doing=i in doings)
        elif lemma in words.tolls:
            yield from _told_of(tree, i, words.tolls[lemma])
            if tree.tags[i] == "NNS" and tree.deps[i] == "nsubj" and words.tolls[lemma] == "participants":
                yield from _counted(tree, tree.heads[i], i, "participants", doing=True)
        elif tree.pos[i] in {"NOUN", "ADJ", "VERB"}:
            named = words.nouns.get(lemma) or words.nouns.get(tree.lowers[i])
            if named:
                yield from _noun(tree, i, named)


def _victims(tree: Tree, verb: int) -> list[int]:
    if tree.lemmas[verb] in harm().subject_verbs:
        found = tree.kids_as(verb, "nsubj", "nsubjpass") or (
            [verb - 1] if verb and tree.tags[verb - 1] == "NNS" else []
        )
        if not found and tree.deps[verb] == "acl" and tree.tags[verb] == "VBN":
            return [tree.heads[verb]]  # “a couple suffocated in the smoke”, as the parser takes it
        supposed = not found and tree.deps[verb] == "xcomp"
        return tree.kids_as(tree.heads[verb], "nsubjpass", "nsubj") if supposed else found
    before = tree.lowers[verb - 1] if verb else ""
    if before and tree.deps[verb] == "conj" and (tree.tags[verb - 1] == "CD" or before in harm().quantity):
        return [verb - 1]
    if before in _OTHERS and verb > 1 and tree.tags[verb - 2] == "CD":
        return [verb - 2]  # "30 others wounded", whatever the parser hangs them on
    ranges = tree.after(verb, "between")
    found = ranges or tree.kids_as(verb, "nsubjpass") or tree.kids_as(verb, "dobj")
    auxiliary = tree.kids_as(verb, "auxpass")
    if not found and auxiliary and auxiliary[0] and tree.tags[auxiliary[0] - 1] == "NNS":
        return [auxiliary[0] - 1]  # the parser may hang "between four and six people" on a clause before
    if not found and auxiliary and (before_aside := _before_aside(tree, auxiliary[0])) is not None:
        return [before_aside]
    if not found and tree.deps[verb] == "acomp" and tree.tags[verb] == "VBN":
        return tree.kids_as(tree.heads[verb], "nsubj")  # "are still trapped"
    if not found and tree.deps[verb] == "xcomp" and auxiliary:
        return tree.kids_as(tree.heads[verb], "nsubjpass", "nsubj")  # "are known to have been killed"
    if not found and tree.deps[verb] == "conj":
        return _victims(tree, tree.heads[verb]) if tree.tags[verb] == "VBN" else []
    if not found and tree.deps[verb] == "acl" and tree.tags[verb] == "VBN":
        return [tree.heads[verb]]
    if not found and tree.kids_as(verb, "conj") and tree.tags[verb] != "VBN":
        return [o for k in tree.kids_as(verb, "conj") for o in tree.kids_as(k, "dobj")]
    return found


def _before_aside(tree: Tree, i: int) -> int | None:
    """Return the plural before “, among them two nurses, were killed” where the parser hangs it on a verb before."""
    if tree.words[i - 1 : i] != [","]:
        return None
    opened = next((k for k in range(i - 2, max(i - 12, 0), -1) if tree.words[k] == ","), 0)
    return opened - 1 if opened and tree.tags[opened - 1] == "NNS" and count_of(tree, opened - 1) else None


def _antecedent(tree: Tree, victim: int) -> int:
    """“The two guards who were hurt”: who they are stands before the clause."""
    clause = tree.heads[victim]
    relative = tree.tags[victim] in {"WP", "WDT"} and tree.deps[clause] == "relcl"
    return tree.heads[clause] if relative else victim


def _counted(
    tree: Tree, verb: int, head: int, kind: Kind, none: bool = False, doing: bool = False
) -> Iterator[tuple[int, Casualties]]:
    if _imagined(tree, verb):
        return
    for victim in tree.conjuncts(head):
        victim, who = _whose(tree, victim)
        if tree.pos[victim] == "PRON" and tree.lowers[victim] not in {"none", "nobody", "another"}:
            continue
        if victim != head and tree.tags[victim] == "NNP" and tree.tags[head] == "NNS":
            continue  # “two men, Idris and Bakr”
        if tree.lemmas[verb] == "seize" and tree.lemmas[victim] not in harm().lost:
            continue
        if victim != head and tree.lemmas[victim] in harm().struck - harm().lost:
            continue  # “lost 30 men and two tanks”
        if tree.lemmas[victim] in harm().animals or (
            tree.lemmas[verb] in harm().fits_things and tree.lemmas[victim] in harm().struck - harm().lost
        ):
            continue
        if tree.tags[victim] in {"CD", "DT"} and _part_of_hurt(tree, victim):
            continue  # "two of the injured died": added to a toll told elsewhere
        if tree.lemmas[verb] == "capture" and tree.tags[victim] == "NNP":
            continue  # a town, as a rule
        count = count_of(tree, victim) or ((Count(0, 0), tree.base(victim)) if none else None)
        if count is None:
            continue
        bounds, begin = count
        if bounds == Count(1, 1) and (doing or tree.lemmas[verb] in _COUNTED_ONLY):
            continue
        if bounds == Count(0, 0) and (doing or kind == "survived"):
            continue  # what nobody did or suffered is no deed
        if none or any(tree.deps[k] == "neg" for k in tree.kids[verb]) or tree.lowers[victim] in {"none", "nobody"}:
            bounds = Count(0, 0)
        yield verb, _record(tree, bounds, kind, who, min(verb, begin), max(verb, victim))


def _part_of_hurt(tree: Tree, i: int) -> bool:
    inner = tree.after(i, "of")
    return any(tree.lemmas[o] in harm().counters or tree.lowers[o] in harm().counters for o in inner)


def _imagined(tree: Tree, verb: int) -> bool:
    """True for harm that may come ("would harm nobody", "if a soldier were hurt"); "may have died" counts."""
    while True:
        aux = {tree.lowers[k] for k in tree.kids_as(verb, "aux", "auxpass")}
        marks = {tree.lowers[k] for k in tree.kids_as(verb, "mark")}
        feared = aux & {"may", "might"} and tree.lemmas[verb] == "trap"
        if (aux & _MODAL and "have" not in aux and not feared) or marks & {"if", "unless", "lest"}:
            return True
        if tree.deps[verb] != "conj" or tree.pos[tree.heads[verb]] != "VERB" or aux:
            return False
        verb = tree.heads[verb]


_OTHERS = frozenset({"other", "others", "more"})
_MODAL = frozenset({"would", "could", "might", "may", "will", "shall", "can", "should", "must"})
_COUNTED_ONLY = frozenset(
    {"treat", "rescue", "poison", "evacuate", "evict", "displace", "uproot", "arrest", "detain", "imprison", "jail"}
)
"""Verbs of harm to people only where people are counted: a town is evacuated, a question treated."""


def _whose(tree: Tree, head: int) -> tuple[int, str]:
    """See through "dozens of people" and "three of them": the counting word and whose the count is."""
    if tree.lowers[head] == "total" and (people := tree.after(head, "of")):
        head = people[0]
    if tree.lowers[head] in _PARTITIVE or tree.tags[head] == "CD" or tree.lowers[head] == "none":
        for prep in tree.kids_as(head, "prep"):
            for inner in tree.kids_as(prep, "pobj"):
                return head, _who(tree, inner)
    return head, "" if tree.tags[head] == "CD" or tree.lemmas[head] in {"none", "life"} else _who(tree, head)


def _who(tree: Tree, head: int) -> str:
    first = tree.base(head)
    while first < head and (tree.pos[first] in {"DET", "NUM", "PRON", "ADV", "ADP"} or _hedging(tree, first, head)):
        first += 1
    return "" if tree.pos[head] == "PRON" else tree.text(first, head)


def _hedging(tree: Tree, i: int, head: int) -> bool:
    return tree.heads[i] != head or tree.lowers[i] in harm().quantity or tree.lowers[i] in {"more", "least", "other"}


def _noun(tree: Tree, i: int, kind: Kind) -> Iterator[tuple[int, Casualties]]:
    """ "no civilian casualties", "12 dead", "a toll of 12", "left three missing"."""
    if tree.deps[i] in {"compound", "amod", "nmod"} or (tree.deps[i] == "conj" and not tree.kids_as(i, "nsubj")):
        return
    bodies = tree.lowers[i] in _BODIES and count_of(tree, i) is None
    dead = tree.after(i, "of") if bodies else []
    if tree.lowers[i] == "remains" and (tree.pos[i] != "NOUN" or not dead):
        return
    if tree.lowers[i] == "graves" and any(tree.lowers[k] == "mass" for k in tree.kids_as(i, "amod", "compound")):
        return
    if tree.deps[i] == "dobj" and tree.lemmas[tree.heads[i]] in _RATED and tree.lowers[i] in harm().labels:
        yield from _toll(tree, i, kind)  # “put the dead at 26”
        return
    if (total := _number_of(tree, i)) is not None:
        yield from _toll(tree, total, kind)
        return
    if tree.deps[i] in {"dobj", "nsubjpass"} and tree.lemmas[tree.heads[i]] in _FREEING and kind == "captured":
        return
    head = _described_by(tree, i) if tree.pos[i] == "ADJ" or tree.tags[i] in {"VBN", "VBG"} else i
    head = dead[0] if dead else head
    count = count_of(tree, head)
    if count is None or (tree.tags[i] == "NN" and count[0] == Count(1, 1)):
        return
    head, who = _whose(tree, head)
    who = (
        " ".join(tree.words[k] for k in tree.kids_as(i, "amod", "compound") if tree.lowers[k] in _GROUPS)
        if head == i
        else who
    )
    yield i, _record(tree, count[0], kind, who, min(i, count[1]), max(i, head))


_BODIES = frozenset({"bodies", "corpses", "remains"})
_FREEING = frozenset({"free", "release", "rescue", "liberate"})


def _described_by(tree: Tree, i: int) -> int:
    """Return who is "dead" or "missing": the word before, the subject, or the one who was shot."""
    if i and (tree.pos[i - 1] in {"NOUN", "NUM"} or tree.tags[i - 1] == "CD"):
        return i - 1
    verb = tree.heads[i]
    subjects = tree.kids_as(i, "nsubj") or tree.kids_as(verb, "nsubjpass") or tree.kids_as(verb, "dobj")
    return (subjects or tree.kids_as(verb, "nsubj") or [i])[0]


_GROUPS = frozenset(
    {"civilian", "military", "police", "child", "israeli", "palestinian", "russian", "ukrainian", "american"}
)


def _told_of(tree: Tree, i: int, kind: Kind) -> Iterator[tuple[int, Casualties]]:
    """“The toll”, “turnout”, “the number of strikers”: the number told of them, not one they stand with."""
    if (total := _number_of(tree, i)) is not None:
        yield from _toll(tree, total, kind)
    elif tree.lemmas[i] in _SUMS and tree.deps[i] not in {"compound", "amod", "nmod"}:
        yield from _toll(tree, i, kind)


_RATED = frozenset({"raise", "bring", "push", "take", "put", "lift", "estimate", "give", "report", "list", "revise"})
_SUMS = frozenset({"toll", "turnout", "crowd", "attendance"})


def _number_of(tree: Tree, i: int) -> int | None:
    """Return the “number” of “the number of dead rose to 19”."""
    prep = tree.heads[i]
    total = tree.heads[prep]
    return total if tree.lowers[prep] == "of" and tree.lemmas[total] in {"number", "count", "tally"} else None


def _toll(tree: Tree, i: int, kind: Kind) -> Iterator[tuple[int, Casualties]]:
    """ "The death toll rose to 41", "a toll of 12", "the number of injured stands at 30"."""
    verb = tree.heads[i]
    preps = tree.kids_as(i, "prep") + (tree.kids_as(verb, "prep") if tree.deps[i].startswith("nsubj") else [])
    preps += [k for p in preps if tree.lowers[p] == "from" for k in tree.kids_as(p, "prep")]
    numbers = [o for p in preps if tree.lowers[p] in {"to", "at", "of"} for o in tree.kids_as(p, "pobj")]
    if tree.deps[i] == "dobj" and tree.lemmas[verb] in _RATED:
        numbers += [*tree.after(verb, "to", "at", "as"), *tree.after(i, "to", "at", "as")]
    numbers += tree.kids_as(verb, "attr") if tree.lemmas[verb] == "be" else []
    numbers += tree.kids_as(verb, "dobj") if tree.lemmas[verb] in {"reach", "number", "exceed"} else []
    for told in numbers:
        if (count := count_of(tree, told)) and count[0] != Count(1, 1):
            share = {tree.lowers[k] for k in range(told, min(told + 2, len(tree)))} & {"percent", "per", "cent", "%"}
            who = "per cent" if share else _of_whom(tree, i)
            yield i, _record(tree, count[0], kind, who, min(i, count[1]), max(i, told))
            return


def _of_whom(tree: Tree, i: int) -> str:
    """Return whose number is told: “the number of local guards killed”, but not “of dead”."""
    words = harm()
    heads = tree.after(i, "of")
    plain = [o for o in heads if tree.tags[o] == "NNS" and not {tree.lemmas[o], tree.lowers[o]} & words.counters]
    return _who(tree, plain[0]) if plain else ""


def _record(tree: Tree, bounds: Count, kind: Kind, who: str, first: int, last: int) -> Casualties:
    return Casualties(min=bounds.min, max=bounds.max, kind=kind, who=who, span=tree.span(first, last))
