"""What the benchmarks run on: the real published documents, and more of them where a figure asks for it."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

import msgspec

from kiosk import resources
from kiosk.model.content import BackendKeys, Document
from kiosk.model.service import Service
from kiosk.model.text import Text
from kiosk.protocol import keys
from kiosk.protocol.pack import canonical

SEED = 819
NOT_AFTER = "2099-12-31"


class Authority(msgspec.Struct, frozen=True):
    """The backend's keys of one run: the published halves, and the one that signs device certificates."""

    published: BackendKeys
    device: keys.SigningKey


@cache
def authority() -> Authority:
    confirmation, device = keys.make_signing_key("confirmation"), keys.make_signing_key("device-authority")
    _, recipient = keys.make_recipient(keys.X_WING, NOT_AFTER)
    return Authority(BackendKeys((recipient,), (confirmation.verification(),), (device.verification(),)), device)


@cache
def documents() -> tuple[Document, ...]:
    """Every document of the real sources, as `kiosk publish` compiles them."""
    from kiosk.publish.compile import compile_source

    return tuple(compile_source(resources.root(), backend_keys=authority().published))


@cache
def root() -> bytes:
    """A TUF root of the run, for an engine whose network is down."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        return publish_to(Path(folder))


def publish_to(folder: Path) -> bytes:
    """Publish the real sources into `folder`/content; the root that a device is given."""
    from kiosk.publish import publish

    publish(resources.root(), folder / "content", folder / "signing", backend_keys=authority().published)
    return (folder / "signing" / "root.json").read_bytes()


def grown(real: Sequence[Document], count: int) -> list[Document]:
    """The documents with services added until there are `count`: copies whose titles are recombined inside a theme.

    Each copy has the first half of one title and the second half of another, in both languages; seeded.
    """
    random = Random(SEED)
    services = [msgspec.json.decode(one.body, type=Service) for one in real if one.id.startswith("service/")]
    of_theme: dict[str, list[Service]] = defaultdict(list)
    for service in services:
        of_theme[service.theme].append(service)
    added = []
    for number in range(count - len(services)):
        first = random.choice(services)
        second = random.choice(of_theme[first.theme])
        title = Text(_joined(first.title.ru, second.title.ru), _joined(first.title.en, second.title.en))
        copy = msgspec.structs.replace(first, id=f"C{number:05d}", title=title, short_title=None)
        added.append(Document(f"service/{copy.id}", canonical(copy)))
    return [*real, *added]


def _joined(first: str, second: str) -> str:
    left, right = first.split(), second.split()
    return " ".join([*left[: -(-len(left) // 2)], *right[len(right) // 2 :]])
