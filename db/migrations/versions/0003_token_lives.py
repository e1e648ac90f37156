"""Ceilings, rotation and disuse of tokens, the organization's policy, and look-ups that obey them.

The release before goes on calling ``find_presented_tokens``, which now refuses what the columns and
the policy of this one say.

Revision ID: 0003
"""

from db.migrations import scripts

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE token
    -- What its user's permissions are cut down to, whatever is granted later. NULL: nothing is cut.
    -- Empty, as who was not administrator mints it: it never carries a permission.
    ADD COLUMN permission_ceiling text[],
    -- Unused for as long as the policy allows. NULL: not deactivated. Reversible.
    ADD COLUMN deactivate_time timestamptz,
    -- The last time that was taken back: disuse counts from here. NULL: never.
    ADD COLUMN activate_time timestamptz,
    -- The token that this one was rotated from. NULL: it was generated.
    ADD COLUMN predecessor_id uuid,
    -- The first token of its line of rotations. NULL: that is itself.
    ADD COLUMN family_id uuid,
    -- Rotated: a successor exists since, and this token is accepted until the overlap's end.
    ADD COLUMN supersede_time timestamptz,
    ADD COLUMN overlap_end_time timestamptz,
    -- The nearest expiry warning given: 30, 7 or 1 days. NULL: none.
    ADD COLUMN warned_days smallint,
    ADD CONSTRAINT token_predecessor FOREIGN KEY (organization_id, predecessor_id)
        REFERENCES token (organization_id, token_id),
    ADD CONSTRAINT token_family CHECK ((predecessor_id IS NULL) = (family_id IS NULL)),
    ADD CONSTRAINT token_overlap CHECK ((supersede_time IS NULL) = (overlap_end_time IS NULL)
        AND overlap_end_time >= supersede_time);
-- A token has one successor at the most.
CREATE UNIQUE INDEX token_successor ON token (organization_id, predecessor_id)
    WHERE predecessor_id IS NOT NULL;
CREATE INDEX token_by_expiry ON token (organization_id, expiry_time)
    WHERE expiry_time IS NOT NULL AND revoke_time IS NULL;

-- What every token of an application user has to comply with. No row: no policy.
CREATE TABLE organization_policy (
    organization_id uuid PRIMARY KEY REFERENCES organization,
    -- NULL: anywhere.
    allowed_networks cidr[] CHECK (cardinality(allowed_networks) BETWEEN 1 AND 100),
    -- Seconds from its creation on, however often a token is extended. NULL: no bound.
    longest_max_age_seconds integer CHECK (longest_max_age_seconds BETWEEN 600 AND 315360000),
    expiry_required boolean NOT NULL,
    -- Days without use. NULL: never.
    deactivate_unused_days integer CHECK (deactivate_unused_days BETWEEN 1 AND 3650),
    revoke_unused_days integer CHECK (revoke_unused_days BETWEEN 1 AND 3650),
    update_time timestamptz NOT NULL DEFAULT now(),
    updated_by uuid,
    CONSTRAINT organization_policy_disuse CHECK (revoke_unused_days > deactivate_unused_days)
);
ALTER TABLE organization_policy ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organization_policy USING (
    organization_id = nullif(current_setting('app.organization_id', true), '')::uuid);
