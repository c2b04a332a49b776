"""What a claim does with its content: act, polarity, hedge, channel, and whom it accuses."""

from __future__ import annotations

from collections.abc import Mapping

from allegedly.annotate.actors.cast import Cast
from allegedly.annotate.actors.kinds import kind_of_noun
from allegedly.annotate.claims.attributions import Attribution
from allegedly.annotate.claims.blame import culprits_in, presumed_in
from allegedly.annotate.claims.cues import lexicon
from allegedly.annotate.plover import lexicon as deeds
from allegedly.annotate.syntax import QUOTATION_MARKS, Range, Syntax
from allegedly.records import Act, Actor, Polarity

_NEGATIONS = frozenset(["no", "not", "n't", "never", "none", "nobody", "nothing", "neither", "without"])
_NOTHING = frozenset(["no", "nobody", "none", "nothing", "neither"])
_BOUNDS = frozenset(["of", "for", "as", "with", "over", "at", "to", "by"])
_TRUST, _TRUST_IN_WORDS = 0.1, 1.0
"""What the rules' word for an act weighs against the network's probabilities."""
_PLAIN = 0.7
"""What the network's probability of a mere assertion counts: it overlooks acts in plain words more often than not."""
_OPEN: frozenset[Act] = frozenset(["asserts", "reports"])


def root_of(s: Syntax, tokens: Range) -> int:
    """Return the token that governs `tokens`: the first whose head lies outside."""
    a, b = tokens
    outside = (i for i in range(a, b) if not a <= s.head[i] < b or s.head[i] == i)
    return next((i for i in outside if s.lower[i].isalnum()), a)


def act_of(s: Syntax, d: Attribution) -> Act:
    """Return the act of `d`: as the network reads it where it is surer than the rules tend to be, else theirs."""
    by_rules = _act_by_rules(s, d)
    if by_rules == "reports" and _passes_on(s, d):
        return by_rules  # the network sees what the other says, and takes it for this one's act
    if d.seen is None:
        return by_rules
    return weighed(d.seen.acts, by_rules)


def weighed(seen: Mapping[Act, float], by_rules: Act) -> Act:
    """Return the likeliest act, given the network's probabilities and what the rules say.

    Rules that name an act by a word that can mean little else are mostly right; that they find none says little.
    """
    trust = _TRUST_IN_WORDS if by_rules not in (*_OPEN, "labels") else _TRUST
    return max(seen, key=lambda act: seen[act] * (_PLAIN if act == "asserts" else 1) + trust * (act == by_rules))


def _act_by_rules(s: Syntax, d: Attribution) -> Act:
    """Return the cue's own act, unless a plain cue carries a denial, an accusation or a demand."""
    act = d.reading.act
    if act == "denies" and d.anchor > 0 and s.lower[d.anchor - 1] == "nor":
        return "declines"
    if (act in _OPEN and _keeps_silent(s, d)) or (d.reading.kind == "intent" and _will_not_tell(s, d)):
        return "declines"
    if act == "insinuates" and d.content and _wished(s, root_of(s, d.content[0])):
        return "proposes"
    if (
        act == "urges"
        and s.lemma[d.anchor] in lexicon().words["asking"]
        and d.content
        and _is_question(s, d.content[0])
    ):
        return "asserts"
    if act == "denies" and d.reading.kind == "speech" and cue_negated(s, d):
        return "asserts"
    if act == "asserts" and cue_negated(s, d) and s.lemma[d.anchor] in lexicon().words["holding_true"]:
        return "denies"
    if act in _OPEN and _passes_on(s, d):
        return "reports"
    if act in (*_OPEN, "labels", "dismisses") and any(_plays_down(s, piece) for piece in d.content):
        return "downplays"
    if act not in _OPEN or d.reading.kind == "intent" or not d.content:
        return act
    told = next((found for piece in d.content if (found := act_in(s, piece))), None)
    return act if told is None or (told in ("urges", "denies") and d.reading.kind != "speech") else told


