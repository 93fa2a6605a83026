"""A service in the visitor's words: price, term, audience, result row.

Rules. The fee is the one valid today and
carries the year of its tariff where it is older than this year. Not known stays unsaid. No Qt.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

from kiosk.model.service import Fee
from kiosk.paper.dates import rubles
from kiosk.ui.visit import Visit

AUDIENCE_ICONS = {"citizen": "user", "organisation": "building", "foreigner": "world"}


def fee_today(fees: Sequence[Fee], today: date) -> Fee | None:
    """The fee that is valid today; before the first one begins, the first."""
    valid = [fee for fee in fees if fee.valid_from <= today.isoformat()]
    return valid[-1] if valid else (fees[0] if fees else None)


def cost_text(visit: Visit, fees: Sequence[Fee]) -> str:
    """«1500 ₽», «Бесплатно», or "" where it is not known."""
    fee = fee_today(fees, visit.today())
    if fee is None:
        return ""
    return rubles(fee.kopecks) if fee.kopecks else visit.t("service.free")


def marked(title: str, marks: Sequence[tuple[int, int]]) -> str:
    """The title as rich text, the spans in `<b>`; everything else escaped, spans outside the title ignored."""
    parts, at = [], 0
    for start, end in sorted(marks):
        if at <= start < end <= len(title):
            parts += [escape(title[at:start]), "<b>", escape(title[start:end]), "</b>"]
            at = end
    return "".join([*parts, escape(title[at:])])


def service_row(visit: Visit, service: Any, marks: Sequence[tuple[int, int]] = ()) -> dict[str, Any]:
    """A row of ServicesList from a Service or a ServiceEntry."""
    title = visit.of(service.title)
    days = getattr(service, "term_days", None)
    return {
        "serviceId": service.id,
        "title": title,
        "titleMarked": marked(title, marks),
        "audience": service.audience,
        "audienceLabel": visit.t(f"results.audience_{service.audience}"),
        "audienceIcon": AUDIENCE_ICONS[service.audience],
        "costText": cost_text(visit, service.fees),
        "termText": visit.t("service.days", count=days) if days else "",
    }
