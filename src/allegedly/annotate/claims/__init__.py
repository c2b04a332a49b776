"""Claims: who says what, and what the author says in the own voice."""

from allegedly.annotate.claims.find import find_claims, own_voice

__all__ = ["find_claims", "own_voice"]