def _passes_on(s: Syntax, d: Attribution) -> bool:
    """True for “said that the envoy had told him …”: what is said is that somebody else says something."""
    if not d.content or d.reading.kind != "speech":
        return False
    a, b = d.content[0]
    root = root_of(s, (a, b))
    subject = s.kid(root, "nsubj")
    another = subject is not None and s.tag[subject] not in ("PRP", "WP", "WDT") and subject != d.speaker
    turn = any(s.lower[i] == ":" for i in d.cue)  # in a conversation it leads to something else
    if turn or content_negated(s, (a, b)):
        return False
    return a <= root < b and s.lemma[root] in lexicon().words["telling"] and another


def _is_question(s: Syntax, tokens: Range) -> bool:
    """True for "whether it was safe", "who had signed it", “Is it safe?”."""
    a, b = tokens
    a += s.lower[a] in QUOTATION_MARKS
    last = next((s.lower[i] for i in range(b - 1, a, -1) if s.lower[i] not in QUOTATION_MARKS), "")
    return last == "?" or s.tag[a].startswith("W") or s.lower[a] in ("whether", "if")


def _wished(s: Syntax, root: int) -> bool:
    """True in "suggested that talks be held", "suggested that he should go"."""
    auxiliaries = [k for k in s.kids[root] if s.dep[k] in ("aux", "auxpass")]
    return any(s.lower[k] in ("should", "be") for k in auxiliaries) or (s.tag[root] == "VB" and not auxiliaries)


def _keeps_silent(s: Syntax, d: Attribution) -> bool:
    """True for somebody who "did not comment", not for a search that "did not reveal"."""
    if not cue_negated(s, d) or s.lemma[d.anchor] not in lexicon().words["withheld"] or d.speaker is None:
        return False
    speaker = d.speaker
    return bool(s.ent[speaker]) or s.tag[speaker] in ("PRP", "WP", "NNP") or kind_of_noun(s.lemma[speaker]) is not None


def _will_not_tell(s: Syntax, d: Attribution) -> bool:
    """True in "does not intend to comment on the case"."""
    return cue_negated(s, d) and bool(d.content) and s.lemma[root_of(s, d.content[0])] in lexicon().words["withheld"]


def act_in(s: Syntax, tokens: Range) -> Act | None:
    """Return the act that the words of a plain statement perform, or None where they merely state."""
    words = lexicon().words
    root = root_of(s, tokens)
    core = _core(s, root)
    negated = content_negated(s, tokens)
    if core & words["false"] or (negated and _flatly(s, tokens, root)):
        return "denies"
    if core & words["blameless"] and not negated:
        return "denies"
    if core & words["suspicion"]:
        return "insinuates"
    if core & (words["blaming"] | words["culpable"] | words["complicity"]):
        return "denies" if negated else "accuses"
    if negated and core & words["deniable"]:
        return "denies"
    if core & words["deniable"] and any(s.lemma[i] in words["small"] for i in range(*tokens)):
        return "downplays"
    if any(s.lower[k] in words["duty"] for k in s.kids[root] if s.dep[k] == "aux"):
        return "urges"
    quoted = s.lower[tokens[1] - 1] in QUOTATION_MARKS and s.lemma[root] == "be" and _quoted_predicate(s, root)
    return "labels" if quoted else None


def _plays_down(s: Syntax, tokens: Range) -> bool:
    """True for “an isolated case”, “only a few windows”, “no cause for alarm”, “everything is under control”."""
    words, (a, b) = lexicon().words, tokens
    negated = content_negated(s, tokens)
    if not negated and any(s.lemma[i] in words["trifling"] and _near_root(s, i, tokens) for i in range(a, b)):
        return True
    for i in range(a, b - 1):
        small = s.lower[i + 1] in words["lesser"]
        if small and s.lower[i] in words["merely"]:
            return True
        if s.lower[i] in words["lesser"] and s.lemma[i + 1] in words["affairs"] and _near_root(s, i, tokens):
            return not negated
        for n in (2, 3, 4):
            phrase = "-".join(s.lower[i : i + n])
            if phrase in words["reassuring"] or (phrase in words["alarming"] and s.lower[i - 1] in _NEGATIONS):
                return True
    return False


def _near_root(s: Syntax, i: int, tokens: Range) -> bool:
    """True for a word close under what governs `tokens`: the predicate, not some aside."""
    root = root_of(s, tokens)
    for _ in range(4):
        if i == root or not tokens[0] <= i < tokens[1]:
            return True
        i = s.head[i]
    return False


