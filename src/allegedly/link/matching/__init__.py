"""Which texts say the same: an index that grows on disk, by words within a language, by meaning in and across them."""

from allegedly.link.matching.matcher import Candidate, Matcher
from allegedly.link.matching.texts import Text

__all__ = ["Candidate", "Matcher", "Text"]
