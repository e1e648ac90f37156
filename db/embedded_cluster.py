"""How the embedded PostgreSQL's cluster is made, with its database and its two roles."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from db.embedded_files import MAJOR, EmbeddedError, Place, binaries, run, tail

DATABASE = "appusers"
OWNER = "appusers"
SERVING_ROLE = "appusers_service"
OWN_SERVER = "Or set DATABASE_URL to a PostgreSQL of your own."

# Single-user mode wants each statement on a line of its own.
FIRST_STATEMENTS = f"""\
CREATE DATABASE {DATABASE} OWNER {OWNER};
CREATE ROLE {SERVING_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
"""


def ensure_cluster(place: Place, settings: Mapping[str, str]) -> bool:
    """Make the cluster, all or nothing; False if it is there. The caller holds the start lock.

    Raises EmbeddedError, also for a cluster of another major version.
    """
    for unfinished in place.home.glob("postgres.new-*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    if place.cluster.exists():
        _check_version(place)
        return False
    unfinished = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=place.home))
    try:
        if place.account:
            os.chown(unfinished, place.account.uid, place.account.gid, follow_symlinks=False)
        _fill(unfinished, place, durable=settings.get("fsync") != "off")
        unfinished.rename(place.cluster)
        # A power cut must not give the old name back to a cluster that is in use: the next start
        # would take it for an unfinished one.
        home = os.open(place.home, os.O_RDONLY)
        try:
            os.fsync(home)
        finally:
            os.close(home)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return True


def _fill(cluster: Path, place: Place, *, durable: bool) -> None:
    programs = binaries(place.account, place.home)
    # The builtin locale is the same on every machine, and lower() knows Unicode in it.
    initdb = [programs / "initdb", "-D", cluster, "-U", OWNER, "--auth=trust", "--encoding=UTF8"]
    initdb += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    initdb += ["--data-checksums", "--no-sync"]
    # The database comes before the rename, so that no cluster is ever without it.
    single = [programs / "postgres", "--single", "-D", cluster, "-c", "exit_on_error=on"]
    single += ["-c", "fsync=off", "template1"]
    steps = [(initdb, ""), (single, FIRST_STATEMENTS)]
    if durable:
        # One flush of everything in the end takes half the time of one in each step.
        steps += [([programs / "initdb", "-D", cluster, "--sync-only"], "")]
    for command, text in steps:
        made = run(command, place.account, text=text)
        if made.returncode != 0:
            raise EmbeddedError(
                f"The embedded PostgreSQL cannot make its cluster in {place.home}:\n"
                f"{tail(made.stdout + made.stderr)}\n"
                f"Mend what it names (often a full disk). {OWN_SERVER}"
            )


def _check_version(place: Place) -> None:
    try:
        version = (place.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise EmbeddedError(
            f"{place.cluster} is not a PostgreSQL cluster. Move it away, or set APPUSERS_DATA_DIR "
            f"to another folder. {OWN_SERVER}"
        ) from None
    if version != MAJOR:
        raise EmbeddedError(
            f"{place.cluster} was made by PostgreSQL {version}; the embedded one is {MAJOR}. Dump "
            f"it with PostgreSQL {version}, move it away, start again and restore the dump. "
            f"{OWN_SERVER}"
        )
