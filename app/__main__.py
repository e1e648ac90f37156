"""``python -m app`` is ``appusers``, where the scripts of the environment are not on the path."""

from app.cli import main

if __name__ == "__main__":
    main(prog_name="appusers")
