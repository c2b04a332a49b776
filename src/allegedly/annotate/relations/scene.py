"""What the finders of ties share: the parse of a paragraph with its actors, and the walk from word to word."""

from __future__ import annotations

from typing import NamedTuple

from allegedly.annotate.actors.find import Cast, slug
from allegedly.annotate.actors.names import INSTITUTIONS
from allegedly.annotate.places.gazetteer import countries, demonym_of
from allegedly.annotate.relations.lexicon import Words
from allegedly.annotate.tree import Tree
from allegedly.records import RelationType, Span

_STEPS = frozenset(
    {"prep", "prt", "dobj", "pobj", "agent", "advmod", "acomp", "attr", "oprd", "dative", "npadvmod", "pcomp", "conj"}
)
_REFUSING = frozenset({"deny", "refuse", "decline", "fail", "cease", "stop", "reject", "avoid", "abstain", "refrain"})
_NOBODY = frozenset({"nobody", "no", "none", "neither", "never", "nor", "without"})


class Tie(NamedTuple):
    """A tie as it stands in the text, before it is known who holds it."""

    type: RelationType
    subject: str
    object: str
    evidence: Span
    negated: bool = False
    asserted: bool = False
    """Whether its clause says so, so that who denies the clause denies the tie; an aside ("its ally X") stands."""


class Scene(NamedTuple):
    """One paragraph: its parse, the actors of the document, and whom its pronouns mean."""

    tree: Tree
    cast: Cast
    pronouns: dict[int, str]

    def who(self, token: int) -> str | None:
        """Return the actor whose mention covers `token`, or whom the pronoun or "the company" there stands for."""
        tree = self.tree
        if tree.tags[token] in {"WDT", "WP"}:
            verb = next((v for v in tree.up(token) if tree.deps[v] == "relcl"), None)
            return self.who(tree.heads[verb]) if verb is not None else None
        actor = self.pronouns.get(token) or self.cast.at(tree.offsets[token])
        if actor is not None and "~" in actor and any(tree.lowers[k] == "the" for k in tree.kids_as(token, "det")):
            return self._taken_up(token, actor) or actor
        return actor

    def _taken_up(self, token: int, known: str) -> str | None:
        """Return the named body that a bare "the force" takes up: one so called, or the last of its kind."""
        tree, kind = self.tree, self.cast[known].kind
        if len(tree.kids[token]) > 1 or kind not in INSTITUTIONS or tree.tags[token] != "NN":
            return None
        before = [a for _, a in reversed(self.cast.mentioned((0, tree.offsets[token]))) if "~" not in a]
        called = (a for a in before if tree.lemmas[token] in a.split("-"))
        return next(called, None) or next((a for a in before if self.cast[a].kind == kind), None)

    def state(self, token: int) -> str | None:
        """Return the state that a nationality inside another actor's mention says ("Norlandic proxies")."""
        code = demonym_of(self.tree.words[token])
        state = slug(countries()[code].name) if code else None
        return state if state in self.cast else None

    def all_of(self, heads: list[int]) -> list[str]:
        """Return the actors at `heads` and at what is coordinated with them."""
        found = (self.state(k) or self._body_of(k) for head in heads for k in self.tree.conjuncts(head))
        return list(dict.fromkeys(actor for actor in found if actor))

    def _body_of(self, token: int) -> str | None:
        """Return the actor at `token`; of "fighters of the Front" and the like, the named body whose they are."""
        tree, actor = self.tree, self.who(token)
        if actor is None or "~" not in actor or tree.tags[token] != "NNS":
            return actor
        bodies = (self.who(o) for o in tree.after(token, "of"))
        return next((b for b in bodies if b and "~" not in b and self.cast[b].kind in INSTITUTIONS), actor)

    def borne(self, heads: list[int]) -> list[str]:
        """Return the actors at `heads`, or whom those describe: "Red Star, a group formed to …"."""
        tree = self.tree
        described = [tree.heads[h] for h in heads if tree.deps[h] in {"appos", "compound"}]
        found = self.all_of(heads)
        return found if any("~" not in actor for actor in found) else self.all_of(described) or found


def reached(tree: Tree, start: int, steps: tuple[Words, ...]) -> list[int]:
    """Return the heads of the phrases that stand after `steps` from `start`: its objects where there are none."""
    at, found = _walk(tree, start, steps)
    for node in at:
        own = tree.pos[start] == "VERB" and (node == start or tree.deps[node] == "prt")  # “set up X”
        found += tree.kids_as(start, "dobj") if own else tree.kids_as(node, "pobj")
    return list(dict.fromkeys(k for k in found if k != start))


def follows(tree: Tree, start: int, steps: tuple[Words, ...]) -> bool:
    """Whether all of `steps` stand under `start`."""
    return bool(_walk(tree, start, steps)[0])


def _walk(tree: Tree, start: int, steps: tuple[Words, ...]) -> tuple[list[int], list[int]]:
    """Return the tokens at the end of `steps`, and the owners passed on the way."""
    at, found = [start], list[int]()
    for words in steps:
        further = []
        for node in at:
            if "of" in words and tree.pos[node] == "NOUN":
                found += [k for k in tree.kids_as(node, "poss", "amod", "compound") if _owns(tree, k)]
            kids = tree.kids[node] if node == start else [*tree.kids[node], *tree.kids[start]]
            further += [
                k for k in kids if tree.deps[k] in _STEPS and (tree.lowers[k] in words or tree.lemmas[k] in words)
            ]
        at = further
    return at, found


def _owns(tree: Tree, k: int) -> bool:
    return tree.deps[k] == "poss" or tree.pos[k] == "PROPN" or demonym_of(tree.words[k]) is not None


def denied(tree: Tree, *tokens: int) -> bool:
    """True where one of `tokens` is negated, or hangs on a verb that says it is not so: "refused to back"."""
    for i in tokens:
        if tree.kids_as(i, "neg") or any(tree.lowers[k] in _NOBODY for k in tree.kids_as(i, "det", "preconj", "cc")):
            return True
        head = tree.heads[i]
        if tree.deps[i] in {"xcomp", "ccomp", "pcomp"} and (
            tree.kids_as(head, "neg") or tree.lemmas[head] in _REFUSING
        ):
            return tree.deps[i] != "ccomp"
        if tree.deps[i] == "pobj" and tree.lowers[head] == "without":
            return True
    return False


def nobody(tree: Tree, heads: list[int]) -> bool:
    """True for the subject of "none of them backs X"."""
    return any(tree.lowers[h] in _NOBODY or any(tree.lowers[k] == "no" for k in tree.kids_as(h, "det")) for h in heads)
