"""The session process imports the protocol before its first frame: cryptography and cbor2 wait until they are used."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import sys
from kiosk.protocol import attachment, audit, batch, certificate, confirmation, cose, enrolment
from kiosk.protocol import envelope, http_signature, keys, problem
heavy = {"cryptography", "nacl", "cbor2", "httpx", "sqlalchemy", "starlette", "zstandard", "tuf"} & set(sys.modules)
print(",".join(sorted(heavy)))
"""


def test_importing_the_protocol_imports_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
