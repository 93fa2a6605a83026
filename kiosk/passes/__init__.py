"""QR payloads: make, parse, verify. Pure."""
