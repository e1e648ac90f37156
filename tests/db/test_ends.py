"""What ended stays so, whatever the service writes: the triggers behind it."""

import asyncpg
import pytest

from tests.db.rows import A_TOKEN, ALICE, A, Connection
from tests.db.test_tenant_wall import AS_A

REVOKED = "UPDATE token SET revoke_time = now()"
ROTATED = "UPDATE token SET supersede_time = now(), overlap_end_time = now()"
DELETED = f"""UPDATE organization_user SET state = 'DELETED', delete_time = now()
    WHERE user_id = '{ALICE}'"""

# What ended how, and a statement that would take it back.
TAKEN_BACK = [
    (REVOKED, "UPDATE token SET revoke_time = NULL, revoked_by = NULL"),
    (REVOKED, "UPDATE token SET revoke_time = now() + interval '1 day'"),
    (ROTATED, "UPDATE token SET supersede_time = NULL, overlap_end_time = NULL"),
    (ROTATED, "UPDATE token SET overlap_end_time = now() + interval '1 day'"),
    (DELETED, "UPDATE organization_user SET state = 'ACTIVE', delete_time = NULL"),
    (DELETED, "UPDATE organization_user SET state = 'DEACTIVATED', delete_time = NULL"),
]


class TestTakenBack:
    @pytest.mark.parametrize(("end", "back"), TAKEN_BACK)
    async def test_is_refused(self, serving: Connection, end: str, back: str) -> None:
        await serving.execute(f"{AS_A}; {end}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="stays so"):
            await serving.execute(back)

    @pytest.mark.parametrize(("end", "back"), TAKEN_BACK)
    async def test_control_without_the_triggers(
        self, owner: Connection, end: str, back: str
    ) -> None:
        await owner.execute(f"SET LOCAL session_replication_role = replica; {end}")
        assert await owner.execute(back) != "UPDATE 0"

    async def test_other_changes_of_what_ended_go_on(self, serving: Connection) -> None:
        await serving.execute(f"{AS_A}; {REVOKED}")
        await serving.execute("UPDATE token SET description = 'ended', revoke_time = revoke_time")
        found = await serving.fetchval(
            "SELECT description FROM token WHERE organization_id = $1 AND token_id = $2", A, A_TOKEN
        )
        assert found == "ended"
