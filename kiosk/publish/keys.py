"""The keys that sign published content: one Ed25519 key for each TUF role.

Rules. `<folder>/<role>.pem` (PKCS 8, 0600) for root, targets, snapshot and timestamp; made at the first use of an empty
folder and never again: a folder that holds some of them and not others is refused, since a new key in its place would
be trusted by nobody. Files that others may read are refused. The root key belongs on a stick in a safe: `sign` needs
it only when a new root is due. `root.json` beside the keys is what a kiosk is shipped with.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.errors import ConfigurationError
from kiosk.publish import files

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner

ROLES = ("root", "targets", "snapshot", "timestamp")
ROOT_FILE = "root.json"
_RETIRED = ".retired.pem"


class PublishKeys:
    """The signers of a folder. `former_root` signs a new root too, after the root key was rotated."""

    def __init__(self, folder: Path, signers: dict[str, CryptoSigner], former_root: CryptoSigner | None) -> None:
        self.folder = folder
        self.signers = signers
        self.former_root = former_root


def load_or_make(folder: Path) -> PublishKeys:
    """The keys of a folder, made where it has none yet. Raises ConfigurationError, EnvironmentFault."""
    there = [role for role in ROLES if _path(folder, role).exists()]
    if not there:
        for role in ROLES:
            _make(folder, role)
        files.sync_folder(folder)
    elif len(there) < len(ROLES):
        missing = ", ".join(f"{role}.pem" for role in ROLES if role not in there)
        raise ConfigurationError(f"the key folder {folder} lacks {missing}; put the files back from their copy")
    former = folder / f"root{_RETIRED}"
    return PublishKeys(
        folder,
        {role: _load(_path(folder, role)) for role in ROLES},
        _load(former) if former.exists() else None,
    )


def rotate(folder: Path, role: str) -> None:
    """Put a new key in the place of a role's; the next publishing signs a new root that names it.

    The key before stays as `<role>.retired.pem`: the next root needs the former root's signature. Raises
    ConfigurationError for a role or key that is not there.
    """
    if role not in ROLES or not _path(folder, role).exists():
        raise ConfigurationError(f"the key folder {folder} has no key of the role {role}")
    _path(folder, role).replace(folder / f"{role}{_RETIRED}")
    _make(folder, role)
    files.sync_folder(folder)


def _path(folder: Path, role: str) -> Path:
    return folder / f"{role}.pem"


def _make(folder: Path, role: str) -> None:
    from securesystemslib.signer import CryptoSigner

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files.write(_path(folder, role), CryptoSigner.generate_ed25519().private_bytes, 0o600)


def _load(path: Path) -> CryptoSigner:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from securesystemslib.signer import CryptoSigner

    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise ConfigurationError(f"others may read the signing key {path}; make it 0600")
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise ConfigurationError(f"the signing key {path} cannot be read: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigurationError(f"the signing key {path} is not an Ed25519 key")
    return CryptoSigner(key)
