"""A folder of texts that grows: a list of segments, merged as they pile up.

```
FOLDER/
  texts.json        the segments that count, and how vectors were made; replaced whole
  <number>/         segments, see `segment`
```

One process may add at a time; others may read meanwhile, and see what was there when they opened it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import msgspec

from allegedly.link.matching.segment import Segment, join, write
from allegedly.link.matching.texts import Text

_LIST = "texts.json"


class _Listed(msgspec.Struct, frozen=True):
    segments: tuple[int, ...] = ()
    made: int = 0
    vectors: str = ""
    """Digest of the model whose vectors are kept."""


class Store:
    """The texts at `folder`, which is made if it is not there."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        listed = folder / _LIST
        self._listed = msgspec.json.decode(listed.read_bytes(), type=_Listed) if listed.exists() else _Listed()
        self.segments = [Segment(folder / str(n)) for n in self._listed.segments]
        self._known: dict[str, tuple[Segment, int]] = {}
        for segment in self.segments:
            self._learn(segment)

    def __len__(self) -> int:
        return len(self._known)

    def add(self, texts: Iterable[Text]) -> int:
        """Add texts whose ids are not there yet; return how many were added."""
        new = {text.id: text for text in texts if text.id not in self._known}
        if new:
            place = self._folder / str(self._listed.made)
            shutil.rmtree(place, ignore_errors=True)  # left behind by a run that was killed
            write(list(new.values()), place)
            self._list((*self._listed.segments, self._listed.made))
            self.segments.append(self._learn(Segment(place)))
            self._merge()
        return len(new)

    def place(self, id: str) -> tuple[Segment, int] | None:
        """Return where a text lies, None where it is not here."""
        return self._known.get(id)

    def _learn(self, segment: Segment) -> Segment:
        self._known.update((id, (segment, n)) for n, id in enumerate(segment.ids()))
        return segment

    def use_vectors(self, digest: str) -> None:
        """Forget vectors of another model than that of `digest`."""
        if self._listed.vectors not in ("", digest):
            for segment in self.segments:
                segment.forget()
        if self._listed.vectors != digest:
            self._list(self._listed.segments, 0, digest)

    def _merge(self) -> None:
        """Join the last segments while the last is at least half as large as the one before: few stay, for any size."""
        while len(self.segments) > 1 and 2 * len(self.segments[-1]) > len(self.segments[-2]):
            place = self._folder / str(self._listed.made)
            shutil.rmtree(place, ignore_errors=True)
            joined = self.segments[-2:]
            join(joined, place)
            self._list((*self._listed.segments[:-2], self._listed.made))
            self.segments[-2:] = [self._learn(Segment(place))]
            for segment in joined:
                shutil.rmtree(segment.folder, ignore_errors=True)

    def _list(self, segments: tuple[int, ...], made: int = 1, vectors: str | None = None) -> None:
        digest = self._listed.vectors if vectors is None else vectors
        self._listed = _Listed(segments, self._listed.made + made, digest)
        draft = self._folder / f"{_LIST}.tmp"
        draft.write_bytes(msgspec.json.encode(self._listed))
        draft.replace(self._folder / _LIST)
