"""The formats that schemas of forms may name, one module a family.

Rules. A schema uses them as `"format": "<name>"` (JSON Schema 2020-12, format-assertion). The list is closed: a
definition that names
another format is refused when it is compiled.
"""

from __future__ import annotations

from kiosk.forms.formats import (
    account,
    certificate,
    codes,
    dates,
    email,
    inn,
    ogrn,
    oms,
    passport,
    phone,
    reading,
    snils,
    uin,
    vehicle,
)
from kiosk.forms.formats.format import Format

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        inn.PERSON,
        inn.ORGANISATION,
        snils.SNILS,
        ogrn.OGRN,
        ogrn.OGRNIP,
        oms.POLICY,
        account.ACCOUNT,
        account.BIC,
        uin.UIN,
        passport.PASSPORT_RF,
        passport.DIVISION_CODE,
        passport.TRAVEL_PASSPORT,
        certificate.BIRTH_CERTIFICATE,
        vehicle.STS,
        vehicle.DRIVING_LICENCE,
        vehicle.PLATE,
        vehicle.PLATE_TAXI,
        vehicle.VIN,
        codes.KPP,
        codes.OKTMO,
        codes.TROIKA,
        codes.EPD_PAYER,
        codes.POSTCODE,
        phone.PHONE_RU,
        phone.PHONE_ANY,
        email.EMAIL,
        reading.METER_READING,
        dates.DATE,
    )
}
