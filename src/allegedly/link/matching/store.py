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

from allegedly.errors import AllegedlyError
from allegedly.link.matching.segment import Segment, join, write
from allegedly.link.matching.texts import Text

_LIST, _DRAFT = "texts.json", "texts.json.tmp"


class _Listed(msgspec.Struct, frozen=True):
    segments: tuple[int, ...] = ()
    made: int = 0
    vectors: str = ""
    """Digest of the model whose vectors are kept."""


class Store:
    """The texts at `folder`, which is made if it is not there.

    Raises:
        AllegedlyError: the folder holds something else, or a damaged store.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, tuple[Segment, int]] = {}
        self._listed, self.segments = _Listed(), list[Segment]()
        if (folder / _LIST).exists():
            self._read()
        else:
            self._make()

    def _make(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if any(path.name != _DRAFT for path in self._folder.iterdir()):
            raise AllegedlyError(f"{self._folder}: holds something else than texts to match; name another folder")
        self._list((), 0)

    def _read(self) -> None:
        """Open what the list names, again where it was replaced meanwhile."""
        while True:
            listed = (self._folder / _LIST).read_bytes()
            try:
                self._open(msgspec.json.decode(listed, type=_Listed))
                return
            except (OSError, ValueError, IndexError, EOFError, msgspec.DecodeError) as error:
                if (self._folder / _LIST).read_bytes() == listed:
                    what = f"{self._folder}: texts to match are damaged ({error}); delete the folder and add them again"
                    raise AllegedlyError(what) from error

    def _open(self, listed: _Listed) -> None:
        self._listed, self._known = listed, {}
        self.segments = [self._learn(Segment(self._folder / str(n))) for n in listed.segments]

    def __len__(self) -> int:
        return len(self._known)

    def add(self, texts: Iterable[Text]) -> int:
        """Add texts whose ids are not there yet; return how many were added."""
        new: dict[str, Text] = {}
        for text in texts:
            if text.id not in self._known:
                new.setdefault(text.id, text)  # as if they had come one after the other
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
        draft = self._folder / _DRAFT
        draft.write_bytes(msgspec.json.encode(self._listed))
        draft.replace(self._folder / _LIST)
