"""Organizations, their users, tokens and grants, behind row level security.

Every primary key, unique index and foreign key starts with organization_id, so that the tables can
be sharded by it. Functions with parameters are PL/pgSQL for the same reason.

Revision ID: 0001
"""

from db.migrations import scripts

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE organization (
    organization_id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
    application_user_limit integer NOT NULL DEFAULT 50 CHECK (application_user_limit >= 0),
    -- Live application users, deactivated ones included. It may exceed a limit lowered later.
    application_user_count integer NOT NULL DEFAULT 0 CHECK (application_user_count >= 0),
    create_time timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE organization_user (
    organization_id uuid NOT NULL REFERENCES organization,
    user_id uuid NOT NULL,
    is_application_user boolean NOT NULL,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
    -- The name normalized and case-folded by the service: what uniqueness and sorting go by,
    -- whatever the locale of the server.
    name_key text NOT NULL COLLATE "C",
    description text CHECK (char_length(description) <= 1000),
    email text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 320),
    state text NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'DEACTIVATED', 'DELETED')),
    -- The identity provider's name for a person. NULL: signs in by token alone.
    issuer text,
    subject text,
    create_time timestamptz NOT NULL DEFAULT now(),
    -- NULL: the operator on the host.
    created_by uuid,
    delete_time timestamptz,
    deleted_by uuid,
    -- The latest use of any of its tokens, revoked ones included. NULL: never.
    last_activity_time timestamptz,
    PRIMARY KEY (organization_id, user_id),
    CONSTRAINT organization_user_identity CHECK ((issuer IS NULL) = (subject IS NULL)),
    CONSTRAINT organization_user_kind CHECK (NOT is_application_user OR issuer IS NULL),
    CONSTRAINT organization_user_tombstone CHECK ((state = 'DELETED') = (delete_time IS NOT NULL))
);
CREATE UNIQUE INDEX organization_user_live_name
    ON organization_user (organization_id, name_key)
    WHERE is_application_user AND state <> 'DELETED';
CREATE UNIQUE INDEX organization_user_live_identity
    ON organization_user (organization_id, issuer, subject)
    WHERE issuer IS NOT NULL AND state <> 'DELETED';
CREATE INDEX organization_user_by_time
    ON organization_user (organization_id, create_time, user_id);
CREATE INDEX organization_user_by_identity ON organization_user (issuer, subject)
    WHERE issuer IS NOT NULL;

