"""``python -m app`` is ``appusers``, where the scripts of the environment are not on the path."""

from app.cli import main

main(prog_name="appusers")
