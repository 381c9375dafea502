"""Books that many tests begin with: made by the program once in a worker, and copied after.

A copy is the same files byte for byte, and each test has its own, so none sees what another wrote.
What is copied was made by `Book.init`, `import_files`, `log` and `close` with the same arguments.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from pathlib import Path

from carbon.book import Book

MOST = 80  # books held at once, of 1 to 3 MB each
ROOT = tempfile.TemporaryDirectory(prefix="carbon-books-")  # removed when the worker ends
HELD: OrderedDict[Hashable, Path] = OrderedDict()


def begun(folder: Path, name: str, region: str, today: date | None = None) -> Book:
    """A new book, as `Book.init` leaves it."""
    key = ("begun", name, region)
    return kept(key, folder, lambda: Book.init(folder, name, region, today), today)


def kept(
    key: Hashable, folder: Path, made: Callable[[], object], today: date | None = None
) -> Book:
    """The book that `made` makes in a folder; of one key it is made only once.

    key : everything that it is made of.
    """
    held = HELD.pop(key, None)
    if held is None:
        made()
        held = Path(tempfile.mkdtemp(dir=ROOT.name)) / "book"
        shutil.copytree(folder, held)
    else:
        shutil.copytree(held, folder, dirs_exist_ok=True)
    HELD[key] = held
    if len(HELD) > MOST:
        shutil.rmtree(HELD.popitem(last=False)[1].parent)
    return Book(folder, today)
