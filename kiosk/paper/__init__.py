"""One receipt layout -> screen, PDF, text. Pure."""
