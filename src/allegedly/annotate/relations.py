"""Signed ties between actors, each with the holder who asserts it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple, cast

from allegedly.annotate.actors.find import Cast, slug
from allegedly.annotate.actors.kinds import kind_of_noun
from allegedly.annotate.actors.names import INSTITUTIONS
from allegedly.annotate.events.roles import author_in, pronouns_of, roles_of, speaking_of_themselves, subjects
from allegedly.annotate.events.status import told_as
from allegedly.annotate.events.triggers import find_triggers
from allegedly.annotate.parse import Parsed
from allegedly.annotate.places.gazetteer import countries, demonym_of
from allegedly.annotate.tree import Tree, tree_of
from allegedly.records import Claim, Relation, RelationType, Span

AUTHOR = "author"
_EXAMPLES = frozenset({"like", "including", "as"})
_COPULAR = frozenset({"be", "become", "remain", "constitute", "pose", "represent", "consider", "present"})


class _Tie(NamedTuple):
    type: RelationType
    subject: str
    object: str
    evidence: Span
    negated: bool = False
    asserted: bool = False
    """Whether its clause says so, so that who denies the clause denies the tie; an aside ("its ally X") stands."""


class _Scene(NamedTuple):
    tree: Tree
    cast: Cast
    pronouns: dict[int, str]

    def who(self, token: int) -> str | None:
        """Return the actor whose mention covers `token`, or whom the pronoun there stands for."""
        return self.pronouns.get(token) or self.cast.at(self.tree.offsets[token])

    def state(self, token: int) -> str | None:
        """Return the state that a nationality inside another actor's mention says ("Norlandic proxies")."""
        code = demonym_of(self.tree.words[token])
        state = slug(countries()[code].name) if code else None
        return state if state in self.cast else None

    def all_of(self, heads: list[int]) -> list[str]:
        """Return the actors at `heads` and at what is coordinated with them."""
        found = (self.state(k) or self.who(k) for head in heads for k in self.tree.conjuncts(head))
        return list(dict.fromkeys(actor for actor in found if actor))


@cache
def _words(table: str) -> dict[str, RelationType]:
    data = tomllib.loads((files("allegedly.annotate") / "relations.toml").read_text("utf-8"))
    return {word: cast(RelationType, kind) for kind, words in data[table].items() for word in words.split()}


@cache
def _signs() -> dict[str, int]:
    signs: dict[str, int] = tomllib.loads((files("allegedly.annotate") / "relations.toml").read_text("utf-8"))["signs"]
    return signs


def find_relations(parsed: Parsed, cast: Cast, claims: Sequence[Claim]) -> tuple[Relation, ...]:
    """Find every relation stated in `parsed`. The holder is the speaker in whose words it stands, else ``author``.

    Each pair, type, sign and holder is given once, with its first evidence.
    """
    contents = sorted((span, i) for i, claim in enumerate(claims) for span in claim.content)
    found: dict[tuple[str, str, str, int, str], Relation] = {}
    for tie in _ties(parsed, cast, claims):
        claim = _telling(contents, claims, tie.evidence)
        denied = claim is not None and claim.polarity == "negated" and claim.mode != "direct" and tie.asserted
        holder = claim.speaker.actor or AUTHOR if claim is not None else AUTHOR
        _keep(found, tie._replace(negated=tie.negated or denied), holder)
    for claim in claims:
        for tie, holder in _accusations(claim, claims):
            _keep(found, tie, holder)
    return tuple(sorted(found.values(), key=lambda r: (r.evidence, r.type, r.subject, r.object)))


def _keep(found: dict[tuple[str, str, str, int, str], Relation], tie: _Tie, holder: str) -> None:
    if tie.subject == tie.object:
        return
    sign = 0 if tie.negated else _signs()[tie.type]
    relation = Relation(
        subject=tie.subject,
        type=tie.type,
        object=tie.object,
        sign=-1 if sign < 0 else 1 if sign else 0,
        holder=holder,
        evidence=tie.evidence,
    )
    found.setdefault((tie.subject, tie.type, tie.object, sign, holder), relation)


