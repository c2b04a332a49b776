"""What parse and rules know, as numbers beside the encoder's: of each token, and of each cue with each token."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allegedly.annotate.claims.attributions import Attribution
from allegedly.annotate.claims.direct import Quotations
from allegedly.annotate.claims.tagger.anchors import anchor_of
from allegedly.annotate.claims.tagger.windows import Window
from allegedly.annotate.syntax import Syntax

Integers = NDArray[np.int64]

ROLES = ("none", "source", "cue", "content")
"""What a token may be to a cue, one of them."""

TAGS = """
NN IN DT NNP JJ , NNS . RB VBD CC PRP VB CD TO VBN VBZ '' `` VBG PRP$ VBP MD POS : HYPH WDT WP NNPS WRB JJR
-LRB- -RRB- RP EX $ RBR JJS UH NFP _SP RBS PDT FW SYM XX ADD LS AFX WP$
""".split()
DEPS = """
punct prep pobj det nsubj amod compound dobj ROOT advmod aux conj cc ccomp poss nummod mark relcl attr
npadvmod advcl nsubjpass xcomp appos auxpass pcomp acl neg case acomp nmod prt agent quantmod expl dative dep
intj meta oprd csubj predet parataxis preconj csubjpass
""".split()
_NOMINAL = ("noun", "adverb", "adjective", "colon")
_TAG = {tag: i + 1 for i, tag in enumerate(TAGS)}
_DEP = {dep: i + 1 for i, dep in enumerate(DEPS)}
TOKEN_SIZES = (len(TAGS) + 1, len(DEPS) + 1, 2, 2, 4, 8)
"""How many values each column of `token_features` may have."""
PAIR_SIZES = (27, 5, 3, 5, 5, 3)
"""How many values each column of `pair_features` may have."""


class Known:
    """What the rules found in a document, token by token: cues, and which roles each token has for any of them."""

    def __init__(self, s: Syntax, drafts: Sequence[Attribution], quotations: Quotations) -> None:
        self.s = s
        self.inside = np.array(quotations.inside[: len(s)], np.int64)
        self.head = np.array(s.head, np.int64)
        self.sentence = np.array(s.sentence, np.int64)
        self.by_anchor = {anchor_of(s, draft.cue): draft for draft in drafts if draft.cue}
        self.first = np.array([s.left(i) for i in range(len(s))], np.int64)
        self.last = np.array([s.right(i) for i in range(len(s))], np.int64)
        self._tokens = self._token_features(drafts)

    def _token_features(self, drafts: Sequence[Attribution]) -> Integers:
        s, size = self.s, len(self.s)
        found = np.zeros((size, len(TOKEN_SIZES)), np.int64)
        found[:, 0] = [_TAG.get(tag, 0) for tag in s.tag]
        found[:, 1] = [_DEP.get(dep, 0) for dep in s.dep]
        found[:, 2] = self.inside >= 0
        found[:, 3] = [bool(ent) for ent in s.ent]
        for anchor, draft in self.by_anchor.items():
            found[anchor, 4] = 1 + draft.quoted + (not draft.quoted and draft.rule.startswith(_NOMINAL)) * 2
        for draft in drafts:
            for bit, pieces in ((1, draft.said_by), (4, draft.content)):
                for a, b in pieces:
                    found[a:b, 5] |= bit
            found[draft.cue, 5] |= 2
        return found

    def token_features(self, window: Window) -> Integers:
        """Return shape ``(tokens, columns)``: tag, dependency, quoted, named, cue of the rules, roles by the rules."""
        return self._tokens[window.first : window.last]

    def pair_features(self, window: Window, anchors: Sequence[int]) -> Integers:
        """Return shape ``(anchors, tokens, columns)`` for `anchors` as token indices of the document.

        Distance on a log scale with its sign, sentences between, quotation shared, place in the tree, role by the
        rules, and how far the rules know the cue.
        """
        tokens = np.arange(window.first, window.last)
        found = np.zeros((len(anchors), len(tokens), len(PAIR_SIZES)), np.int64)
        for row, anchor in enumerate(anchors):
            away = tokens - anchor
            steps = np.minimum(np.log2(np.abs(away) * 4 + 1e-9).clip(0).round(), 12).astype(np.int64)
            found[row, :, 0] = np.where(away == 0, 0, np.where(away > 0, steps, steps + 13))
            found[row, :, 1] = (self.sentence[tokens] - self.sentence[anchor]).clip(-2, 2) + 2
            quoted = self.inside[tokens]
            found[row, :, 2] = np.where(quoted < 0, 0, np.where(quoted == self.inside[anchor], 1, 2))
            below = (self.first[anchor] <= tokens) & (tokens <= self.last[anchor])
            above = (self.first[tokens] <= anchor) & (anchor <= self.last[tokens])
            found[row, :, 3] = np.select(
                [self.head[tokens] == anchor, below, self.head[anchor] == tokens, above], [1, 2, 3, 4], 0
            )
            self._by_rules(found[row], window, anchor)
        return found

    def _by_rules(self, row: Integers, window: Window, anchor: int) -> None:
        draft = self.by_anchor.get(anchor)
        if draft is None:
            return
        row[:, 5] = 2 if draft.said_by else 1
        for role, pieces in ((1, draft.said_by), (3, draft.content)):
            for a, b in pieces:
                a, b = max(a, window.first), min(b, window.last)
                if a < b:
                    row[a - window.first : b - window.first, 4] = role
        cue = [i - window.first for i in draft.cue if window.first <= i < window.last]
        row[cue, 4] = 2
