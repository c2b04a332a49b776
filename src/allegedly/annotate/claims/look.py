"""One look at a document: what the rules find in it, and what the network then sees."""

from __future__ import annotations

from typing import NamedTuple

from allegedly.annotate.claims.attributions import Attribution
from allegedly.annotate.claims.direct import Quotations
from allegedly.annotate.claims.rules import found_by_rules, quotations_of
from allegedly.annotate.claims.tagger.decode import Sighting, sightings
from allegedly.annotate.claims.tagger.network import Floats, Network, one_thread
from allegedly.annotate.parse import Parsed
from allegedly.annotate.syntax import syntax_of


class View(NamedTuple):
    """What is known of the attributions of one document before anything is decided."""

    quotations: Quotations
    drafts: list[Attribution]
    sightings: list[Sighting]
    own: Floats
    """For each token, the probability that the author speaks there in his or her own voice, then those of the acts."""
    net: Network


def look(parsed: Parsed, net: Network) -> View:
    """Return what rules and network make of `parsed`."""
    s, quotations = syntax_of(parsed), quotations_of(parsed)
    drafts = found_by_rules(s, quotations)
    with one_thread():
        seen, own = sightings(s, drafts, quotations, net)
    return View(quotations, drafts, seen, own, net)
