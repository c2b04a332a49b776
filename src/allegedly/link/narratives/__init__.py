"""Narratives: the same claim in several documents, who was first, who echoed it, and who denies it."""

from allegedly.link.narratives.sketch import Sketcher
from allegedly.link.narratives.update import link_narratives

__all__ = ["Sketcher", "link_narratives"]
