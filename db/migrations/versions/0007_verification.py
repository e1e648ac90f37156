"""Verification: a look-up of presented tokens that answers for a resource each.

The release before keeps its own function, ``look_up_tokens``.

Revision ID: 0007
"""

from db.migrations import scripts

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_COLUMNS = """t.organization_id, t.token_id, t.user_id, t.secret_hmac, t.pepper_version,
                  t.max_age_seconds, t.extend_when_used, t.ip_allowlist, t.scopes, t.create_time,
                  t.expiry_time, t.overlap_end_time, t.supersede_time, t.revoke_time,
                  t.deactivate_time, t.last_used_time, t.last_ip, t.last_user_agent,
                  t.permission_ceiling"""

# As look_up_tokens, for a resource each: what the user may there, by grants on it and above it.
# Where the resource is missing, nothing. A missing token has a row as well, without its id, and as
# much is read and sent for it: nobody is to learn by the clock which tokens there are. The rows say
# which question they answer, from 1.
LOOK_UP_PRESENTED_TOKENS = f"""
CREATE FUNCTION look_up_presented_tokens(
    organization_ids uuid[], token_ids uuid[], resource_ids uuid[]
)
RETURNS TABLE (
    number integer,
    organization_id uuid,
    token_id uuid,
    user_id uuid,
    is_application_user boolean,
    user_name text,
    secret_hmac bytea,
    pepper_version smallint,
    refusal text,
    max_age_seconds integer,
    extend_when_used boolean,
    ip_allowlist cidr[],
    policy_networks cidr[],
    scopes text[],
    create_time timestamptz,
    expiry_time timestamptz,
    overlap_end_time timestamptz,
    last_used_time timestamptz,
    last_ip text,
    last_user_agent text,
    permissions text[],
    read_count integer,
    check_time timestamptz
)
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
-- To plan takes longer than to look up. The plan is kept, perhaps from when there were ten rows:
-- it goes by indexes whatever the planner knows, and by nested loops, which LIMIT 1 is for.
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT a.number::integer, a.organization_id, CASE WHEN t.is_there THEN t.token_id END,
           t.holder_id, u.is_application_user, CASE WHEN t.is_there THEN u.name ELSE 'nobody' END,
           CASE WHEN t.is_there THEN t.secret_hmac ELSE decode(repeat('00', 32), 'hex') END,
           t.pepper_version,
           CASE
               -- First, because it is an alarm, revoked since or not: the secret has two holders,
               -- or one that did not notice.
               WHEN t.overlap_end_time <= now()
                   OR (t.supersede_time IS NOT NULL AND t.revoke_time IS NOT NULL)
               THEN 'SUPERSEDED'
               WHEN t.revoke_time IS NOT NULL THEN 'REVOKED'
               WHEN t.expiry_time <= now() THEN 'EXPIRED'
               WHEN u.state <> 'ACTIVE' THEN 'USER_DEACTIVATED'
               WHEN t.deactivate_time IS NOT NULL THEN 'UNUSED'
               WHEN u.is_application_user AND (
                   (p.expiry_required AND t.max_age_seconds IS NULL)
                   OR coalesce(t.max_age_seconds, 2147483647) > p.longest_max_age_seconds
                   OR t.create_time + make_interval(secs => p.longest_max_age_seconds) <= now())
               THEN 'POLICY'
           END,
           t.max_age_seconds, t.extend_when_used, CASE WHEN t.is_there THEN t.ip_allowlist END,
           CASE WHEN u.is_application_user AND t.is_there THEN p.allowed_networks END,
           CASE WHEN t.is_there THEN t.scopes END, t.create_time, t.expiry_time, t.overlap_end_time,
           t.last_used_time, CASE WHEN t.is_there THEN host(t.last_ip) END,
           CASE WHEN t.is_there THEN t.last_user_agent END,
           -- Of most, and without a sort: one principal has a permission on a resource once.
           CASE WHEN m.group_ids = '{{}}' AND a.resource_id IS NULL THEN h.permissions
                ELSE ARRAY(SELECT DISTINCT n FROM unnest(h.permissions) AS n)
           END,
           cardinality(h.permissions) + 4 * cardinality(m.group_ids), now()
      FROM unnest(organization_ids, token_ids, resource_ids) WITH ORDINALITY
           AS a (organization_id, token_id, resource_id, number)
     CROSS JOIN LATERAL (
           SELECT true AS is_there, t.user_id AS holder_id,
                  {_COLUMNS}
             FROM token t
            WHERE t.organization_id = a.organization_id AND t.token_id = a.token_id
            UNION ALL
           -- In the place of a missing one any other is read, whose user is asked for nothing:
           -- there may be much.
           (SELECT false, a.token_id,
                   {_COLUMNS}
              FROM token t
             ORDER BY t.organization_id, t.token_id
             LIMIT 1)
            LIMIT 1) t
      LEFT JOIN LATERAL (
           SELECT u.is_application_user, u.name, u.state
             FROM organization_user u
            WHERE u.organization_id = t.organization_id AND u.user_id = t.user_id
            LIMIT 1) u ON true
      LEFT JOIN LATERAL (
           SELECT p.allowed_networks, p.longest_max_age_seconds, p.expiry_required
             FROM organization_policy p
            WHERE p.organization_id = t.organization_id
            LIMIT 1) p ON true
     CROSS JOIN LATERAL (
           SELECT ARRAY(
                      SELECT m.group_id
                        FROM group_member m
                       WHERE m.organization_id = a.organization_id
                         AND m.user_id = t.holder_id) AS group_ids
           -- Read once, though it is used several times.
           OFFSET 0) m
     CROSS JOIN LATERAL (
           SELECT CASE
               WHEN m.group_ids = '{{}}' AND a.resource_id IS NULL
               THEN ARRAY(
                        SELECT g.permission
                          FROM permission_grant g
                         WHERE g.organization_id = a.organization_id
                           AND g.principal_id = t.holder_id
                           AND g.resource_id = a.organization_id
                           AND (t.permission_ceiling IS NULL
                                OR g.permission = ANY (t.permission_ceiling)))
               ELSE ARRAY(
                   SELECT g.permission
                     FROM permission_grant g
                    WHERE g.organization_id = a.organization_id
                      AND g.principal_id = ANY (t.holder_id || m.group_ids)
                      AND g.resource_id = ANY (
                              CASE
                                  WHEN a.resource_id IS NULL OR a.resource_id = a.organization_id
                                  THEN ARRAY[a.organization_id]
                                  ELSE ARRAY(
                                      WITH RECURSIVE above AS (
                                          SELECT r.resource_id, r.parent_id
                                            FROM resource r
                                           WHERE r.organization_id = a.organization_id
                                             AND r.resource_id = a.resource_id
                                           UNION
                                          SELECT o.resource_id, o.parent_id
                                            FROM above b
                                           CROSS JOIN LATERAL (
                                                 SELECT r.resource_id, r.parent_id
                                                   FROM resource r
                                                  WHERE r.organization_id = a.organization_id
                                                    AND r.resource_id = b.parent_id
                                                  LIMIT 1) o)
                                      SELECT resource_id FROM above
                                       UNION ALL
                                      SELECT a.organization_id WHERE EXISTS (SELECT FROM above))
                              END)
                      AND (t.permission_ceiling IS NULL
                           OR g.permission = ANY (t.permission_ceiling)))
           END AS permissions
           OFFSET 0) h;
END
$$;
REVOKE ALL ON FUNCTION look_up_presented_tokens(uuid[], uuid[], uuid[]) FROM PUBLIC;
"""


def upgrade() -> None:
    scripts.run(LOOK_UP_PRESENTED_TOKENS)
