"""Published content as static files, for small installations and tests; larger ones put it on any web server.

Rules. Files named by their content never change and may be kept for ever; metadata is asked for each time, with an
ETag. Ranges work, so a cut download goes on. What is missing is answered in a few bytes: python-tuf asks for
the next root every time and is told 404.
"""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from kiosk.protocol import problem

_FOR_EVER = "public, max-age=31536000, immutable"
_MISSING = b'{"status":404}'
_FOLDERS = ("metadata", "targets", "documents")


class PublishedFiles(StaticFiles):
    """The three folders of a repository. Its folder may appear later."""

    def __init__(self, repo: Path) -> None:
        super().__init__(directory=repo, check_dir=False)
        self.config_checked = True

    async def get_response(self, path: str, scope: Scope) -> Response:
        folder, _, name = Path(path).as_posix().partition("/")
        if folder not in _FOLDERS or name.startswith("."):
            return _missing()
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code in (401, 404):
                return _missing()
            raise
        except OSError:  # a folder that is not there yet
            return _missing()
        if response.status_code in (200, 206, 304):
            response.headers["Cache-Control"] = "no-cache" if folder == "metadata" else _FOR_EVER
        return response


def _missing() -> Response:
    return Response(_MISSING, 404, media_type=problem.CONTENT_TYPE)
