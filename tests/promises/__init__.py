"""What the service promises: a module a promise, with a control that breaks what keeps it.

``python -m tests.promises`` runs them and prints the README's table.
"""
