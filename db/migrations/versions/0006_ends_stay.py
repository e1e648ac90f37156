"""Triggers behind the service: a token that was revoked or rotated stays so, a deleted user too.

The release before takes none of it back either.

Revision ID: 0006
"""

from db.migrations import scripts

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TRIGGERS = """
CREATE FUNCTION keep_token_ended() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF (OLD.revoke_time IS NOT NULL AND NEW.revoke_time IS DISTINCT FROM OLD.revoke_time)
        OR (OLD.supersede_time IS NOT NULL
            AND (NEW.supersede_time IS DISTINCT FROM OLD.supersede_time
                OR NEW.overlap_end_time IS DISTINCT FROM OLD.overlap_end_time))
    THEN
        RAISE EXCEPTION 'a token that was revoked or rotated stays so'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION keep_token_ended() FROM PUBLIC;
CREATE TRIGGER token_stays_ended
    BEFORE UPDATE OF revoke_time, supersede_time, overlap_end_time ON token
    FOR EACH ROW EXECUTE FUNCTION keep_token_ended();

CREATE FUNCTION keep_user_deleted() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF OLD.state = 'DELETED' AND NEW.state <> 'DELETED' THEN
        RAISE EXCEPTION 'a user that was deleted stays so'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION keep_user_deleted() FROM PUBLIC;
CREATE TRIGGER organization_user_stays_deleted
    BEFORE UPDATE OF state ON organization_user
    FOR EACH ROW EXECUTE FUNCTION keep_user_deleted();
"""


def upgrade() -> None:
    scripts.run(TRIGGERS)
