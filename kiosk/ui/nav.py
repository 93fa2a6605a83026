"""Where a visitor is, and the way back: plain values, no Qt.

Rules. Welcome is the bottom and is never gone back to (leaving is "End", not "Back"). Home starts the way anew.
A page that is opened again with the same subject is not stacked twice. After a receipt nothing leads back into
the form that was sent: the way is cut to Home. It knows names of pages only, not what they show.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

PAGES: Final = (
    "Welcome", "Home", "Themes", "Theme", "Event", "Events", "Results", "Service", "Guide", "Form", "Check",
    "Receipt", "Code", "Saved", "Resume", "Phone", "Help", "Applications", "Resources", "Resource", "News", "Centres",
    "Places", "OutOfService",
)  # fmt: skip


class Place(Struct, frozen=True):
    """A page and its subject (a theme id, a service id, a topic), "" where it has none."""

    page: str
    subject: str = ""


class Way:
    """The places of one visit, oldest first."""

    def __init__(self) -> None:
        self._places = [Place("Welcome")]

    @property
    def here(self) -> Place:
        return self._places[-1]

    @property
    def can_go_back(self) -> bool:
        return len(self._places) > 1 and self._places[-2].page != "Welcome" and self.here.page != "OutOfService"

    def open(self, page: str, subject: str = "") -> Place:
        """Go to a page. Raises ValueError for a page that does not exist."""
        if page not in PAGES:
            raise ValueError(f"no page {page!r}")
        place = Place(page, subject)
        if page in ("Welcome", "OutOfService"):
            self._places = [place]
        elif page == "Home":
            self._places = [Place("Welcome"), place]
        elif page == "Receipt":
            self._places = [Place("Welcome"), Place("Home"), place]
        elif page == "Results" and self.here.page == "Results":
            self._places[-1] = place
        elif place != self.here:
            self._places.append(place)
        return place

    def back(self) -> Place:
        """One place back; stays where there is no way back."""
        if self.can_go_back:
            self._places.pop()
        return self.here

    def back_to(self, page: str) -> Place:
        """Back to the latest place of that page; opens it if it is not on the way."""
        for at in range(len(self._places) - 1, -1, -1):
            if self._places[at].page == page:
                del self._places[at + 1 :]
                return self.here
        return self.open(page)
