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

    A form that judges otherwise than the one that `repo` has under the same version is a problem as well.
    `keys` gets its keys at the first use, and `root.json`, which a device is shipped with. Raises SourceRefused with
    every problem, ConfigurationError for the keys, StorageFull, EnvironmentFault; then the repository is unchanged.
    """
    # They load python-tuf and the forms engine, which the command line does not wait for.
    from kiosk.publish import compile as compiling
    from kiosk.publish import repository, versions
    from kiosk.publish.check import check
    from kiosk.publish.keys import load_or_make

    content = compiling.read(source)
    compiling.refuse(check(content))
    documents = compiling.documents(content, backend_keys)
    signing = load_or_make(keys)
    compiling.refuse(versions.problems(repository.forms_replaced(repo, documents, signing), content.forms))
    return repository.write(repo, documents, signing, now=now)
