"""What python-tuf lets us trust: the metadata of one refresh, and targets under it.

Rules. Trust is decided by `tuf.ngclient.Updater` alone: rollback, freeze, mix-and-match, endless data and foreign
signatures end there. It runs over a scratch folder made from the store's bytes (ngclient writes without fsync, and with
an empty folder it would accept a rollback); what it has verified goes back to the store, after failures too. Whatever
comes from outside ends in one of two errors: NetworkFault (no body, a cut one, one that is not metadata at all) or
ContentRefused (a body that must not be believed). It knows no documents. tests/conformance drives it through the
suite of the TUF project.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct
from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import TargetFile
from tuf.api.serialization import DeserializationError
from tuf.ngclient import Updater

from kiosk.errors import ContentRefused, NetworkFault
from kiosk.protocol import manifest
from kiosk.protocol.manifest import ContentIndex
from kiosk.sync.fetcher import Fetcher

T = TypeVar("T")
_ROOT = "root.json"
_HISTORY = "root_history"


class Source(Struct, frozen=True):
    """Where the three kinds of files are: addresses without a slash at the end."""

    metadata: str
    targets: str
    documents: str

    @classmethod
    def under(cls, base_url: str) -> Source:
        """The usual house: metadata/, targets/, documents/ under one address."""
        base_url = base_url.rstrip("/")
        return cls(f"{base_url}/metadata", f"{base_url}/targets", f"{base_url}/documents")


class Trusted:
    """One refresh over one source, from `known` metadata in a new `scratch` folder, judged `at` UNIX seconds."""

    def __init__(
        self,
        fetcher: Fetcher,
        source: Source,
        root: bytes,
        known: Mapping[str, bytes],
        scratch: Path,
        at: float,
    ) -> None:
        self._fetcher = fetcher
        self._source = source
        self.at = at
        self._metadata = scratch / "metadata"
        _lay_out(self._metadata, known)
        try:
            self._updater = Updater(
                str(self._metadata),
                source.metadata,
                str(scratch),
                source.targets,
                fetcher,
                bootstrap=root,
            )
        except RepositoryError as error:
            raise ContentRefused(f"the TUF root that this device was given is not one: {error}") from error
        # One clock decides: ours, which tests turn. ngclient offers no other way in.
        self._updater._trusted_set.reference_time = datetime.fromtimestamp(at, UTC)

    def refresh(self) -> None:
        """Fetch and verify the metadata. Raises NetworkFault, ContentRefused."""
        with _judged("the published metadata"):
            self._updater.refresh()

    def index(self) -> ContentIndex:
        """What the signed target `pack` says about the content. Raises ContentRefused."""
        custom = self._target(manifest.PACK).custom
        try:
            return msgspec.convert(custom, ContentIndex)
        except msgspec.ValidationError as error:
            raise ContentRefused(f"the published content is of a kind this version cannot read: {error}") from error

    def metadata(self) -> dict[str, bytes]:
        """Every verified file by its name, for the store."""
        files = sorted((self._metadata / _HISTORY).glob("*.root.json"))
        # root.json is a link into the history; a role's name is quoted by ngclient and holds no slash.
        files += sorted(path for path in self._metadata.glob("*.json") if path.name != _ROOT)
        return {path.relative_to(self._metadata).as_posix(): path.read_bytes() for path in files}

    def root(self) -> bytes:
        """The newest verified root."""
        return (self._metadata / _ROOT).read_bytes()

    def sha256(self, name: str) -> bytes:
        """The signed hash of a target. Raises ContentRefused when there is no such target, or no such hash."""
        hashes = self._target(name).hashes
        if "sha256" not in hashes:
            raise ContentRefused(f"the target {name} is published without its SHA-256")
        return bytes.fromhex(hashes["sha256"])

    def fetch(self, name: str) -> bytes:
        """A target, verified. Raises NetworkFault, ContentRefused."""
        return self.keep(name).read_bytes()

    def keep(self, name: str, folder: Path | None = None) -> Path:
        """The file of a verified target, in `folder` (default: scratch); one that is there already is not fetched.

        Raises NetworkFault, ContentRefused.
        """
        target = self._target(name)
        path = str(folder / quote(name, safe="")) if folder else None

        def once() -> Path:
            there = self._updater.find_cached_target(target, path)
            return Path(there or self._updater.download_target(target, path))

        return self._again_if_continued(name, target.length, once)

    def document(self, name: str, sha256: bytes, expand: Callable[[bytes], bytes], most: int) -> bytes:
        """A document file under its signed hash. Raises NetworkFault, ContentRefused."""
        url = f"{self._source.documents}/{name}"

        def once() -> bytes:
            body = expand(self._fetcher.download_bytes(url, most))
            if hashlib.sha256(body).digest() != sha256:
                raise ContentRefused(f"the document {name} is not what was signed")
            return body

        return self._again_if_continued(name, 0, once)

    def _again_if_continued(self, name: str, length: int, once: Callable[[], T]) -> T:
        """Fetch. What an earlier attempt left may be a bad mirror's: a wrong body that began with it comes anew."""
        for attempt in (1, 2):
            try:
                with _judged(f"published/{name}"):
                    return once()
            except ContentRefused as refused:
                url = self._fetcher.url
                self._fetcher.forget(url)
                if self._fetcher.continued and attempt == 1:
                    continue
                if self._fetcher.last < length:
                    raise NetworkFault(f"{url} ended after {self._fetcher.last} of {length} bytes") from refused
                raise
        raise AssertionError("the second attempt returns or raises")

    def _target(self, name: str) -> TargetFile:
        with _judged("the published metadata"):
            found = self._updater.get_targetinfo(name)
        if found is None:
            raise ContentRefused(f"the published content lacks its target {name}")
        return found


def _lay_out(folder: Path, known: Mapping[str, bytes]) -> None:
    (folder / _HISTORY).mkdir(parents=True)
    for name, data in known.items():
        where = name.removeprefix(f"{_HISTORY}/")
        if where.endswith(".json") and "/" not in where and where != _ROOT:
            (folder / name).write_bytes(data)


@contextmanager
def _judged(what: str) -> Generator[None]:
    """Turn python-tuf's errors into ours."""
    try:
        yield
    except DownloadLengthMismatchError as error:
        raise ContentRefused(
            f"{what} is longer than it may be, endless perhaps; it was not read on: {error}"
        ) from error
    except DownloadHTTPError as error:
        raise NetworkFault(f"{what} is not there: {error}") from error
    except DownloadError as error:
        raise NetworkFault(f"{what} could not be fetched: {error}") from error
    except DeserializationError as error:
        raise NetworkFault(f"{what} is not metadata but something else; is there a network's page between?") from error
    except ExpiredMetadataError as error:
        raise ContentRefused(f"{what} has expired: the source is stale or the clock is wrong ({error})") from error
    except BadVersionNumberError as error:
        raise ContentRefused(f"{what} is older than what is known already: a rollback ({error})") from error
    except UnsignedMetadataError as error:
        raise ContentRefused(f"{what} is not signed by the keys that this device trusts ({error})") from error
    except LengthOrHashMismatchError as error:
        raise ContentRefused(f"{what} is not what was signed ({error})") from error
    except RepositoryError as error:
        raise ContentRefused(f"{what} is refused: {error}") from error
