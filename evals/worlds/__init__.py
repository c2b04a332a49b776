"""Simulated worlds with truth: who posts the same items when, by habit, by news, or by copying.

Import with ``evals`` on the path: ``from worlds import FAMILIES, RingSpec, world``.
"""

from worlds.families import FAMILIES, Family, world
from worlds.records import RingSpec, World

__all__ = ["FAMILIES", "Family", "RingSpec", "World", "world"]
