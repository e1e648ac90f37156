"""Backups as the runbook has them made and restored: ``pg_dump`` and ``pg_restore``."""

import asyncio
from pathlib import Path

import asyncpg

from db.embedded_files import binaries
from tests.postgres import Server, Urls


async def programs(server: Server) -> Path:
    """Return the folder of the programs that belong to the server.

    Those of a later version write what the server does not read.
    """
    if server.is_embedded:
        return binaries()
    connection = await asyncpg.connect(server.admin_url)
    try:
        major = connection.get_server_version().major
    finally:
        await connection.close()
    return Path(f"/usr/lib/postgresql/{major}/bin")


async def run(program: Path, *arguments: str) -> None:
    """Run a program that has to succeed."""
    process = await asyncio.create_subprocess_exec(
        program, *arguments, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


async def back_up(server: Server, urls: Urls, path: Path) -> None:
    """Write a backup of a database to a file."""
    program = await programs(server) / "pg_dump"
    await run(program, "--format=custom", f"--file={path}", urls.owner)


async def restore(server: Server, path: Path) -> Urls:
    """Make a database of a backup."""
    urls = await server.empty()
    program = await programs(server) / "pg_restore"
    await run(program, "--exit-on-error", f"--dbname={urls.owner}", str(path))
    return urls
