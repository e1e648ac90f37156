"""Alembic migrations, raw SQL inside; forward-only, each readable by the release before it."""

HEAD = "0009"
"""The newest revision. ``serve`` compares it with the database without importing Alembic."""
