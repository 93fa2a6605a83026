"""What a signed-in person's account says of them: what forms may be filled in with.

Rules. Any part may be missing (""). Spelling is that of answers that are sent: dates `YYYY-MM-DD`, phones
`+79160001234`, identifiers as their formats store them (kiosk/forms/formats). It lives as long as the visit does, in
memory only.
"""

from __future__ import annotations

from msgspec import Struct


class ProfileDocument(Struct, frozen=True):
    """An identity document. `kind` is one of the blocks `identity` and `foreign-identity`, "passport-rf" for instance.

    `division` belongs to a Russian passport, `country` and `expires` to the others.
    """

    kind: str
    number: str
    issued: str = ""
    division: str = ""
    country: str = ""
    expires: str = ""


class ProfileOrganisation(Struct, frozen=True):
    """The organisation that the person acts for. `form` is "company", "trader" or "foreign" (block `organisation`)."""

    name: str
    form: str
    inn: str = ""
    ogrn: str = ""
    kpp: str = ""


class ProfileVehicle(Struct, frozen=True):
    """The person's car: its plate, what it is, the number of its registration certificate (СТС)."""

    plate: str
    model: str = ""
    sts: str = ""


class Profile(Struct, frozen=True):
    """One person."""

    last: str = ""
    first: str = ""
    middle: str = ""
    birth: str = ""
    snils: str = ""
    phone: str = ""
    email: str = ""
    document: ProfileDocument | None = None
    organisation: ProfileOrganisation | None = None
    vehicle: ProfileVehicle | None = None