def _telling(contents: list[tuple[Span, int]], claims: Sequence[Claim], evidence: Span) -> Claim | None:
    """Return the innermost claim in whose words the tie stands, or None for the author's."""
    inside = [(s[1] - s[0], i) for s, i in contents if s[0] <= evidence[0] and evidence[1] <= s[1]]
    return claims[min(inside)[1]] if inside else None


def _accusations(claim: Claim, claims: Sequence[Claim]) -> Iterator[tuple[_Tie, str]]:
    """Whoever accuses somebody is hostile to them by the word of whoever tells of it."""
    speaker, evidence = claim.speaker.actor, (claim.cue or claim.content)[:1]
    if speaker is None or speaker == AUTHOR or not evidence:
        return
    teller = claims[claim.parent].speaker.actor if claim.parent is not None else None
    for accused in claim.accused:
        yield _Tie("accuses", speaker, accused, evidence[0]), teller or AUTHOR


def _ties(parsed: Parsed, cast: Cast, claims: Sequence[Claim]) -> Iterator[_Tie]:
    trees = [tree_of(paragraph) for paragraph in parsed.paragraphs]
    author = author_in(trees, cast, parsed.document.source)
    for tree in trees:
        scene = _Scene(tree, cast, pronouns_of(tree, cast) | speaking_of_themselves(tree, claims, author))
        for i, lemma in enumerate(tree.lemmas):
            pos = tree.pos[i]
            if pos in {"NOUN", "PROPN"}:
                if lemma in _words("nouns"):
                    yield from _noun(scene, i, _words("nouns")[lemma])
                yield from _owned(scene, i)
            elif pos in {"VERB", "ADJ"}:
                yield from _verb(scene, i, lemma)
        yield from _attacks(scene)


# ------------------------------------------------------------ nouns


def _noun(scene: _Scene, i: int, kind: RelationType) -> Iterator[_Tie]:
    """ "its ally X", "X, an ally of Y", "X is a threat to Y", "the Norland proxy X"."""
    tree = scene.tree
    bearers = _bearers(scene, i)
    others = _others(scene, i)
    if kind == "threat-to" and not bearers:
        bearers = scene.all_of(tree.kids_as(i, "amod", "poss"))
    evidence = _evidence(tree, i, bearers, scene)
    for subject in bearers:
        for other in others:
            first, second = (other, subject) if kind == "ally" and tree.kids_as(i, "poss") else (subject, other)
            yield _Tie(kind, first, second, evidence, _negated(tree, i), tree.deps[i] == "attr")


def _bearers(scene: _Scene, i: int) -> list[str]:
    tree = scene.tree
    heads = tree.kids_as(i, "appos")
    after = i + 2 if i + 1 < len(tree) and tree.lowers[i + 1] in {"the", ","} else i + 1
    if after < len(tree) and tree.pos[after] == "PROPN" and tree.deps[after] != "pobj":
        heads.append(after)
    if tree.deps[i] == "appos":
        heads.append(tree.heads[i])
    if tree.deps[i] in {"attr", "dobj"} and tree.lemmas[tree.heads[i]] in _COPULAR:
        heads += subjects(tree, tree.heads[i])
    heads += [o for p in tree.kids_as(i, "prep") if tree.lowers[p] in _EXAMPLES for o in tree.kids_as(p, "pobj")]
    if tree.deps[i] == "pobj" and tree.lowers[tree.heads[i]] == "as":
        heads += _described(tree, i)
    if (one := _one_of(tree, i)) is not None:
        return _bearers(scene, one)
    return scene.all_of(heads) or ([own] if (own := scene.who(i)) and "~" in own else [])


def _one_of(tree: Tree, i: int) -> int | None:
    """Return the “one” of “one of its closest allies”."""
    link = tree.heads[i]
    one = tree.heads[link]
    return one if tree.deps[i] == "pobj" and tree.lowers[link] == "of" and tree.lowers[one] == "one" else None


