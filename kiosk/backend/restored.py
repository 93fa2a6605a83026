"""What an operator does once after an older copy of the database was put back (docs/operations.md).

Rules. Submissions come back by themselves: kiosks hold the signed words and offer again what is missing. What nobody
can give back are the registration numbers of the lost time: applicants may have been told them. So the counter of the
year jumps far ahead, and no number is ever given to two applications. The gap is the price, and it is logged. And
attachments whose bytes are gone are awaited again at once, even when nothing at all is left of their place.
"""

from __future__ import annotations

from datetime import datetime

from kiosk.backend import tables
from kiosk.backend.checking import MOSCOW
from kiosk.backend.database import Database, insert_or
from kiosk.backend.settings import BackendSettings
from kiosk.backend.upload_keeping import Swept, sweep
from kiosk.backend.upload_place import Folder
from kiosk.log import logger

JUMP = 100_000
_log = logger("backend")


def skip_numbers(settings: BackendSettings, now: float, jump: int = JUMP) -> int:
    """Move the counter of this year ahead; the last number that will not be given. Raises ConfigurationError."""
    year = datetime.fromtimestamp(now, MOSCOW).year
    database = Database(settings)
    try:
        with database.write() as connection:
            step = insert_or(connection, tables.numbers).values(year=year, last=jump)
            ahead = tables.numbers.c.last + jump
            step = step.on_conflict_do_update(index_elements=["year"], set_={"last": ahead})
            reached = int(connection.execute(step.returning(tables.numbers.c.last)).scalar_one())
    finally:
        database.close()
    _log.warning("registration numbers were skipped after a restore", year=year, until=reached)
    return reached


def compare_uploads(settings: BackendSettings, now: float) -> Swept:
    """Await attachments again whose bytes are gone, and sweep what has no row. Raises ConfigurationError."""
    database = Database(settings)
    try:
        place = Folder(settings.upload_folder())
        return sweep(database, place, now, settings.attachments_wait_days, lost=True)
    finally:
        database.close()
