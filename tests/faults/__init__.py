"""Whether the promises hold while PostgreSQL, workers and connections break."""
