"""What a team would pick instead: the programs of other people's services, and the comparison.

The files ``drf_*.py``, ``gunicorn_settings.py`` and ``better_auth.mjs`` run beside the packages of
their peer, in a folder of its own, and never import anything of this project.
"""
