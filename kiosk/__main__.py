"""`python -m kiosk` and the console script `kiosk`."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    if sys.argv[1:] == ["session"]:  # a visitor waits for this one: no parser of arguments, no list of commands
        gc.disable()  # the session collects on its main thread, once it is drawn (kiosk.ui.engine.Collector)
        from kiosk.cli.session import run as run_session

        return run_session()
    from kiosk.cli.main import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
