"""The audit trail, a hash chain for each organization, and the webhooks that it is sent to.

The release before writes no events; nothing of this is in its way.

Revision ID: 0004
"""

from db.migrations import scripts

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = """
-- The end of each organization's chain. Its row lock orders the events.
CREATE TABLE audit_chain (
    organization_id uuid PRIMARY KEY REFERENCES organization,
    last_sequence bigint NOT NULL,
    last_hash bytea NOT NULL CHECK (octet_length(last_hash) = 32)
);

CREATE TABLE audit_event (
    organization_id uuid NOT NULL REFERENCES organization,
    -- 1, 2, 3 … without gaps.
    sequence bigint NOT NULL CHECK (sequence > 0),
    event_time timestamptz NOT NULL,
    -- Three parts, such as application_user:token:generate. A name is never reused.
    action text NOT NULL CHECK (action ~ '^[a-z_]+:[a-z_]+:[a-z_]+$'),
    outcome text NOT NULL CHECK (outcome IN ('SUCCEEDED', 'REFUSED')),
    actor_kind text NOT NULL CHECK (actor_kind IN ('USER', 'OPERATOR', 'SERVICE')),
    -- NULL for the operator on the host and for the service itself.
    actor_user_id uuid,
    -- NULL where no token was used.
    actor_token_id uuid,
    ip inet,
    user_agent text,
    request_id text,
    target_kind text NOT NULL,
    target_id uuid NOT NULL,
    -- The user or group whose the target is, where that is something else. NULL: nobody's.
    principal_id uuid,
    -- {"field": {"before": …, "after": …}}: json, not jsonb, because the hash is of its very text.
    changes json NOT NULL CHECK (json_typeof(changes) = 'object'),
    -- Why a request was refused. NULL where it was not.
    reason text,
    -- Each hash is of the one before and of everything in this row, see append_audit_events.
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (organization_id, sequence),
    CONSTRAINT audit_event_actor CHECK ((actor_kind = 'USER') = (actor_user_id IS NOT NULL)),
    CONSTRAINT audit_event_reason CHECK ((outcome = 'REFUSED') = (reason IS NOT NULL))
);
CREATE INDEX audit_event_by_actor ON audit_event (organization_id, actor_user_id, sequence);
CREATE INDEX audit_event_by_token ON audit_event (organization_id, actor_token_id, sequence);
CREATE INDEX audit_event_by_target ON audit_event (organization_id, target_id, sequence);
CREATE INDEX audit_event_by_principal ON audit_event (organization_id, principal_id, sequence);
CREATE INDEX audit_event_by_action ON audit_event (organization_id, action, sequence);
CREATE INDEX audit_event_by_time ON audit_event (organization_id, event_time);
-- Refusals are few, and what people look for.
CREATE INDEX audit_event_refused ON audit_event (organization_id, sequence)
    WHERE outcome = 'REFUSED';

CREATE FUNCTION refuse_audit_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'audit events are never changed or removed'
        USING ERRCODE = 'insufficient_privilege';
END
$$;
REVOKE ALL ON FUNCTION refuse_audit_change() FROM PUBLIC;
CREATE TRIGGER audit_event_stays BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_event_stays_whole BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TABLE webhook_endpoint (
    organization_id uuid NOT NULL REFERENCES organization,
    endpoint_id uuid NOT NULL,
    url text NOT NULL CHECK (char_length(url) BETWEEN 1 AND 2048),
    description text CHECK (char_length(description) <= 1000),
    -- The actions it is told of. NULL: all.
    actions text[] CHECK (cardinality(actions) BETWEEN 1 AND 100),
    is_active boolean NOT NULL DEFAULT true,
    -- The signing key is made of the pepper of this version, the id and the key's number; it is not
    -- stored.
    pepper_version smallint NOT NULL CHECK (pepper_version > 0),
    key_number integer NOT NULL DEFAULT 1 CHECK (key_number > 0),
    -- The key before the last rotation signs beside it until then. NULL: it was never rotated.
    previous_pepper_version smallint,
    previous_key_end_time timestamptz,
    create_time timestamptz NOT NULL DEFAULT now(),
    -- NULL: the operator on the host.
    created_by uuid,
    -- A tombstone, told of nothing and shown to nobody: removing the row would have to wait for
    -- every event that is being written. NULL: it is there.
    delete_time timestamptz,
    PRIMARY KEY (organization_id, endpoint_id),
    CONSTRAINT webhook_endpoint_rotation
        CHECK ((previous_pepper_version IS NULL) = (previous_key_end_time IS NULL)
            AND (previous_pepper_version IS NULL OR key_number > 1)),
    CONSTRAINT webhook_endpoint_tombstone CHECK (delete_time IS NULL OR NOT is_active)
);
CREATE INDEX webhook_endpoint_by_time
    ON webhook_endpoint (organization_id, create_time, endpoint_id) WHERE delete_time IS NULL;

-- The outbox: written with the event, emptied by whoever leases a row.
CREATE TABLE webhook_delivery (
    organization_id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    sequence bigint NOT NULL,
    attempt_count integer NOT NULL DEFAULT 0,
    -- NULL: delivered, or given up.
    next_attempt_time timestamptz DEFAULT now(),
    -- Somebody is at it until then. NULL: nobody.
    lease_end_time timestamptz,
    deliver_time timestamptz,
    -- The last answer's status, or why there was none. NULL: no attempt yet.
    last_status integer,
    last_error text,
    PRIMARY KEY (organization_id, endpoint_id, sequence),
    FOREIGN KEY (organization_id, endpoint_id) REFERENCES webhook_endpoint,
    FOREIGN KEY (organization_id, sequence) REFERENCES audit_event
);
-- Whose turn it is, and which of theirs.
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_attempt_time)
    WHERE next_attempt_time IS NOT NULL;
CREATE INDEX webhook_delivery_due_of_organization
    ON webhook_delivery (organization_id, next_attempt_time)
    WHERE next_attempt_time IS NOT NULL;
"""

