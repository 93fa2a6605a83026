"""Understand a query, rank services, browse themes and life events. Pure."""