def _others(scene: _Scene, i: int) -> list[str]:
    tree = scene.tree
    heads = tree.kids_as(i, "poss")
    if _words("nouns")[tree.lemmas[i]] != "threat-to":
        heads += tree.kids_as(i, "amod", "compound", "nmod")
    for prep in tree.kids_as(i, "prep"):
        if tree.lowers[prep] in {"of", "to"}:
            heads += tree.kids_as(prep, "pobj")
    return scene.all_of(heads)


def _evidence(tree: Tree, i: int, bearers: list[str], scene: _Scene) -> Span:
    """The phrase of the tie: the noun with its possessor and with the name beside it."""
    first, last = tree.base(i), i
    for kid in tree.kids[i]:
        if tree.deps[kid] == "poss":
            first = min(first, tree.edges(kid)[0])
        elif tree.deps[kid] in {"appos", "prep"}:
            last = max(last, *(tree.conjuncts(kid)), *(o for o in tree.kids_as(kid, "pobj")))
    if last == i and i + 1 < len(tree) and scene.who(min(i + 2, len(tree) - 1)) in bearers:
        last = min(i + 2, len(tree) - 1)
    return tree.span(first, last)


def _negated(tree: Tree, i: int) -> bool:
    """True for "X is not an ally of Y" and "X is no threat"."""
    return any(tree.kids_as(k, "neg") for k in (i, tree.heads[i])) or any(
        tree.lowers[k] == "no" for k in tree.kids_as(i, "det")
    )


def _owned(scene: _Scene, i: int) -> Iterator[_Tie]:
    """ "the ABC's Some Force" is part of the ABC; so is "a channel belonging to the ABC"."""
    tree = scene.tree
    owners = tree.kids_as(i, "poss")
    links = [a for a in tree.kids_as(i, "acl", "relcl") if tree.lemmas[a] == "belong"]
    owners += [o for a in links for p in tree.kids_as(a, "prep") for o in tree.kids_as(p, "pobj")]
    for owner in owners:
        whole, part = scene.who(owner), scene.who(i)
        if whole and part and owner not in scene.pronouns and _can_belong(scene.cast, part, whole):
            first = min(tree.base(i), tree.base(owner))
            yield _Tie("part-of", part, whole, tree.span(first, max(i, owner)))


def _can_belong(cast: Cast, part: str, whole: str) -> bool:
    return cast[part].kind in INSTITUTIONS and cast[whole].kind in INSTITUTIONS and cast[part].part_of == whole


# ------------------------------------------------------------ verbs and participles


def _verb(scene: _Scene, i: int, lemma: str) -> Iterator[_Tie]:
    tree = scene.tree
    if tree.lowers[i] in _words("participles") and tree.deps[i] == "amod":
        yield from _hyphenated(scene, i, _words("participles")[tree.lowers[i]])
    elif tree.pos[i] == "VERB":
        if lemma in _words("passive"):
            yield from _passive(scene, i, _words("passive")[lemma])
            if _words("passive")[lemma] == "created-by":
                yield from (t._replace(subject=t.object, object=t.subject) for t in _active(scene, i, "created-by"))
        if lemma in _words("tied"):
            yield from _adjective(scene, i, _words("tied")[lemma])
        if lemma in _words("verbs"):
            yield from _active(scene, i, _words("verbs")[lemma])
        elif lemma == "stand":
            yield from _standing_by(scene, i)
    elif lemma in _words("adjectives"):
        yield from _adjective(scene, i, _words("adjectives")[lemma])


def _adjective(scene: _Scene, i: int, kind: RelationType) -> Iterator[_Tie]:
    """ "X is hostile to Y", "X, hostile to Y", "they regard X as hostile to Y"."""
    tree = scene.tree
    links = [p for p in tree.kids_as(i, "prep") if tree.lowers[p] in {"to", "toward", "towards", "with"}]
    objects = [o for p in links for o in tree.kids_as(p, "pobj")]
    if not objects:
        return
    evidence = tree.span(i, max(objects))
    for subject in _borne(scene, _described(tree, i)):
        for other in scene.all_of(objects):
            yield _Tie(kind, subject, other, evidence, _negated(tree, i), tree.deps[i] == "acomp")


