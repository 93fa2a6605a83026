"""The store key in the keyring of the operating system.

Rules. Only keyrings that encrypt what they hold are used, by an allow list of modules; everything else (keyrings.alt,
null, fail, a plug-in we do not know) is refused by its name. A chain of keyrings is never used as a whole, since it
may fall through to a plain file: its first allowed member is. The library is imported when it is needed, not before.
It does not unlock a keyring by itself and never asks for a password.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.errors import KeyUnavailable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "mydocuments-kiosk"
ALLOWED = frozenset(
    {
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
        "keyring.backends.Windows",
        "keyring.backends.macOS",
    }
)
_CHAINER = "keyring.backends.chainer"
_REMEDY = (
    "start a keyring that encrypts (GNOME Keyring, KWallet, Windows, macOS), or use a systemd credential "
    '(key_slot = "credential")'
)


def name_of(backend: object) -> str:
    """`module.Class` of a backend, the name it is allowed or refused by."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def is_allowed(backend: object) -> bool:
    """Whether the backend is known to encrypt. By module, also those it comes from: macOS has a package."""
    module = type(backend).__module__
    return any(module == name or module.startswith(f"{name}.") for name in ALLOWED)


def choose(backend: KeyringBackend) -> KeyringBackend:
    """The backend itself, or the first allowed member of a chain. Raises KeyUnavailable that names what was refused."""
    if is_allowed(backend):
        return backend
    refused = [name_of(backend)]
    if type(backend).__module__ == _CHAINER:
        members = list(backend.backends)  # type: ignore[attr-defined]
        for member in members:
            if is_allowed(member):
                return member  # type: ignore[no-any-return]
        refused += [name_of(member) for member in members]
    raise KeyUnavailable(f"the keyring {', '.join(refused)} does not keep secrets safe and is refused; {_REMEDY}")


def _backend() -> KeyringBackend:
    try:
        import keyring

        backend = keyring.get_keyring()
    except Exception as error:
        raise KeyUnavailable(f"the keyring cannot be reached ({type(error).__name__}: {error}); {_REMEDY}") from error
    return choose(backend)


def problem() -> str:
    """Why no keyring can be used here, as one sentence; "" when one that encrypts is there. Keeps and reads nothing."""
    try:
        _backend()
    except KeyUnavailable as error:
        return error.engineer
    return ""


def read(user: str) -> bytes | None:
    """The key kept for `user` (a profile id), None when there is none; KeyUnavailable: locked, absent, refused."""
    backend = _backend()
    try:
        text = backend.get_password(SERVICE, user)
    except Exception as error:
        raise KeyUnavailable(
            f"the keyring {name_of(backend)} did not answer ({type(error).__name__}); unlock it and try again"
        ) from error
    if text is None:
        return None
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def write(user: str, raw: bytes) -> None:
    """Keep the key for `user` and read it back. Raises KeyUnavailable."""
    backend = _backend()
    try:
        backend.set_password(SERVICE, user, raw.hex())
    except Exception as error:
        raise KeyUnavailable(
            f"the keyring {name_of(backend)} did not take the key ({type(error).__name__}); unlock it and try again"
        ) from error
    if read(user) != raw:
        raise KeyUnavailable(f"the keyring {name_of(backend)} did not give back the key it was given")


def delete(user: str) -> None:
    """Forget the key of `user`; silently done when there was none. Raises KeyUnavailable."""
    backend = _backend()
    try:
        if backend.get_password(SERVICE, user) is not None:
            backend.delete_password(SERVICE, user)
    except Exception as error:
        raise KeyUnavailable(f"the keyring {name_of(backend)} did not delete ({type(error).__name__})") from error
