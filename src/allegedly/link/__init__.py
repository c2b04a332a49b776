"""Link: what belongs together across documents. Pure functions over rows; the result never depends on their order."""

from allegedly.link.update import link

__all__ = ["link"]
