"""The reference backend: ASGI, SQL, static published content.

`backend_keys` gives the public keys that `kiosk publish` puts among the published documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.backend.settings import BackendSettings
    from kiosk.model.content import BackendKeys


def backend_keys(settings: BackendSettings) -> BackendKeys:
    """The backend's public keys and its revoked devices. Makes keys and database at the first call.

    Raises ConfigurationError.
    """
    from kiosk.backend import devices, keys
    from kiosk.backend.database import Database

    private = keys.load(settings)
    database = Database(settings)
    try:
        with database.read() as connection:
            return private.public(devices.revoked(connection))
    finally:
        database.close()
