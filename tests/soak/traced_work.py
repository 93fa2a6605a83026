"""A desk and an updater in one thread, for tests/helpers/traced_disk.py: every promise is one line on standard output.

python -m tests.soak.traced_work PROFILE ROOT RECEIPTS BUG REPOSITORY...
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kiosk.desk.applications import Application, Counter
from kiosk.model.form import FormDefinition
from kiosk.model.service import Service
from kiosk.store import documents, keys
from kiosk.store.database import open_store
from kiosk.sync import published
from tests.helpers.profiles import SERVICE
from tests.soak import bugs


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def main(profile: Path, root: bytes, receipts: int, bug: str, repositories: list[Path]) -> None:
    bugs.plant(bug)
    key = keys.load(profile, allow_file=True)
    with open_store(profile, key) as store:
        form = documents.get(store, f"service/{SERVICE}", Service).form
        answers = documents.get(store, f"form/{form}", FormDefinition).examples[0]
        counter = Counter(profile, key)
        for repository in [*repositories, None]:
            for _ in range(receipts):
                say(f"receipt {counter.submit(Application(SERVICE, answers, 'ru', True)).submission}")
            if repository is not None:
                say(f"version {published.update(store, root=root, directory=repository).version}")


if __name__ == "__main__":
    profile, root, receipts, bug, *repositories = sys.argv[1:]
    main(Path(profile), Path(root).read_bytes(), int(receipts), bug, list(map(Path, repositories)))