"""

# What a user was granted on the organization itself, directly and through groups.
_PERMISSIONS = """ARRAY(
               SELECT DISTINCT g.permission
                 FROM permission_grant g
                WHERE g.organization_id = u.organization_id
                  AND g.principal_id = ANY (u.user_id || ARRAY(
                          SELECT m.group_id
                            FROM group_member m
                           WHERE m.organization_id = u.organization_id
                             AND m.user_id = u.user_id))
                  AND g.resource_id = u.organization_id)"""

LOOK_UP_TOKENS = f"""
CREATE FUNCTION look_up_tokens(organization_ids uuid[], token_ids uuid[])
RETURNS TABLE (
    organization_id uuid,
    token_id uuid,
    user_id uuid,
    is_application_user boolean,
    secret_hmac bytea,
    pepper_version smallint,
    refusal text,
    max_age_seconds integer,
    extend_when_used boolean,
    ip_allowlist cidr[],
    policy_networks cidr[],
    scopes text[],
    expiry_time timestamptz,
    overlap_end_time timestamptz,
    last_used_time timestamptz,
    last_ip text,
    last_user_agent text,
    permissions text[],
    check_time timestamptz
)
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT t.organization_id, t.token_id, t.user_id, u.is_application_user,
           t.secret_hmac, t.pepper_version,
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
           t.max_age_seconds, t.extend_when_used, t.ip_allowlist,
           CASE WHEN u.is_application_user THEN p.allowed_networks END,
           t.scopes, t.expiry_time, t.overlap_end_time,
           t.last_used_time, host(t.last_ip), t.last_user_agent,
           CASE
               WHEN t.permission_ceiling IS NULL THEN {_PERMISSIONS}
               ELSE ARRAY(SELECT unnest({_PERMISSIONS})
                          INTERSECT SELECT unnest(t.permission_ceiling))
           END,
           now()
      FROM token t
      JOIN organization_user u
        ON u.organization_id = t.organization_id AND u.user_id = t.user_id
      LEFT JOIN organization_policy p ON p.organization_id = t.organization_id
     WHERE t.organization_id = ANY (organization_ids) AND t.token_id = ANY (token_ids);
END
$$;
REVOKE ALL ON FUNCTION look_up_tokens(uuid[], uuid[]) FROM PUBLIC;
"""

# For the release before, until nobody runs it.
FIND_PRESENTED_TOKENS = """
CREATE OR REPLACE FUNCTION find_presented_tokens(organization_ids uuid[], token_ids uuid[])
RETURNS TABLE (
    organization_id uuid,
    token_id uuid,
    user_id uuid,
    is_application_user boolean,
    secret_hmac bytea,
    pepper_version smallint,
    live boolean,
    max_age_seconds integer,
    extend_when_used boolean,
    ip_allowlist cidr[],
    scopes text[],
    expiry_time timestamptz,
    last_used_time timestamptz,
    last_ip text,
    last_user_agent text,
    permissions text[],
    check_time timestamptz
)
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT l.organization_id, l.token_id, l.user_id, l.is_application_user,
           l.secret_hmac, l.pepper_version,
           -- That release knows one list of networks: where there are two, it stays outside.
           l.refusal IS NULL AND (l.ip_allowlist IS NULL OR l.policy_networks IS NULL),
           l.max_age_seconds, l.extend_when_used, coalesce(l.ip_allowlist, l.policy_networks),
           l.scopes, l.expiry_time, l.last_used_time, l.last_ip, l.last_user_agent,
           l.permissions, l.check_time
      FROM look_up_tokens(organization_ids, token_ids) l;
END
$$;
"""

FIND_PERSON = f"""
CREATE OR REPLACE FUNCTION find_person(token_issuer text, token_subject text)
RETURNS TABLE (organization_id uuid, user_id uuid, permissions text[])
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT u.organization_id, u.user_id, {_PERMISSIONS}
      FROM organization_user u
     WHERE u.issuer = token_issuer AND u.subject = token_subject
       AND u.state = 'ACTIVE' AND NOT u.is_application_user;
END
$$;
"""

# As before, but for the order of the users' locks: who ends several tokens at once takes their
# users' rows in the order of their ids, too, and neither waits for the other crosswise.
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
    UPDATE token t
       SET last_used_time = b.use_time,
           last_ip = b.ip,
           last_user_agent = nullif(b.user_agent, ''),
           -- A dead token stays dead: an extension that comes too late is not made. now() is when
           -- the transaction began, and it may have waited for locks since.
           expiry_time = CASE
               WHEN t.extend_when_used AND t.revoke_time IS NULL
                   AND t.expiry_time > clock_timestamp()
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


def upgrade() -> None:
    for statements in (
        TABLES,
        LOOK_UP_TOKENS,
        FIND_PRESENTED_TOKENS,
        FIND_PERSON,
        RECORD_TOKEN_USES,
    ):
        scripts.run(statements)
