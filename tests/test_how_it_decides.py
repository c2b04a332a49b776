"""The examples of docs/how-it-decides.md are what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from claiming import claims_of, told

PAGE = Path(__file__).parents[1] / "docs" / "how-it-decides.md"
BLOCKS = re.findall(r"^```claims\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_page_has_examples() -> None:
    assert len(BLOCKS) > 10


@pytest.mark.parametrize("block", BLOCKS)
def test_example(block: str) -> None:
    text, *expected = block.splitlines()
    found = [(*told(text, claim), claim.act) for claim in claims_of(text)]
    assert ["- " + " | ".join((speaker or "nobody", *rest)) for speaker, *rest in found] == expected