def _flatly(s: Syntax, tokens: Range, root: int) -> bool:
    """True for a denial of fact: “there is no coup”, “nobody was hurt”, “no money ever came”, “we were not there”."""
    words, kids = lexicon().words, s.kids[root]
    subject = s.kid(root, "nsubj", "nsubjpass")
    if s.kid(root, "expl") is not None:
        denied = s.kid(root, "attr", "dobj", "nsubj")
        return denied is not None and (s.lemma[denied] in words["deniable"] or s.lemma[denied] in deeds().nouns)
    if any(s.lower[i] == "ever" for i in range(*tokens)):
        return True
    if subject is None:
        return False
    if any(s.lower[k] in _NOTHING for k in range(s.left(subject), subject + 1)):
        return s.lemma[root] in words["deniable"] or s.lemma[root] in words["witnessed"]
    past = s.tag[root] in ("VBD", "VBN") or any(s.lower[k] in ("did", "have", "had", "'ve") for k in kids)
    return past and s.lower[subject] in ("we", "i") and s.lemma[root] not in lexicon().verbs


def _quoted_predicate(s: Syntax, root: int) -> bool:
    """True in 'the expulsion was "theatre"': the predicate is somebody's word for it."""
    predicate = s.kid(root, "attr", "acomp")
    return predicate is not None and s.lower[s.left(predicate) - 1] in QUOTATION_MARKS and s.left(predicate) - 1 > root


def _core(s: Syntax, root: int) -> set[str]:
    """Return the lemmas of a clause's main verb and of the heads of its arguments."""
    return {s.lemma[root], *(s.lemma[k] for k in s.kids[root] if s.dep[k] not in ("advcl", "relcl", "conj"))}


def polarity_of(s: Syntax, d: Attribution, act: Act) -> Polarity:
    """Return ``negated`` where the speaker denies: the content, or what it negates, is not so, they say."""
    return "negated" if act == "denies" or (d.reading.kind == "thought" and cue_negated(s, d)) else "affirmed"


def cue_negated(s: Syntax, d: Attribution) -> bool:
    return d.anchor >= 0 and any(s.dep[k] == "neg" for k in s.kids[d.anchor])


def content_negated(s: Syntax, tokens: Range) -> bool:
    """True where the content's main clause, its subject or its object is negated."""
    root = root_of(s, tokens)
    for k in (root, *s.kids[root]):
        if s.lower[k] in _NEGATIONS and tokens[0] <= k < tokens[1]:
            return True
        argument = s.dep[k] in ("nsubj", "nsubjpass", "dobj", "attr", "dep") and tokens[0] <= k < tokens[1]
        if argument and any(s.lower[g] in ("no", "none", "neither", "not") for g in range(s.left(k), k + 1)):
            return True
    return False


def hedge_of(s: Syntax, d: Attribution) -> str | None:
    """Return the hedging words of the cue or the content, verbatim."""
    if d.rule == "so-called":
        start = s.left(d.speaker) - 1 if d.speaker is not None else d.anchor
        return s.text[s.start[start] : s.end[d.content[0][0] - 1]]
    words = lexicon().words
    near = [k for k in s.kids[d.anchor] if s.dep[k] == "advmod"] if d.anchor >= 0 else []
    for i in near:
        if s.lower[i] in words["hedges"]:
            return s.text[s.start[i] : s.end[i]]
    return next((found for piece in d.content if (found := hedge_in(s, piece))), None)


def hedge_in(s: Syntax, tokens: Range) -> str | None:
    """Return the first hedging word in `tokens`, verbatim."""
    words = lexicon().words
    for i in range(*tokens):
        if s.lower[i] in words["hedges"] or (s.lower[i] in words["modals"] and s.dep[i] == "aux"):
            return s.text[s.start[i] : s.end[i]]
    return None


# ---- channels


def channel_of(s: Syntax, d: Attribution, speaker: Actor | None) -> str | None:
    """Return through what it was said: a vessel by the cue ("in a statement"), or a medium that is the speaker."""
    return _by_cue(s, d) or _own_site(s, d) or _platform_of(s, speaker)


