"""What a child of these tests will need, imported once before it is forked. Starts no thread, makes no randomness."""

from __future__ import annotations

import cryptography.hazmat.primitives.asymmetric.ed25519
import cryptography.hazmat.primitives.hpke
import httpx
import uuid_utils
import uvicorn

import kiosk.backend.app
import kiosk.backend.server
import kiosk.forms.definition
import kiosk.passes.receipt_code
import kiosk.protocol.envelope
import kiosk.sync.published
import kiosk.sync.trusted
import tests.soak.children

__all__ = ["cryptography", "httpx", "kiosk", "tests", "uuid_utils", "uvicorn"]
