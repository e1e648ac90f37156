"""All that the outer layers may know of the database: that services need it, and may miss it."""

from db.pool import Database, DatabaseUnavailable

__all__ = ["Database", "DatabaseUnavailable"]