WALLS = """
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY
        ARRAY['audit_chain', 'audit_event', 'webhook_endpoint', 'webhook_delivery']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I USING (organization_id ='
            ' nullif(current_setting(''app.organization_id'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
"""

# SECURITY DEFINER: the serving role may neither insert events nor choose their time or place in the
# chain. It stays inside the tenant of the transaction.
APPEND_AUDIT_EVENTS = """
CREATE FUNCTION append_audit_events(tenant uuid, events json)
RETURNS void
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    event record;
    place bigint;
    earlier bytea;
    later bytea;
    at timestamptz;
BEGIN
    IF tenant IS DISTINCT FROM nullif(current_setting('app.organization_id', true), '')::uuid THEN
        RAISE EXCEPTION 'events are appended in the tenant''s own transaction'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO audit_chain (organization_id, last_sequence, last_hash)
    VALUES (tenant, 0, decode(repeat('00', 32), 'hex'))
        ON CONFLICT DO NOTHING;
    SELECT c.last_sequence, c.last_hash INTO place, earlier
      FROM audit_chain c
     WHERE c.organization_id = tenant
       FOR NO KEY UPDATE;
    FOR event IN
        SELECT e.action, e.outcome, e.actor_kind, e.actor_user_id, e.actor_token_id, e.ip,
               e.user_agent, e.request_id, e.target_kind, e.target_id, e.principal_id, e.changes,
               e.reason
          FROM json_to_recordset(events) AS e (
               action text, outcome text, actor_kind text, actor_user_id uuid, actor_token_id uuid,
               ip inet, user_agent text, request_id text, target_kind text, target_id uuid,
               principal_id uuid, changes json, reason text)
    LOOP
        place := place + 1;
        at := clock_timestamp();
        -- SHA-256 of the previous hash and of each value in turn, as "bytes:text," or "-,".
        SELECT sha256(earlier || convert_to(string_agg(
                   coalesce(octet_length(convert_to(v.value, 'UTF8')) || ':' || v.value, '-'),
                   ',' ORDER BY v.number) || ',', 'UTF8'))
          INTO later
          FROM unnest(ARRAY[
               tenant::text, place::text,
               (extract(epoch FROM at) * 1000000)::bigint::text,
               event.action, event.outcome, event.actor_kind, event.actor_user_id::text,
               event.actor_token_id::text, host(event.ip), event.user_agent, event.request_id,
               event.target_kind, event.target_id::text, event.principal_id::text,
               event.changes::text, event.reason]) WITH ORDINALITY AS v (value, number);
        INSERT INTO audit_event
               (organization_id, sequence, event_time, action, outcome, actor_kind, actor_user_id,
                actor_token_id, ip, user_agent, request_id, target_kind, target_id, principal_id,
                changes, reason, previous_hash, hash)
        VALUES (tenant, place, at, event.action, event.outcome, event.actor_kind,
                event.actor_user_id, event.actor_token_id, event.ip, event.user_agent,
                event.request_id, event.target_kind, event.target_id, event.principal_id,
                event.changes, event.reason, earlier, later);
        INSERT INTO webhook_delivery (organization_id, endpoint_id, sequence)
        SELECT w.organization_id, w.endpoint_id, place
          FROM webhook_endpoint w
         WHERE w.organization_id = tenant AND w.is_active
           AND (w.actions IS NULL OR event.action = ANY (w.actions));
        earlier := later;
    END LOOP;
    UPDATE audit_chain
       SET last_sequence = place, last_hash = earlier
     WHERE organization_id = tenant;
END
$$;
REVOKE ALL ON FUNCTION append_audit_events(uuid, json) FROM PUBLIC;
"""

# What background tasks need to find their tenants: ids and nothing else.
TENANTS = """
CREATE FUNCTION list_organization_ids(behind uuid, at_most integer)
RETURNS TABLE (organization_id uuid)
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT o.organization_id
      FROM organization o
     WHERE o.organization_id > behind
     ORDER BY o.organization_id
     LIMIT at_most;
END
$$;
REVOKE ALL ON FUNCTION list_organization_ids(uuid, integer) FROM PUBLIC;

CREATE FUNCTION list_organizations_to_notify(at_most integer)
RETURNS TABLE (organization_id uuid)
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT d.organization_id
      FROM webhook_delivery d
     WHERE d.next_attempt_time <= now()
       AND (d.lease_end_time IS NULL OR d.lease_end_time <= now())
     GROUP BY d.organization_id
     -- Who waits longest comes first, so that many who have much to send keep nobody waiting.
     ORDER BY min(d.next_attempt_time)
     LIMIT at_most;
END
$$;
REVOKE ALL ON FUNCTION list_organizations_to_notify(integer) FROM PUBLIC;
"""


def upgrade() -> None:
    for statements in (TABLES, WALLS, APPEND_AUDIT_EVENTS, TENANTS):
        scripts.run(statements)
