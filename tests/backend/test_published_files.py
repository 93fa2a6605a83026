"""Published content over HTTP: cheap when nothing changed, tiny when missing, and nothing outside its folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend import site as sites
from tests.backend.site import Site


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    tmp_path = tmp_path_factory.mktemp("site")
    repo = tmp_path / "repo"
    for folder in ("metadata", "targets", "documents"):
        (repo / folder).mkdir(parents=True)
        (repo / folder / "one").write_bytes(b"0123456789")
    (repo / "secret").write_bytes(b"secret")
    (repo / "metadata" / ".hidden").write_bytes(b"secret")
    (tmp_path / "outside").write_bytes(b"secret")
    (repo / "targets" / "link").symlink_to(tmp_path / "outside")
    with sites.running(sites.settings(tmp_path, content=repo)) as site:
        yield site


def test_an_etag_spares_the_body(published: Site) -> None:
    url = published.url + "/content/metadata/one"
    first = published.client.get(url)
    assert (first.status_code, first.content, first.headers["cache-control"]) == (200, b"0123456789", "no-cache")
    again = published.client.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_content_addressed_files_may_be_kept(published: Site) -> None:
    assert "immutable" in published.client.get(published.url + "/content/documents/one").headers["cache-control"]


def test_a_cut_download_goes_on(published: Site) -> None:
    response = published.client.get(published.url + "/content/targets/one", headers={"Range": "bytes=4-"})
    assert (response.status_code, response.content) == (206, b"456789")


@pytest.mark.parametrize(
    "path",
    [
        "metadata/2.root.json",
        "metadata/",
        "metadata",
        "",
        "secret",
        "metadata/.hidden",
        "targets/link",
        "targets/%2e%2e/secret",
        "..%2foutside",
        "targets/..%2f..%2foutside",
        "metadata/" + "x" * 300,
        "metadata/%00",
    ],
)
def test_what_is_missing_is_told_in_a_few_bytes(published: Site, path: str) -> None:
    response = published.client.get(f"{published.url}/content/{path}")
    assert response.status_code == 404
    assert len(response.content) < 40 and b"secret" not in response.content


def test_content_that_appears_later_is_served(tmp_path: Path) -> None:
    repo = tmp_path / "later"
    with sites.running(sites.settings(tmp_path, content=repo)) as site:
        url = site.url + "/content/metadata/timestamp.json"
        assert site.client.get(url).status_code == 404
        (repo / "metadata").mkdir(parents=True)
        (repo / "metadata" / "timestamp.json").write_bytes(b"{}")
        assert site.client.get(url).content == b"{}"
