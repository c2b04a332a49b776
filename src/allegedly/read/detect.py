"""Which reader reads a stream, and reading it.

To add a reader: write a class with `name`, `summary`, `endings`, `sniff` and `read` (`allegedly.read._base.Reader`) in
a module of its own that imports heavy libraries only when it reads, add an instance to `READERS`, and add a fixture
and a page under ``docs/formats/``.

`sniff` judges by `stream.head` (the first 64 KiB), and by the name only where content cannot tell. Its scale:

* 0.95: one dialect of a format and nothing else (a Telegram export among JSON files, a saved chat among HTML pages);
* 0.8: the format itself, by its magic bytes or its structure;
* 0.5: likely the format, with the name's help;
* 0.1 to 0.3: the last resort (plain text);
* 0: not this.

The surest reader wins; among equals the first of the list. A container's reader yields streams instead of documents:
they come back here one by one.
"""

from __future__ import annotations

from allegedly.read._base import Reader

READERS: list[Reader] = []