def _own_site(s: Syntax, d: Attribution) -> str | None:
    """Return the site that speaks for its owner: "the paper's website reported"."""
    if d.speaker is None or s.lemma[d.speaker] not in lexicon().words["sites"] or s.kid(d.speaker, "poss") is None:
        return None
    return s.text[s.start[s.left(d.speaker)] : s.end[d.speaker]]


def _platform_of(s: Syntax, speaker: Actor | None) -> str | None:
    """Return the platform of a speaker that the text calls a channel of it: "Storm, a Telegram channel"."""
    if speaker is None or speaker.kind in ("person", "state", "government"):
        return None
    words = lexicon().words
    for _, end in speaker.mentions:
        noun = s.at(end - 1)
        while s.dep[noun] == "compound":
            noun = s.head[noun]
        for i in (noun, *(k for k in s.kids[noun] if s.dep[k] == "appos"), s.head[noun]):
            for k in s.kids[i] if s.lemma[i] in words["accounts"] else ():
                if s.lower[k] in words["platforms"] and s.text[s.start[k]].isupper():
                    return s.text[s.start[k] : s.end[k]]
    return None


def _by_cue(s: Syntax, d: Attribution) -> str | None:
    if d.anchor < 0:
        return None
    for i in _vessels(s, d):
        found = _medium(s, i)
        if found is not None:
            return found
    for a, b in d.said_by:
        for i in range(a, b):
            if (
                s.lower[i] in lexicon().words["platforms"]
                and s.text[s.start[i]].isupper()
                and s.end[i] - s.start[i] > 1
            ):
                return s.text[s.start[i] : s.end[i]]
    return "Twitter" if s.lemma[d.anchor] in ("tweet", "retweet") else None


def _vessels(s: Syntax, d: Attribution) -> list[int]:
    words = lexicon().words
    found = []
    for k in s.kids[d.anchor]:
        if s.dep[k] == "prep" and s.lower[k] in words["through"]:
            found += [g for g in s.kids[k] if s.dep[g] == "pobj"]
    governor = s.head[d.anchor]
    if s.dep[d.anchor] == "acl" and governor not in found:
        found.append(governor)
    return found


def _medium(s: Syntax, noun: int) -> str | None:
    words = lexicon().words
    if s.lower[noun] in words["platforms"] and s.text[s.start[noun]].isupper():
        return s.text[s.start[noun] : s.end[noun]]
    if s.lemma[noun] not in words["media"]:
        return None
    for k in s.kids[noun]:
        if s.dep[k] in ("compound", "amod", "nmod") and s.lower[k] in words["platforms"]:
            return s.text[s.start[k] : s.end[k]]
    return s.text[s.start[s.left(noun)] : s.end[noun]]


# ---- blame


def accused_object(s: Syntax, d: Attribution) -> Range | None:
    """Return the phrase of whom the cue itself blames: the object in "accused the guild of theft"."""
    by_object = d.rule.startswith(("object", "idiom", "passive", "reduced", "noun", "prep"))
    if not by_object or not d.content or d.rule == "noun-clause":
        return None
    a, b = _before_bound(s, _antecedent(s, d.content[0]))
    return (a, b) if a < b else None


def culprits_of(s: Syntax, d: Attribution, cast: Cast) -> list[str]:
    """Return the actors of `cast` that do harm in what `d` says, or whose harm it takes for granted."""
    return [actor for piece in d.content for actor in (*culprits_in(s, piece, cast), *presumed_in(s, piece, cast))]


def _antecedent(s: Syntax, tokens: Range) -> Range:
    """Return whom a relative pronoun means: "a man who is alleged to have sold it"."""
    a, b = tokens
    relative = b - a == 1 and s.tag[a] in ("WP", "WDT") and s.dep[s.head[a]] == "relcl"
    noun = s.head[s.head[a]]
    if s.ent[noun] in ("DATE", "TIME"):  # the parser takes the nearest noun: "held a man on Monday who …"
        outer = s.head[s.head[noun]]
        noun = s.kid(outer, "dobj") or noun if s.is_verb(outer) else outer
    return (s.left(noun), noun + 1) if relative and s.left(noun) <= noun < a else tokens


def _before_bound(s: Syntax, tokens: Range) -> Range:
    a, b = tokens
    return a, next((i for i in range(a + 1, b) if s.lower[i] in _BOUNDS), b)
