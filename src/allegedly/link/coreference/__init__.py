"""Which words in several documents tell of one event: a trained pair score, and clusters by average linkage."""
