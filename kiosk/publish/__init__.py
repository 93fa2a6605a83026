"""The editors' side: check sources, compile documents, sign the repository."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.model.content import BackendKeys
    from kiosk.publish.repository import PublishReport


def publish(
    source: Path,
    repo: Path,
    keys: Path,
    *,
    backend_keys: BackendKeys | None,
    now: Callable[[], float] = time.time,
) -> PublishReport:
    """Check the sources in `source`, compile them and sign the repository `repo` with the keys in `keys`.

    `keys` gets its keys at the first use, and `root.json`, which a device is shipped with. Raises SourceRefused with
    every problem, ConfigurationError for the keys, StorageFull, EnvironmentFault; then the repository is unchanged.
    """
    # They load python-tuf and the forms engine, which the command line does not wait for.
    from kiosk.publish.compile import compile_source
    from kiosk.publish.keys import load_or_make
    from kiosk.publish.repository import write

    documents = compile_source(source, backend_keys=backend_keys)
    return write(repo, documents, load_or_make(keys), now=now)
