"""Published content in, outbox out. Never imports PySide6."""
