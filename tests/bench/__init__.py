"""Measurements, run by hand: ``python -m tests.bench --help``. pytest collects nothing here."""
