"""My Documents Kiosk: the offline-capable client of the public service centres."""

__version__ = "0.1.0"
