"""Allegedly: who says who did it, when they said it, and who says it with them."""

__version__ = "0.1.0"