def _described(tree: Tree, i: int) -> list[int]:
    head = tree.heads[i]
    if tree.lowers[head] == "as":
        verb = tree.heads[head]
        relative = tree.deps[verb] == "relcl"
        return [tree.heads[verb] if relative and tree.tags[w] == "WDT" else w for w in tree.kids_as(verb, "dobj")]
    return subjects(tree, head) if tree.deps[i] == "acomp" else [head]


def _borne(scene: _Scene, heads: list[int]) -> list[str]:
    """Return the actors at `heads`, or whom those describe: "Red Star, a group formed to …"."""
    tree = scene.tree
    return scene.all_of(heads) or scene.all_of([tree.heads[h] for h in heads if tree.deps[h] in {"appos", "compound"}])


def _hyphenated(scene: _Scene, i: int, kind: RelationType) -> Iterator[_Tie]:
    """ "X-backed Y": an armed group that a state backs is told of as its proxy."""
    tree = scene.tree
    head = tree.heads[i]
    backers = scene.all_of([k for k in tree.kids[i] if k < i and tree.pos[k] in {"PROPN", "ADJ", "NOUN"}])
    heads = tree.kids_as(head, "appos")
    heads += [o for p in tree.kids_as(head, "prep") if tree.lowers[p] in _EXAMPLES for o in tree.kids_as(p, "pobj")]
    last = max([head, *heads])
    for backer in backers:
        for backed in scene.all_of(heads) or scene.all_of([head]):
            evidence = tree.span(tree.base(head), last)
            armed = "armed-group" in {scene.cast[backed].kind, kind_of_noun(tree.lemmas[head])}
            if kind == "supports" and armed:
                yield _Tie("proxy-of", backed, backer, evidence)
            elif kind == "supports":
                yield _Tie(kind, backer, backed, evidence)
            else:
                yield _Tie(kind, backed, backer, evidence)


def _passive(scene: _Scene, i: int, kind: RelationType) -> Iterator[_Tie]:
    tree = scene.tree
    agents = [o for a in tree.kids_as(i, "agent", "prep") if tree.lowers[a] == "by" for o in tree.kids_as(a, "pobj")]
    for maker in scene.all_of(agents):
        for made in _borne(scene, subjects(tree, i)):
            first, second = (maker, made) if kind == "supports" else (made, maker)
            yield _Tie(kind, first, second, tree.span(i, max(agents)), bool(tree.kids_as(i, "neg")), True)


def _active(scene: _Scene, i: int, kind: RelationType) -> Iterator[_Tie]:
    tree = scene.tree
    objects = tree.kids_as(i, "dobj")
    objects += [
        o for p in tree.kids_as(i, "prep") if tree.lowers[p] in {"with", "against"} for o in tree.kids_as(p, "pobj")
    ]
    passive = bool(tree.kids_as(i, "auxpass", "nsubjpass"))
    if not objects or passive:
        return
    for subject in _borne(scene, subjects(tree, i)):
        for other in scene.all_of(objects):
            yield _Tie(kind, subject, other, tree.span(i, max(objects)), bool(tree.kids_as(i, "neg")), True)


def _standing_by(scene: _Scene, i: int) -> Iterator[_Tie]:
    """“X stood by Y”."""
    tree = scene.tree
    objects = [o for p in tree.kids_as(i, "prep") if tree.lowers[p] == "by" for o in tree.kids_as(p, "pobj")]
    for subject in scene.all_of(subjects(tree, i)):
        for other in scene.all_of(objects):
            yield _Tie("supports", subject, other, tree.span(i, max(objects)), bool(tree.kids_as(i, "neg")), True)


def _attacks(scene: _Scene) -> Iterator[_Tie]:
    """Attacks between actors that have names; what was only threatened, planned or denied is no attack."""
    for trigger in find_triggers(scene.tree):
        if trigger.sense.type == "ASSAULT" and told_as(trigger) == "fact":
            roles = roles_of(trigger, scene.cast, scene.pronouns, {})
            for subject in roles.actors:
                for target in roles.targets:
                    if "~" not in subject and "~" not in target:
                        yield _Tie("attacks", subject, target, scene.tree.span(trigger.at, trigger.at))
