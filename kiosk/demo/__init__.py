"""The demo: a backend, content and a kiosk made on the spot, from an empty folder."""
