"""The library of CEL without its command line.

Rules. `import cel` brings a shell with it (typer, prompt_toolkit: 170 ms), and a form is opened while its visitor
waits. Of the package common-expression-language only the Rust extension is loaded, once; where it does not stand in its
place, the whole package is. Nothing here knows forms.
"""

from __future__ import annotations

import importlib
import sys
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

_EXTENSION = "cel.cel"


@cache
def library() -> Any:
    """The module with `compile` and `Context`."""
    package = find_spec("cel")
    folders = package.submodule_search_locations if package and "cel" not in sys.modules else None
    for folder in folders or ():
        for suffix in EXTENSION_SUFFIXES:
            path = Path(folder) / f"cel{suffix}"
            spec = spec_from_file_location(_EXTENSION, path) if path.is_file() else None
            if spec is not None and spec.loader is not None:
                module = module_from_spec(spec)
                # Whoever imports the package afterwards finds it here: it can be made only once.
                sys.modules[_EXTENSION] = module
                spec.loader.exec_module(module)
                return module
    return importlib.import_module("cel")
