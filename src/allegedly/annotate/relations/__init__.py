"""Signed ties between actors, each with the holder who asserts it."""

from allegedly.annotate.relations.find import find_relations

__all__ = ["find_relations"]
