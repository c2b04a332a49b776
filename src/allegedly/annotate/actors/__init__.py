"""Actors: who acts or speaks, under which names."""

from allegedly.annotate.actors.cast import Cast
from allegedly.annotate.actors.find import find_actors

__all__ = ["Cast", "find_actors"]