CREATE TABLE token (
    organization_id uuid NOT NULL,
    token_id uuid NOT NULL,
    user_id uuid NOT NULL,
    -- HMAC-SHA-256 of the whole token under the pepper of this version. The token is not stored.
    secret_hmac bytea NOT NULL CHECK (octet_length(secret_hmac) = 32),
    pepper_version smallint NOT NULL CHECK (pepper_version > 0),
    description text CHECK (char_length(description) <= 1000),
    -- Seconds. NULL: never expires.
    max_age_seconds integer CHECK (max_age_seconds BETWEEN 600 AND 315360000),
    extend_when_used boolean NOT NULL,
    -- NULL: anywhere.
    ip_allowlist cidr[] CHECK (cardinality(ip_allowlist) BETWEEN 1 AND 100),
    -- NULL: everything its user may do.
    scopes text[] CHECK (cardinality(scopes) BETWEEN 1 AND 100),
    create_time timestamptz NOT NULL DEFAULT now(),
    -- NULL: the operator on the host.
    created_by uuid,
    expiry_time timestamptz,
    -- NULL: not revoked. The first revocation's time and actor stand.
    revoke_time timestamptz,
    -- NULL beside a revoke_time: the operator on the host.
    revoked_by uuid,
    -- These three are NULL until the first use.
    last_used_time timestamptz,
    last_ip inet,
    last_user_agent text CHECK (char_length(last_user_agent) <= 512),
    -- Given by the caller to make generateToken safe to repeat, with a digest of what it asked for.
    idempotency_key text CHECK (char_length(idempotency_key) BETWEEN 1 AND 255),
    idempotency_input bytea,
    PRIMARY KEY (organization_id, token_id),
    FOREIGN KEY (organization_id, user_id) REFERENCES organization_user,
    CONSTRAINT token_sliding CHECK (NOT extend_when_used OR max_age_seconds IS NOT NULL),
    CONSTRAINT token_expiry CHECK ((max_age_seconds IS NULL) = (expiry_time IS NULL)),
    CONSTRAINT token_revoker CHECK (revoked_by IS NULL OR revoke_time IS NOT NULL),
    CONSTRAINT token_use CHECK (last_used_time IS NOT NULL
        OR (last_ip IS NULL AND last_user_agent IS NULL)),
    CONSTRAINT token_idempotency CHECK ((idempotency_key IS NULL) = (idempotency_input IS NULL))
);
CREATE UNIQUE INDEX token_idempotency_key
    ON token (organization_id, created_by, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX token_by_time ON token (organization_id, create_time, token_id);
CREATE INDEX token_by_user ON token (organization_id, user_id, create_time, token_id);

CREATE TABLE permission_grant (
    organization_id uuid NOT NULL,
    principal_id uuid NOT NULL,
    -- What the permission holds on: the organization's own id, or that of something below it.
    resource_id uuid NOT NULL,
    permission text NOT NULL CHECK (char_length(permission) BETWEEN 1 AND 255),
    create_time timestamptz NOT NULL DEFAULT now(),
    -- NULL: the operator on the host.
    created_by uuid,
    PRIMARY KEY (organization_id, principal_id, resource_id, permission),
    FOREIGN KEY (organization_id, principal_id)
        REFERENCES organization_user (organization_id, user_id)
);
"""

WALLS = """
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['organization', 'organization_user', 'token', 'permission_grant']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        -- Unset, or set back to '' by the end of a transaction, the setting shows no row at all.
        EXECUTE format(
            'CREATE POLICY tenant ON %I USING (organization_id ='
            ' nullif(current_setting(''app.organization_id'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
"""

FIND_PRESENTED_TOKENS = """
CREATE FUNCTION find_presented_tokens(organization_ids uuid[], token_ids uuid[])
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
    SELECT t.organization_id, t.token_id, t.user_id, u.is_application_user,
           t.secret_hmac, t.pepper_version,
           t.revoke_time IS NULL
               AND (t.expiry_time IS NULL OR t.expiry_time > now())
               AND u.state = 'ACTIVE',
           t.max_age_seconds, t.extend_when_used, t.ip_allowlist, t.scopes, t.expiry_time,
           t.last_used_time, host(t.last_ip), t.last_user_agent,
           ARRAY(SELECT g.permission
                   FROM permission_grant g
                  WHERE g.organization_id = t.organization_id
                    AND g.principal_id = t.user_id
                    AND g.resource_id = t.organization_id),
           now()
      FROM token t
      JOIN organization_user u
        ON u.organization_id = t.organization_id AND u.user_id = t.user_id
     WHERE t.organization_id = ANY (organization_ids) AND t.token_id = ANY (token_ids);
END
$$;
REVOKE ALL ON FUNCTION find_presented_tokens(uuid[], uuid[]) FROM PUBLIC;
"""

FIND_PERSON = """
CREATE FUNCTION find_person(token_issuer text, token_subject text)
RETURNS TABLE (organization_id uuid, user_id uuid, permissions text[])
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT u.organization_id, u.user_id,
           ARRAY(SELECT g.permission
                   FROM permission_grant g
                  WHERE g.organization_id = u.organization_id
                    AND g.principal_id = u.user_id
                    AND g.resource_id = u.organization_id)
      FROM organization_user u
     WHERE u.issuer = token_issuer AND u.subject = token_subject
       AND u.state = 'ACTIVE' AND NOT u.is_application_user;
END
$$;
REVOKE ALL ON FUNCTION find_person(text, text) FROM PUBLIC;
"""

RECORD_TOKEN_USES = """
CREATE FUNCTION record_token_uses(
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
REVOKE ALL ON FUNCTION
    record_token_uses(uuid[], uuid[], uuid[], timestamptz[], inet[], text[]) FROM PUBLIC;
"""


def upgrade() -> None:
    for statements in (TABLES, WALLS, FIND_PRESENTED_TOKENS, FIND_PERSON, RECORD_TOKEN_USES):
        scripts.run(statements)
