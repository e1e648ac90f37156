"""Extensions of sliding tokens that revive no dead one, and one that waits for no other use.

Revision ID: 0009
"""

from db.migrations import scripts

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# As before, but that a dead token stays dead whatever the statement waits for.
RECORD_TOKEN_USES = """
CREATE OR REPLACE FUNCTION record_token_uses(
    organization_ids uuid[], token_ids uuid[], user_ids uuid[],
    use_times timestamptz[], ips inet[], user_agents text[]
)
RETURNS void
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    -- Each once: the planner takes every element for a descent of the index, for every row joined,
    -- and would rather read the whole table.
    tenants CONSTANT uuid[] := ARRAY(SELECT DISTINCT n FROM unnest(organization_ids) AS n);
BEGIN
    -- Writers take turns, so that two batches with the same tokens cannot lock them crosswise.
    PERFORM pg_advisory_xact_lock(7012026110115);
    -- Users go before tokens, as in the deletion of a user, and every user of the batch does, those
    -- whose time stands too: a deletion that got at the tokens first would wait crosswise.
    PERFORM true
       FROM organization_user u
      WHERE u.organization_id = ANY (tenants)
        AND (u.organization_id, u.user_id) IN (
                SELECT n.organization_id, n.user_id
                  FROM unnest(organization_ids, user_ids) AS n (organization_id, user_id))
      ORDER BY u.organization_id, u.user_id
        FOR NO KEY UPDATE OF u;
    UPDATE organization_user u
       SET last_activity_time = greatest(u.last_activity_time, b.use_time)
      FROM (SELECT n.organization_id, n.user_id, max(n.use_time) AS use_time
              FROM unnest(organization_ids, user_ids, use_times)
                   AS n (organization_id, user_id, use_time)
             GROUP BY n.organization_id, n.user_id) b
     WHERE u.organization_id = ANY (tenants)
       AND u.organization_id = b.organization_id AND u.user_id = b.user_id;
    -- Tokens are locked before the clock is read: an UPDATE that waits for a row does not look at
    -- the clock again, and would extend what has died meanwhile.
    PERFORM true
       FROM token t
      WHERE t.organization_id = ANY (tenants)
        AND (t.organization_id, t.token_id) IN (
                SELECT n.organization_id, n.token_id
                  FROM unnest(organization_ids, token_ids) AS n (organization_id, token_id))
      ORDER BY t.organization_id, t.token_id
        FOR NO KEY UPDATE OF t;
    UPDATE token t
       SET last_used_time = b.use_time,
           last_ip = b.ip,
           last_user_agent = nullif(b.user_agent, ''),
           -- A dead token stays dead. An extension that comes too late is not made, nor one that
           -- might be committed too late: who was told in between that it is dead is not to be told
           -- otherwise. A batch may take as long; extend_token has written a use near the end.
           expiry_time = CASE
               WHEN t.extend_when_used AND t.revoke_time IS NULL
                   AND t.expiry_time > clock_timestamp() + interval '3 seconds'
               THEN greatest(t.expiry_time,
                             b.use_time + make_interval(secs => t.max_age_seconds))
               ELSE t.expiry_time
           END
      FROM (SELECT n.organization_id, n.token_id, n.use_time, n.ip, n.user_agent
              FROM unnest(organization_ids, token_ids, use_times, ips, user_agents)
                   AS n (organization_id, token_id, use_time, ip, user_agent)) b
     WHERE t.organization_id = ANY (tenants)
       AND t.organization_id = b.organization_id AND t.token_id = b.token_id
       AND (t.revoke_time IS NULL OR t.revoke_time > b.use_time)
       AND (t.last_used_time IS NULL OR t.last_used_time < b.use_time);
END
$$;
"""

# The end of a sliding token, moved by one use, before that is answered. It locks one row and waits
# for nobody: what holds up other tokens does not hold up this one. The use itself is written with
# all others, and then moves nothing that this has moved further.
EXTEND_TOKEN = """
CREATE FUNCTION extend_token(in_organization_id uuid, of_token_id uuid, use_time timestamptz)
RETURNS void
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
-- As in look_up_presented_tokens.
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $$
BEGIN
    -- Who asks tries again.
    PERFORM true
       FROM token t
      WHERE t.organization_id = in_organization_id AND t.token_id = of_token_id
        FOR NO KEY UPDATE NOWAIT;
    UPDATE token t
       SET expiry_time = CASE
               -- As in record_token_uses, and sooner done. It stands here, and not below, so that
               -- a token is looked up by its key alone.
               WHEN t.extend_when_used AND t.revoke_time IS NULL
                   AND t.expiry_time > clock_timestamp() + interval '1 second'
               THEN greatest(t.expiry_time,
                             use_time + make_interval(secs => t.max_age_seconds))
               ELSE t.expiry_time
           END
     WHERE t.organization_id = in_organization_id AND t.token_id = of_token_id;
END
$$;
REVOKE ALL ON FUNCTION extend_token(uuid, uuid, timestamptz) FROM PUBLIC;
"""


def upgrade() -> None:
    for statements in (RECORD_TOKEN_USES, EXTEND_TOKEN):
        scripts.run(statements)
