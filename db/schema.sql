--
-- Name: append_audit_events(uuid, json); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.append_audit_events(tenant uuid, events json) RETURNS void
    LANGUAGE plpgsql STRICT SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
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

--
-- Name: extend_token(uuid, uuid, timestamp with time zone); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.extend_token(in_organization_id uuid, of_token_id uuid, use_time timestamp with time zone) RETURNS void
    LANGUAGE plpgsql STRICT SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
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

--
-- Name: find_person(text, text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.find_person(token_issuer text, token_subject text) RETURNS TABLE(organization_id uuid, user_id uuid, permissions text[])
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT u.organization_id, u.user_id, ARRAY(
               SELECT DISTINCT g.permission
                 FROM permission_grant g
                WHERE g.organization_id = u.organization_id
                  AND g.principal_id = ANY (u.user_id || ARRAY(
                          SELECT m.group_id
                            FROM group_member m
                           WHERE m.organization_id = u.organization_id
                             AND m.user_id = u.user_id))
                  AND g.resource_id = u.organization_id)
      FROM organization_user u
     WHERE u.issuer = token_issuer AND u.subject = token_subject
       AND u.state = 'ACTIVE' AND NOT u.is_application_user;
END
$$;

--
-- Name: find_presented_tokens(uuid[], uuid[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.find_presented_tokens(organization_ids uuid[], token_ids uuid[]) RETURNS TABLE(organization_id uuid, token_id uuid, user_id uuid, is_application_user boolean, secret_hmac bytea, pepper_version smallint, live boolean, max_age_seconds integer, extend_when_used boolean, ip_allowlist cidr[], scopes text[], expiry_time timestamp with time zone, last_used_time timestamp with time zone, last_ip text, last_user_agent text, permissions text[], check_time timestamp with time zone)
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
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

--
-- Name: keep_token_ended(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_token_ended() RETURNS trigger
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

--
-- Name: keep_user_deleted(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_user_deleted() RETURNS trigger
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

--
-- Name: list_organization_ids(uuid, integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.list_organization_ids(behind uuid, at_most integer) RETURNS TABLE(organization_id uuid)
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
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

--
-- Name: list_organizations_to_notify(integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.list_organizations_to_notify(at_most integer) RETURNS TABLE(organization_id uuid)
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
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

--
-- Name: look_up_presented_tokens(uuid[], uuid[], uuid[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.look_up_presented_tokens(organization_ids uuid[], token_ids uuid[], resource_ids uuid[]) RETURNS TABLE(number integer, organization_id uuid, token_id uuid, user_id uuid, is_application_user boolean, user_name text, secret_hmac bytea, pepper_version smallint, refusal text, max_age_seconds integer, extend_when_used boolean, ip_allowlist cidr[], policy_networks cidr[], scopes text[], create_time timestamp with time zone, expiry_time timestamp with time zone, overlap_end_time timestamp with time zone, last_used_time timestamp with time zone, last_ip text, last_user_agent text, permissions text[], read_count integer, check_time timestamp with time zone)
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
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
           CASE WHEN m.group_ids = '{}' AND a.resource_id IS NULL THEN h.permissions
                ELSE ARRAY(SELECT DISTINCT n FROM unnest(h.permissions) AS n)
           END,
           cardinality(h.permissions) + 4 * cardinality(m.group_ids), now()
      FROM unnest(organization_ids, token_ids, resource_ids) WITH ORDINALITY
           AS a (organization_id, token_id, resource_id, number)
     CROSS JOIN LATERAL (
           SELECT true AS is_there, t.user_id AS holder_id,
                  t.organization_id, t.token_id, t.user_id, t.secret_hmac, t.pepper_version,
                  t.max_age_seconds, t.extend_when_used, t.ip_allowlist, t.scopes, t.create_time,
                  t.expiry_time, t.overlap_end_time, t.supersede_time, t.revoke_time,
                  t.deactivate_time, t.last_used_time, t.last_ip, t.last_user_agent,
                  t.permission_ceiling
             FROM token t
            WHERE t.organization_id = a.organization_id AND t.token_id = a.token_id
            UNION ALL
           -- In the place of a missing one any other is read, whose user is asked for nothing:
           -- there may be much.
           (SELECT false, a.token_id,
                   t.organization_id, t.token_id, t.user_id, t.secret_hmac, t.pepper_version,
                  t.max_age_seconds, t.extend_when_used, t.ip_allowlist, t.scopes, t.create_time,
                  t.expiry_time, t.overlap_end_time, t.supersede_time, t.revoke_time,
                  t.deactivate_time, t.last_used_time, t.last_ip, t.last_user_agent,
                  t.permission_ceiling
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
               WHEN m.group_ids = '{}' AND a.resource_id IS NULL
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

--
-- Name: look_up_tokens(uuid[], uuid[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.look_up_tokens(organization_ids uuid[], token_ids uuid[]) RETURNS TABLE(organization_id uuid, token_id uuid, user_id uuid, is_application_user boolean, secret_hmac bytea, pepper_version smallint, refusal text, max_age_seconds integer, extend_when_used boolean, ip_allowlist cidr[], policy_networks cidr[], scopes text[], expiry_time timestamp with time zone, overlap_end_time timestamp with time zone, last_used_time timestamp with time zone, last_ip text, last_user_agent text, permissions text[], check_time timestamp with time zone)
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
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
               WHEN t.permission_ceiling IS NULL THEN ARRAY(
               SELECT DISTINCT g.permission
                 FROM permission_grant g
                WHERE g.organization_id = u.organization_id
                  AND g.principal_id = ANY (u.user_id || ARRAY(
                          SELECT m.group_id
                            FROM group_member m
                           WHERE m.organization_id = u.organization_id
                             AND m.user_id = u.user_id))
                  AND g.resource_id = u.organization_id)
               ELSE ARRAY(SELECT unnest(ARRAY(
               SELECT DISTINCT g.permission
                 FROM permission_grant g
                WHERE g.organization_id = u.organization_id
                  AND g.principal_id = ANY (u.user_id || ARRAY(
                          SELECT m.group_id
                            FROM group_member m
                           WHERE m.organization_id = u.organization_id
                             AND m.user_id = u.user_id))
                  AND g.resource_id = u.organization_id))
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

--
-- Name: record_token_uses(uuid[], uuid[], uuid[], timestamp with time zone[], inet[], text[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.record_token_uses(organization_ids uuid[], token_ids uuid[], user_ids uuid[], use_times timestamp with time zone[], ips inet[], user_agents text[]) RETURNS void
    LANGUAGE plpgsql STRICT SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
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

--
-- Name: record_uses(uuid[], uuid[], uuid[], inet[], text[], boolean[], bigint[], timestamp with time zone[], timestamp with time zone[], boolean[], integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.record_uses(organization_ids uuid[], token_ids uuid[], user_ids uuid[], ips inet[], user_agents text[], are_others boolean[], use_counts bigint[], first_use_times timestamp with time zone[], last_use_times timestamp with time zone[], are_news boolean[], most_rows_a_day integer) RETURNS void
    LANGUAGE plpgsql STRICT SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    -- It takes the lock that makes writers take turns, whether or not there is news.
    PERFORM record_token_uses(
                coalesce(array_agg(l.organization_id), '{}'), coalesce(array_agg(l.token_id), '{}'),
                coalesce(array_agg(l.user_id), '{}'), coalesce(array_agg(l.use_time), '{}'),
                coalesce(array_agg(l.ip), '{}'), coalesce(array_agg(l.user_agent), '{}'))
       FROM (SELECT DISTINCT ON (n.organization_id, n.token_id)
                    n.organization_id, n.token_id, n.user_id, n.use_time, n.ip, n.user_agent
               FROM unnest(organization_ids, token_ids, user_ids, last_use_times, ips, user_agents,
                           are_news)
                    AS n (organization_id, token_id, user_id, use_time, ip, user_agent, is_news)
              WHERE n.is_news
              ORDER BY n.organization_id, n.token_id, n.use_time DESC) l;
    -- This statement sees what the writers before have committed: it begins under the lock.
    WITH given AS (
        SELECT n.organization_id, n.token_id, t.user_id, d.use_date,
               CASE WHEN NOT n.is_other THEN n.ip END AS ip,
               CASE WHEN n.is_other THEN '' ELSE n.user_agent END AS user_agent,
               n.is_other, n.use_count, n.first_use_time, n.last_use_time
          FROM unnest(organization_ids, token_ids, ips, user_agents, are_others, use_counts,
                      first_use_times, last_use_times)
               AS n (organization_id, token_id, ip, user_agent, is_other, use_count,
                     first_use_time, last_use_time)
         CROSS JOIN LATERAL (
               SELECT (n.first_use_time AT TIME ZONE 'UTC')::date AS use_date) d
         -- Of people who signed in there is no token.
         CROSS JOIN LATERAL (
               SELECT t.user_id
                 FROM token t
                WHERE t.organization_id = n.organization_id AND t.token_id = n.token_id
                LIMIT 1) t
    ), counted AS (
        -- Each row once, or ON CONFLICT would meet one that this statement has written.
        SELECT g.organization_id, g.token_id, g.user_id, g.use_date, g.ip, g.user_agent, g.is_other,
               sum(g.use_count) AS use_count, min(g.first_use_time) AS first_use_time,
               max(g.last_use_time) AS last_use_time
          FROM given g
         GROUP BY g.organization_id, g.token_id, g.user_id, g.use_date, g.ip, g.user_agent,
                  g.is_other
    ), found AS (
        SELECT c.organization_id, c.token_id, c.user_id, c.use_date, c.ip, c.user_agent, c.is_other,
               c.use_count, c.first_use_time, c.last_use_time,
               NOT c.is_other AND h.is_there IS NULL AS is_new
          FROM counted c
          LEFT JOIN LATERAL (
               SELECT true AS is_there
                 FROM token_use h
                WHERE h.organization_id = c.organization_id AND h.token_id = c.token_id
                  AND h.use_date = c.use_date AND h.ip = c.ip AND h.user_agent = c.user_agent
                  AND h.is_other = c.is_other
                  AND h.first_use_time >= c.use_date::timestamp AT TIME ZONE 'UTC'
                  AND h.first_use_time < (c.use_date + 1)::timestamp AT TIME ZONE 'UTC'
                UNION ALL
               -- No index is asked by IS NOT DISTINCT FROM.
               (SELECT true
                  FROM token_use h
                 WHERE h.organization_id = c.organization_id AND h.token_id = c.token_id
                   AND h.use_date = c.use_date AND h.ip IS NULL AND h.user_agent = c.user_agent
                   AND h.is_other = c.is_other AND c.ip IS NULL
                   AND h.first_use_time >= c.use_date::timestamp AT TIME ZONE 'UTC'
                   AND h.first_use_time < (c.use_date + 1)::timestamp AT TIME ZONE 'UTC'
                 -- As the key has them: from few rows the planner would conclude that any index of
                 -- the organization does as well.
                 ORDER BY h.ip
                 LIMIT 1)
                LIMIT 1) h ON true
    ), taken AS (
        -- Of days that something new came on alone. From when one is full on nobody counts its rows
        -- again: however many addresses come, each costs as little as on a day with few.
        SELECT d.organization_id, d.token_id, d.use_date,
               CASE WHEN f.is_full THEN most_rows_a_day ELSE (
                   SELECT count(*)
                     FROM (SELECT
                             FROM token_use h
                            WHERE h.organization_id = d.organization_id
                              AND h.token_id = d.token_id AND h.use_date = d.use_date
                              AND NOT h.is_other
                              AND h.first_use_time
                                  >= d.use_date::timestamp AT TIME ZONE 'UTC'
                              AND h.first_use_time
                                  < (d.use_date + 1)::timestamp AT TIME ZONE 'UTC'
                            ORDER BY h.ip
                            LIMIT most_rows_a_day) h) END AS row_count
          FROM (SELECT DISTINCT m.organization_id, m.token_id, m.use_date
                  FROM found m
                 WHERE m.is_new) d
          LEFT JOIN LATERAL (
               SELECT h.is_full
                 FROM token_use h
                WHERE h.organization_id = d.organization_id AND h.token_id = d.token_id
                  AND h.use_date = d.use_date AND h.ip IS NULL AND h.user_agent = ''
                  AND h.is_other
                  AND h.first_use_time >= d.use_date::timestamp AT TIME ZONE 'UTC'
                  AND h.first_use_time < (d.use_date + 1)::timestamp AT TIME ZONE 'UTC'
                ORDER BY h.ip
                LIMIT 1) f ON true
    ), placed AS (
        SELECT m.organization_id, m.token_id, m.user_id, m.use_date, m.ip, m.user_agent,
               m.use_count, m.first_use_time, m.last_use_time, m.is_other,
               coalesce(m.is_new AND most_rows_a_day < n.row_count + row_number() OVER (
                   PARTITION BY m.organization_id, m.token_id, m.use_date, m.is_new
                   ORDER BY m.first_use_time, m.ip, m.user_agent), false) AS is_full
          FROM found m
          LEFT JOIN taken n
            ON n.organization_id = m.organization_id AND n.token_id = m.token_id
           AND n.use_date = m.use_date
    )
    INSERT INTO token_use AS h
           (organization_id, token_id, user_id, use_date, ip, user_agent, is_other, is_full,
            use_count, first_use_time, last_use_time)
    SELECT p.organization_id, p.token_id, p.user_id, p.use_date, r.ip, r.user_agent, r.is_other,
           bool_or(p.is_full), sum(p.use_count), min(p.first_use_time), max(p.last_use_time)
      FROM placed p
     CROSS JOIN LATERAL (SELECT p.is_other OR p.is_full AS is_other) o
     CROSS JOIN LATERAL (
           SELECT o.is_other, CASE WHEN NOT o.is_other THEN p.ip END AS ip,
                  CASE WHEN o.is_other THEN '' ELSE p.user_agent END AS user_agent) r
     GROUP BY p.organization_id, p.token_id, p.user_id, p.use_date, r.ip, r.user_agent, r.is_other
     ORDER BY p.organization_id, p.token_id, p.use_date
    ON CONFLICT (organization_id, token_id, use_date, ip, user_agent, is_other) DO UPDATE
       SET is_full = h.is_full OR excluded.is_full,
           use_count = h.use_count + excluded.use_count,
           first_use_time = least(h.first_use_time, excluded.first_use_time),
           last_use_time = greatest(h.last_use_time, excluded.last_use_time);
END
$$;

--
-- Name: refuse_audit_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'audit events are never changed or removed'
        USING ERRCODE = 'insufficient_privilege';
END
$$;

--
-- Name: alembic_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

--
-- Name: audit_chain; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_chain (
    organization_id uuid NOT NULL,
    last_sequence bigint NOT NULL,
    last_hash bytea NOT NULL,
    CONSTRAINT audit_chain_last_hash_check CHECK ((octet_length(last_hash) = 32))
);

--
-- Name: audit_event; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_event (
    organization_id uuid NOT NULL,
    sequence bigint NOT NULL,
    event_time timestamp with time zone NOT NULL,
    action text NOT NULL,
    outcome text NOT NULL,
    actor_kind text NOT NULL,
    actor_user_id uuid,
    actor_token_id uuid,
    ip inet,
    user_agent text,
    request_id text,
    target_kind text NOT NULL,
    target_id uuid NOT NULL,
    principal_id uuid,
    changes json NOT NULL,
    reason text,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_event_action_check CHECK ((action ~ '^[a-z_]+:[a-z_]+:[a-z_]+$'::text)),
    CONSTRAINT audit_event_actor CHECK (((actor_kind = 'USER'::text) = (actor_user_id IS NOT NULL))),
    CONSTRAINT audit_event_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['USER'::text, 'OPERATOR'::text, 'SERVICE'::text]))),
    CONSTRAINT audit_event_changes_check CHECK ((json_typeof(changes) = 'object'::text)),
    CONSTRAINT audit_event_outcome_check CHECK ((outcome = ANY (ARRAY['SUCCEEDED'::text, 'REFUSED'::text]))),
    CONSTRAINT audit_event_reason CHECK (((outcome = 'REFUSED'::text) = (reason IS NOT NULL))),
    CONSTRAINT audit_event_sequence_check CHECK ((sequence > 0))
);

--
-- Name: group_member; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.group_member (
    organization_id uuid NOT NULL,
    group_id uuid NOT NULL,
    user_id uuid NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid
);

--
-- Name: limit_request; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.limit_request (
    organization_id uuid NOT NULL,
    request_id uuid NOT NULL,
    application_user_limit integer NOT NULL,
    reason text,
    state text DEFAULT 'PENDING'::text NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid NOT NULL,
    answer_time timestamp with time zone,
    answered_limit integer,
    CONSTRAINT limit_request_answer CHECK ((((state = 'PENDING'::text) = (answer_time IS NULL)) AND ((answer_time IS NULL) = (answered_limit IS NULL)))),
    CONSTRAINT limit_request_application_user_limit_check CHECK (((application_user_limit >= 1) AND (application_user_limit <= 1000000))),
    CONSTRAINT limit_request_reason_check CHECK ((char_length(reason) <= 1000)),
    CONSTRAINT limit_request_state_check CHECK ((state = ANY (ARRAY['PENDING'::text, 'GRANTED'::text, 'DECLINED'::text])))
);

--
-- Name: organization; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.organization (
    organization_id uuid NOT NULL,
    name text NOT NULL,
    application_user_limit integer DEFAULT 50 NOT NULL,
    application_user_count integer DEFAULT 0 NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT organization_application_user_count_check CHECK ((application_user_count >= 0)),
    CONSTRAINT organization_application_user_limit_check CHECK ((application_user_limit >= 0)),
    CONSTRAINT organization_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255)))
);

--
-- Name: organization_policy; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.organization_policy (
    organization_id uuid NOT NULL,
    allowed_networks cidr[],
    longest_max_age_seconds integer,
    expiry_required boolean NOT NULL,
    deactivate_unused_days integer,
    revoke_unused_days integer,
    update_time timestamp with time zone DEFAULT now() NOT NULL,
    updated_by uuid,
    CONSTRAINT organization_policy_allowed_networks_check CHECK (((cardinality(allowed_networks) >= 1) AND (cardinality(allowed_networks) <= 100))),
    CONSTRAINT organization_policy_deactivate_unused_days_check CHECK (((deactivate_unused_days >= 1) AND (deactivate_unused_days <= 3650))),
    CONSTRAINT organization_policy_disuse CHECK ((revoke_unused_days > deactivate_unused_days)),
    CONSTRAINT organization_policy_longest_max_age_seconds_check CHECK (((longest_max_age_seconds >= 600) AND (longest_max_age_seconds <= 315360000))),
    CONSTRAINT organization_policy_revoke_unused_days_check CHECK (((revoke_unused_days >= 1) AND (revoke_unused_days <= 3650)))
);

--
-- Name: organization_user; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.organization_user (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    is_application_user boolean NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL COLLATE pg_catalog."C",
    description text,
    email text NOT NULL,
    state text DEFAULT 'ACTIVE'::text NOT NULL,
    issuer text,
    subject text,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    delete_time timestamp with time zone,
    deleted_by uuid,
    last_activity_time timestamp with time zone,
    CONSTRAINT organization_user_description_check CHECK ((char_length(description) <= 1000)),
    CONSTRAINT organization_user_email_check CHECK (((char_length(email) >= 3) AND (char_length(email) <= 320))),
    CONSTRAINT organization_user_identity CHECK (((issuer IS NULL) = (subject IS NULL))),
    CONSTRAINT organization_user_kind CHECK (((NOT is_application_user) OR (issuer IS NULL))),
    CONSTRAINT organization_user_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
    CONSTRAINT organization_user_state_check CHECK ((state = ANY (ARRAY['ACTIVE'::text, 'DEACTIVATED'::text, 'DELETED'::text]))),
    CONSTRAINT organization_user_tombstone CHECK (((state = 'DELETED'::text) = (delete_time IS NOT NULL)))
);

--
-- Name: permission_grant; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.permission_grant (
    organization_id uuid NOT NULL,
    principal_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    permission text NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    is_group boolean DEFAULT false NOT NULL,
    user_id uuid GENERATED ALWAYS AS (
CASE
    WHEN (NOT is_group) THEN principal_id
    ELSE NULL::uuid
END) STORED,
    group_id uuid GENERATED ALWAYS AS (
CASE
    WHEN is_group THEN principal_id
    ELSE NULL::uuid
END) STORED,
    below_id uuid GENERATED ALWAYS AS (
CASE
    WHEN (resource_id <> organization_id) THEN resource_id
    ELSE NULL::uuid
END) STORED,
    CONSTRAINT permission_grant_permission_check CHECK (((char_length(permission) >= 1) AND (char_length(permission) <= 255)))
);

--
-- Name: resource; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.resource (
    organization_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    kind text NOT NULL,
    parent_id uuid,
    above_id uuid GENERATED ALWAYS AS (COALESCE(parent_id, organization_id)) STORED NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL COLLATE pg_catalog."C",
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    CONSTRAINT resource_below CHECK ((resource_id <> organization_id)),
    CONSTRAINT resource_kind_check CHECK ((kind = ANY (ARRAY['ORGANIZATIONAL_UNIT'::text, 'PROJECT'::text]))),
    CONSTRAINT resource_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
    CONSTRAINT resource_parent CHECK ((parent_id <> resource_id))
);

--
-- Name: token; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.token (
    organization_id uuid NOT NULL,
    token_id uuid NOT NULL,
    user_id uuid NOT NULL,
    secret_hmac bytea NOT NULL,
    pepper_version smallint NOT NULL,
    description text,
    max_age_seconds integer,
    extend_when_used boolean NOT NULL,
    ip_allowlist cidr[],
    scopes text[],
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    expiry_time timestamp with time zone,
    revoke_time timestamp with time zone,
    revoked_by uuid,
    last_used_time timestamp with time zone,
    last_ip inet,
    last_user_agent text,
    idempotency_key text,
    idempotency_input bytea,
    permission_ceiling text[],
    deactivate_time timestamp with time zone,
    activate_time timestamp with time zone,
    predecessor_id uuid,
    family_id uuid,
    supersede_time timestamp with time zone,
    overlap_end_time timestamp with time zone,
    warned_days smallint,
    CONSTRAINT token_description_check CHECK ((char_length(description) <= 1000)),
    CONSTRAINT token_expiry CHECK (((max_age_seconds IS NULL) = (expiry_time IS NULL))),
    CONSTRAINT token_family CHECK (((predecessor_id IS NULL) = (family_id IS NULL))),
    CONSTRAINT token_idempotency CHECK (((idempotency_key IS NULL) = (idempotency_input IS NULL))),
    CONSTRAINT token_idempotency_key_check CHECK (((char_length(idempotency_key) >= 1) AND (char_length(idempotency_key) <= 255))),
    CONSTRAINT token_ip_allowlist_check CHECK (((cardinality(ip_allowlist) >= 1) AND (cardinality(ip_allowlist) <= 100))),
    CONSTRAINT token_last_user_agent_check CHECK ((char_length(last_user_agent) <= 512)),
    CONSTRAINT token_max_age_seconds_check CHECK (((max_age_seconds >= 600) AND (max_age_seconds <= 315360000))),
    CONSTRAINT token_overlap CHECK ((((supersede_time IS NULL) = (overlap_end_time IS NULL)) AND (overlap_end_time >= supersede_time))),
    CONSTRAINT token_pepper_version_check CHECK ((pepper_version > 0)),
    CONSTRAINT token_revoker CHECK (((revoked_by IS NULL) OR (revoke_time IS NOT NULL))),
    CONSTRAINT token_scopes_check CHECK (((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 100))),
    CONSTRAINT token_secret_hmac_check CHECK ((octet_length(secret_hmac) = 32)),
    CONSTRAINT token_sliding CHECK (((NOT extend_when_used) OR (max_age_seconds IS NOT NULL))),
    CONSTRAINT token_use CHECK (((last_used_time IS NOT NULL) OR ((last_ip IS NULL) AND (last_user_agent IS NULL))))
);

--
-- Name: token_use; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.token_use (
    organization_id uuid NOT NULL,
    use_id uuid DEFAULT gen_random_uuid() NOT NULL,
    token_id uuid NOT NULL,
    user_id uuid NOT NULL,
    use_date date NOT NULL,
    ip inet,
    user_agent text NOT NULL,
    is_other boolean DEFAULT false NOT NULL,
    is_full boolean DEFAULT false NOT NULL,
    use_count bigint NOT NULL,
    first_use_time timestamp with time zone NOT NULL,
    last_use_time timestamp with time zone NOT NULL,
    CONSTRAINT token_use_check CHECK ((first_use_time <= last_use_time)),
    CONSTRAINT token_use_check1 CHECK (((NOT is_other) OR ((ip IS NULL) AND (user_agent = ''::text)))),
    CONSTRAINT token_use_check2 CHECK ((is_other OR (NOT is_full))),
    CONSTRAINT token_use_use_count_check CHECK ((use_count > 0)),
    CONSTRAINT token_use_user_agent_check CHECK ((char_length(user_agent) <= 512))
)
WITH (fillfactor='70');

--
-- Name: user_group; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.user_group (
    organization_id uuid NOT NULL,
    group_id uuid NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL COLLATE pg_catalog."C",
    description text,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    CONSTRAINT user_group_description_check CHECK ((char_length(description) <= 1000)),
    CONSTRAINT user_group_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255)))
);

--
-- Name: webhook_delivery; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.webhook_delivery (
    organization_id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    sequence bigint NOT NULL,
    attempt_count integer DEFAULT 0 NOT NULL,
    next_attempt_time timestamp with time zone DEFAULT now(),
    lease_end_time timestamp with time zone,
    deliver_time timestamp with time zone,
    last_status integer,
    last_error text
);

--
-- Name: webhook_endpoint; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.webhook_endpoint (
    organization_id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    url text NOT NULL,
    description text,
    actions text[],
    is_active boolean DEFAULT true NOT NULL,
    pepper_version smallint NOT NULL,
    key_number integer DEFAULT 1 NOT NULL,
    previous_pepper_version smallint,
    previous_key_end_time timestamp with time zone,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    delete_time timestamp with time zone,
    CONSTRAINT webhook_endpoint_actions_check CHECK (((cardinality(actions) >= 1) AND (cardinality(actions) <= 100))),
    CONSTRAINT webhook_endpoint_description_check CHECK ((char_length(description) <= 1000)),
    CONSTRAINT webhook_endpoint_key_number_check CHECK ((key_number > 0)),
    CONSTRAINT webhook_endpoint_pepper_version_check CHECK ((pepper_version > 0)),
    CONSTRAINT webhook_endpoint_rotation CHECK ((((previous_pepper_version IS NULL) = (previous_key_end_time IS NULL)) AND ((previous_pepper_version IS NULL) OR (key_number > 1)))),
    CONSTRAINT webhook_endpoint_tombstone CHECK (((delete_time IS NULL) OR (NOT is_active))),
    CONSTRAINT webhook_endpoint_url_check CHECK (((char_length(url) >= 1) AND (char_length(url) <= 2048)))
);

--
-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

--
-- Name: audit_chain audit_chain_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_chain
    ADD CONSTRAINT audit_chain_pkey PRIMARY KEY (organization_id);

--
-- Name: audit_event audit_event_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (organization_id, sequence);

--
-- Name: group_member group_member_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.group_member
    ADD CONSTRAINT group_member_pkey PRIMARY KEY (organization_id, group_id, user_id);

--
-- Name: limit_request limit_request_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.limit_request
    ADD CONSTRAINT limit_request_pkey PRIMARY KEY (organization_id, request_id);

--
-- Name: organization organization_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organization
    ADD CONSTRAINT organization_pkey PRIMARY KEY (organization_id);

--
-- Name: organization_policy organization_policy_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organization_policy
    ADD CONSTRAINT organization_policy_pkey PRIMARY KEY (organization_id);

--
-- Name: organization_user organization_user_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organization_user
    ADD CONSTRAINT organization_user_pkey PRIMARY KEY (organization_id, user_id);

--
-- Name: permission_grant permission_grant_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.permission_grant
    ADD CONSTRAINT permission_grant_pkey PRIMARY KEY (organization_id, principal_id, resource_id, permission);

--
-- Name: resource resource_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.resource
    ADD CONSTRAINT resource_pkey PRIMARY KEY (organization_id, resource_id);

--
-- Name: token token_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (organization_id, token_id);

--
-- Name: token_use token_use_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token_use
    ADD CONSTRAINT token_use_pkey PRIMARY KEY (organization_id, use_id);

--
-- Name: user_group user_group_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_group
    ADD CONSTRAINT user_group_pkey PRIMARY KEY (organization_id, group_id);

--
-- Name: webhook_delivery webhook_delivery_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_pkey PRIMARY KEY (organization_id, endpoint_id, sequence);

--
-- Name: webhook_endpoint webhook_endpoint_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.webhook_endpoint
    ADD CONSTRAINT webhook_endpoint_pkey PRIMARY KEY (organization_id, endpoint_id);

--
-- Name: audit_event_by_action; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_by_action ON public.audit_event USING btree (organization_id, action, sequence);

--
-- Name: audit_event_by_actor; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_by_actor ON public.audit_event USING btree (organization_id, actor_user_id, sequence);

--
-- Name: audit_event_by_principal; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_by_principal ON public.audit_event USING btree (organization_id, principal_id, sequence);

--
-- Name: audit_event_by_target; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_by_target ON public.audit_event USING btree (organization_id, target_id, sequence);

--
-- Name: audit_event_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_by_time ON public.audit_event USING btree (organization_id, event_time);

--
-- Name: audit_event_by_token; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_by_token ON public.audit_event USING btree (organization_id, actor_token_id, sequence);

--
-- Name: audit_event_refused; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_refused ON public.audit_event USING btree (organization_id, sequence) WHERE (outcome = 'REFUSED'::text);

--
-- Name: group_member_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX group_member_by_time ON public.group_member USING btree (organization_id, group_id, create_time, user_id);

--
-- Name: group_member_by_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX group_member_by_user ON public.group_member USING btree (organization_id, user_id, group_id);

--
-- Name: limit_request_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX limit_request_by_time ON public.limit_request USING btree (organization_id, create_time, request_id);

--
-- Name: limit_request_pending; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX limit_request_pending ON public.limit_request USING btree (organization_id) WHERE (state = 'PENDING'::text);

--
-- Name: organization_user_by_identity; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organization_user_by_identity ON public.organization_user USING btree (issuer, subject) WHERE (issuer IS NOT NULL);

--
-- Name: organization_user_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX organization_user_by_time ON public.organization_user USING btree (organization_id, create_time, user_id);

--
-- Name: organization_user_live_identity; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX organization_user_live_identity ON public.organization_user USING btree (organization_id, issuer, subject) WHERE ((issuer IS NOT NULL) AND (state <> 'DELETED'::text));

--
-- Name: organization_user_live_name; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX organization_user_live_name ON public.organization_user USING btree (organization_id, name_key) WHERE (is_application_user AND (state <> 'DELETED'::text));

--
-- Name: permission_grant_below; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX permission_grant_below ON public.permission_grant USING btree (organization_id, below_id) WHERE (below_id IS NOT NULL);

--
-- Name: permission_grant_by_permission; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX permission_grant_by_permission ON public.permission_grant USING btree (organization_id, permission, principal_id, resource_id);

--
-- Name: permission_grant_by_resource; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX permission_grant_by_resource ON public.permission_grant USING btree (organization_id, resource_id, permission, principal_id);

--
-- Name: permission_grant_of_group; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX permission_grant_of_group ON public.permission_grant USING btree (organization_id, group_id) WHERE (group_id IS NOT NULL);

--
-- Name: resource_by_parent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX resource_by_parent ON public.resource USING btree (organization_id, parent_id);

--
-- Name: resource_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX resource_by_time ON public.resource USING btree (organization_id, create_time, resource_id);

--
-- Name: resource_children_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX resource_children_by_time ON public.resource USING btree (organization_id, above_id, create_time, resource_id);

--
-- Name: resource_sibling_name; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX resource_sibling_name ON public.resource USING btree (organization_id, COALESCE(parent_id, organization_id), kind, name_key);

--
-- Name: token_by_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX token_by_expiry ON public.token USING btree (organization_id, expiry_time) WHERE ((expiry_time IS NOT NULL) AND (revoke_time IS NULL));

--
-- Name: token_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX token_by_time ON public.token USING btree (organization_id, create_time, token_id);

--
-- Name: token_by_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX token_by_user ON public.token USING btree (organization_id, user_id, create_time, token_id);

--
-- Name: token_idempotency_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX token_idempotency_key ON public.token USING btree (organization_id, created_by, idempotency_key) WHERE (idempotency_key IS NOT NULL);

--
-- Name: token_successor; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX token_successor ON public.token USING btree (organization_id, predecessor_id) WHERE (predecessor_id IS NOT NULL);

--
-- Name: token_use_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX token_use_by_time ON public.token_use USING btree (organization_id, first_use_time, use_id);

--
-- Name: token_use_by_token; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX token_use_by_token ON public.token_use USING btree (organization_id, token_id, first_use_time, use_id);

--
-- Name: token_use_by_user; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX token_use_by_user ON public.token_use USING btree (organization_id, user_id, first_use_time, use_id);

--
-- Name: token_use_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX token_use_key ON public.token_use USING btree (organization_id, token_id, use_date, ip, user_agent, is_other) NULLS NOT DISTINCT;

--
-- Name: user_group_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX user_group_by_time ON public.user_group USING btree (organization_id, create_time, group_id);

--
-- Name: user_group_name; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX user_group_name ON public.user_group USING btree (organization_id, name_key);

--
-- Name: webhook_delivery_due; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX webhook_delivery_due ON public.webhook_delivery USING btree (next_attempt_time) WHERE (next_attempt_time IS NOT NULL);

--
-- Name: webhook_delivery_due_of_organization; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX webhook_delivery_due_of_organization ON public.webhook_delivery USING btree (organization_id, next_attempt_time) WHERE (next_attempt_time IS NOT NULL);

--
-- Name: webhook_endpoint_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX webhook_endpoint_by_time ON public.webhook_endpoint USING btree (organization_id, create_time, endpoint_id) WHERE (delete_time IS NULL);

--
-- Name: audit_event audit_event_stays; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_event_stays BEFORE DELETE OR UPDATE ON public.audit_event FOR EACH ROW EXECUTE FUNCTION public.refuse_audit_change();

--
-- Name: audit_event audit_event_stays_whole; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_event_stays_whole BEFORE TRUNCATE ON public.audit_event FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();

--
-- Name: organization_user organization_user_stays_deleted; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER organization_user_stays_deleted BEFORE UPDATE OF state ON public.organization_user FOR EACH ROW EXECUTE FUNCTION public.keep_user_deleted();

--
-- Name: token token_stays_ended; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER token_stays_ended BEFORE UPDATE OF revoke_time, supersede_time, overlap_end_time ON public.token FOR EACH ROW EXECUTE FUNCTION public.keep_token_ended();

--
-- Name: audit_chain audit_chain_organization_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_chain
    ADD CONSTRAINT audit_chain_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(organization_id);

--
-- Name: audit_event audit_event_organization_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(organization_id);

--
-- Name: group_member group_member_organization_id_group_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.group_member
    ADD CONSTRAINT group_member_organization_id_group_id_fkey FOREIGN KEY (organization_id, group_id) REFERENCES public.user_group(organization_id, group_id);

--
-- Name: group_member group_member_organization_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.group_member
    ADD CONSTRAINT group_member_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.organization_user(organization_id, user_id);

--
-- Name: limit_request limit_request_organization_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.limit_request
    ADD CONSTRAINT limit_request_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(organization_id);

--
-- Name: organization_policy organization_policy_organization_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organization_policy
    ADD CONSTRAINT organization_policy_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(organization_id);

--
-- Name: organization_user organization_user_organization_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organization_user
    ADD CONSTRAINT organization_user_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(organization_id);

--
-- Name: permission_grant permission_grant_organization_id_below_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.permission_grant
    ADD CONSTRAINT permission_grant_organization_id_below_id_fkey FOREIGN KEY (organization_id, below_id) REFERENCES public.resource(organization_id, resource_id);

--
-- Name: permission_grant permission_grant_organization_id_group_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.permission_grant
    ADD CONSTRAINT permission_grant_organization_id_group_id_fkey FOREIGN KEY (organization_id, group_id) REFERENCES public.user_group(organization_id, group_id);

--
-- Name: permission_grant permission_grant_organization_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.permission_grant
    ADD CONSTRAINT permission_grant_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.organization_user(organization_id, user_id);

--
-- Name: resource resource_organization_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.resource
    ADD CONSTRAINT resource_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(organization_id);

--
-- Name: resource resource_organization_id_parent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.resource
    ADD CONSTRAINT resource_organization_id_parent_id_fkey FOREIGN KEY (organization_id, parent_id) REFERENCES public.resource(organization_id, resource_id);

--
-- Name: token token_organization_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.organization_user(organization_id, user_id);

--
-- Name: token token_predecessor; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_predecessor FOREIGN KEY (organization_id, predecessor_id) REFERENCES public.token(organization_id, token_id);

--
-- Name: token_use token_use_organization_id_token_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token_use
    ADD CONSTRAINT token_use_organization_id_token_id_fkey FOREIGN KEY (organization_id, token_id) REFERENCES public.token(organization_id, token_id);

--
-- Name: user_group user_group_organization_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_group
    ADD CONSTRAINT user_group_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(organization_id);

--
-- Name: webhook_delivery webhook_delivery_organization_id_endpoint_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_organization_id_endpoint_id_fkey FOREIGN KEY (organization_id, endpoint_id) REFERENCES public.webhook_endpoint(organization_id, endpoint_id);

--
-- Name: webhook_delivery webhook_delivery_organization_id_sequence_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_organization_id_sequence_fkey FOREIGN KEY (organization_id, sequence) REFERENCES public.audit_event(organization_id, sequence);

--
-- Name: webhook_endpoint webhook_endpoint_organization_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.webhook_endpoint
    ADD CONSTRAINT webhook_endpoint_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(organization_id);

--
-- Name: audit_chain; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.audit_chain ENABLE ROW LEVEL SECURITY;

--
-- Name: audit_event; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.audit_event ENABLE ROW LEVEL SECURITY;

--
-- Name: group_member; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.group_member ENABLE ROW LEVEL SECURITY;

--
-- Name: limit_request; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.limit_request ENABLE ROW LEVEL SECURITY;

--
-- Name: organization; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.organization ENABLE ROW LEVEL SECURITY;

--
-- Name: organization_policy; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.organization_policy ENABLE ROW LEVEL SECURITY;

--
-- Name: organization_user; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.organization_user ENABLE ROW LEVEL SECURITY;

--
-- Name: permission_grant; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.permission_grant ENABLE ROW LEVEL SECURITY;

--
-- Name: resource; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.resource ENABLE ROW LEVEL SECURITY;

--
-- Name: audit_chain tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.audit_chain USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: audit_event tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.audit_event USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: group_member tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.group_member USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: limit_request tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.limit_request USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: organization tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.organization USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: organization_policy tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.organization_policy USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: organization_user tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.organization_user USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: permission_grant tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.permission_grant USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: resource tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.resource USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: token tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.token USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: token_use tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.token_use USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: user_group tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.user_group USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: webhook_delivery tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.webhook_delivery USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: webhook_endpoint tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.webhook_endpoint USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: token; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.token ENABLE ROW LEVEL SECURITY;

--
-- Name: token_use; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.token_use ENABLE ROW LEVEL SECURITY;

--
-- Name: user_group; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.user_group ENABLE ROW LEVEL SECURITY;

--
-- Name: webhook_delivery; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.webhook_delivery ENABLE ROW LEVEL SECURITY;

--
-- Name: webhook_endpoint; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.webhook_endpoint ENABLE ROW LEVEL SECURITY;
