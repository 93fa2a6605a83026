"""Ask and check: JSON Schema + UI schema -> pages, answers, errors. Pure."""
