"""Where a person keeps papers: the folder that a save dialog begins in, and the name it offers.

Rules. The documents folder of the desktop, else the home folder: a place that exists. A name keeps its letters; signs
that a file system may refuse become dashes. It writes nothing.
"""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QUrl

LONGEST = 100
_REFUSED = re.compile(r'[\x00-\x1f\\/:*?"<>|]+')


def folder() -> Path:
    """The documents folder, or the home folder where there is none."""
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return documents if documents.is_dir() else Path.home()


def file_name(title: str) -> str:
    """`title`.pdf as a name that every file system takes."""
    return (_REFUSED.sub("-", title).strip(" .-")[:LONGEST].strip() or "document") + ".pdf"


def offered(title: str) -> str:
    """The file that a save dialog offers, as a file: URL."""
    return QUrl.fromLocalFile(str(folder() / file_name(title))).toString()
