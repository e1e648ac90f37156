"""The embedded PostgreSQL: who gets in, as whom it runs, and what a dump of it keeps."""

import shutil
import sys
from pathlib import Path

import pytest

from db import embedded
from db.embedded_files import PACKAGE, SHARED, binaries
from tests.db.embedded.processes import (
    ROOT,
    SETTINGS,
    Join,
    copy_cluster,
    eventually,
    has_ended,
    mode,
    pids,
    query,
)


class TestWalls:
    @pytest.mark.usefixtures("cluster")
    def test_serving_role(self, folder: Path) -> None:
        with embedded.start(folder, SETTINGS) as server:
            (role,) = query(
                server.serving_dsn,
                "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
                " FROM pg_roles WHERE rolname = session_user",
            )
            assert tuple(role) == ("appusers_service", False, False, False, False, False)
            owned = "SELECT FROM pg_shdepend WHERE refobjid = '{}'::regrole AND deptype = 'o'"
            assert not query(server.owner_dsn, owned.format("appusers_service"))
            (lower,) = query(server.owner_dsn, "SELECT lower('ÀÉ') = 'àé', current_database()")
            assert tuple(lower) == (True, "appusers")

    @pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
    @pytest.mark.usefixtures("cluster")
    def test_no_port_and_no_lock_in_the_server(self, folder: Path) -> None:
        with embedded.start(folder, {**SETTINGS, "listen_addresses": "*"}):
            open_files = Path(f"/proc/{pids(folder)[0]}/fd").iterdir()
            names = {str(name.readlink()) for name in open_files}
            tables = [Path(f"/proc/net/{name}").read_text() for name in ("tcp", "tcp6")]
            tcp = {f"socket:[{line.split()[9]}]" for table in tables for line in table.splitlines()}
            assert [name for name in names if name.startswith("socket:")]
            assert not names & tcp
            assert not [name for name in names if name.endswith(".lock")]

    def test_nobody_else_gets_in(self, folder: Path) -> None:
        with embedded.start(folder, SETTINGS):
            assert mode(folder) == (0o711 if ROOT else 0o700)
            assert mode(folder / "postgres") == mode(folder / "socket") == 0o700
            assert {mode(path) for path in (*folder.glob("*.lock"), folder / "postgres.log")} == {
                0o600
            }

    @pytest.mark.parametrize("name", ["a folder, with 'signs' & ünïcode", "long" * 30])
    def test_awkward_paths_put_the_socket_elsewhere(
        self, parent: Path, template: Path, name: str
    ) -> None:
        copy_cluster(template, parent / name)
        with embedded.start(parent / name, SETTINGS) as server:
            (row,) = query(server.owner_dsn, "SHOW unix_socket_directories")
            elsewhere = Path(row[0])
            assert parent not in elsewhere.parents
            assert mode(elsewhere) == 0o700
        eventually(lambda: not (parent / name / "postgres" / "postmaster.pid").exists())
        elsewhere.chmod(0o755)
        try:
            with pytest.raises(embedded.EmbeddedError, match="must be a folder that only"):
                embedded.start(parent / name)
        finally:
            shutil.rmtree(elsewhere)

    def test_other_major_version_and_other_folder(self, folder: Path) -> None:
        cluster = folder / "postgres"
        cluster.mkdir(parents=True)
        with pytest.raises(embedded.EmbeddedError, match="is not a PostgreSQL cluster"):
            embedded.start(folder)
        (cluster / "PG_VERSION").write_text("17\n")
        with pytest.raises(embedded.EmbeddedError, match=r"made by PostgreSQL 17; .* is 18"):
            embedded.start(folder)

    def test_windows_is_told(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "win32")
        with pytest.raises(embedded.EmbeddedError, match="Set DATABASE_URL"):
            embedded.start(folder)


@pytest.mark.skipif(not ROOT, reason="only root has an account to drop to")
class TestRoot:
    def test_unreachable_data_folder(self, parent: Path, join: Join) -> None:
        parent.chmod(0o700)
        first = join(parent / "data")
        assert first.answer()["created"] is True
        home = (parent / "data" / "postgres").readlink().parent
        assert home.parent == SHARED
        running = pids(parent / "data")
        first.leave()
        eventually(lambda: has_ended(*running))
        assert join(parent / "data").answer()["created"] is False
        assert mode(parent) == 0o700

    @pytest.mark.usefixtures("cluster")
    def test_unreachable_binaries(self, parent: Path, folder: Path, join: Join) -> None:
        packages = parent / "packages"
        packages.mkdir(mode=0o700)
        install = binaries().parent
        for part in (install.parent / install.name, install.parent.with_name(f"{PACKAGE}.libs")):
            target = packages / part.relative_to(install.parent.parent)
            shutil.copytree(part, target, ignore=shutil.ignore_patterns("include", "*.a"))
        (packages / PACKAGE / "__init__.py").touch()
        for _ in range(2):
            user = join(path=str(packages))
            assert query(user.answer()["dsn"], "SELECT 1")
            running = pids(folder)
            user.leave()
            eventually(lambda ended=running: has_ended(*ended))
        (copy,) = folder.glob("binaries-*")
        assert (copy.stat().st_uid, mode(copy)) == (0, 0o755)


@pytest.mark.usefixtures("cluster")
def test_dump_is_the_same_twice_and_keeps_what_counts(folder: Path) -> None:
    with embedded.start(folder, SETTINGS) as server:
        query(
            server.owner_dsn,
            "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN\n"
            "SET work_mem = '1MB';\nEND $$",
        )
        dump = embedded.dump_schema(server.owner_dsn)
        assert dump == embedded.dump_schema(server.owner_dsn)
        assert "\nSET work_mem = '1MB';\n" in dump
        for noise in ("statement_timeout", "restrict", "Dumped", "dump complete", "\n\n\n"):
            assert noise not in dump
    with pytest.raises(embedded.EmbeddedError, match="cannot be dumped"):
        embedded.dump_schema("postgresql://nobody@/none?host=/nowhere")
