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

--
-- Name: alembic_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
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
    CONSTRAINT permission_grant_permission_check CHECK (((char_length(permission) >= 1) AND (char_length(permission) <= 255)))
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
    CONSTRAINT token_description_check CHECK ((char_length(description) <= 1000)),
    CONSTRAINT token_expiry CHECK (((max_age_seconds IS NULL) = (expiry_time IS NULL))),
    CONSTRAINT token_idempotency CHECK (((idempotency_key IS NULL) = (idempotency_input IS NULL))),
    CONSTRAINT token_idempotency_key_check CHECK (((char_length(idempotency_key) >= 1) AND (char_length(idempotency_key) <= 255))),
    CONSTRAINT token_ip_allowlist_check CHECK (((cardinality(ip_allowlist) >= 1) AND (cardinality(ip_allowlist) <= 100))),
    CONSTRAINT token_last_user_agent_check CHECK ((char_length(last_user_agent) <= 512)),
    CONSTRAINT token_max_age_seconds_check CHECK (((max_age_seconds >= 600) AND (max_age_seconds <= 315360000))),
    CONSTRAINT token_pepper_version_check CHECK ((pepper_version > 0)),
    CONSTRAINT token_revoker CHECK (((revoked_by IS NULL) OR (revoke_time IS NOT NULL))),
    CONSTRAINT token_scopes_check CHECK (((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 100))),
    CONSTRAINT token_secret_hmac_check CHECK ((octet_length(secret_hmac) = 32)),
    CONSTRAINT token_sliding CHECK (((NOT extend_when_used) OR (max_age_seconds IS NOT NULL))),
    CONSTRAINT token_use CHECK (((last_used_time IS NOT NULL) OR ((last_ip IS NULL) AND (last_user_agent IS NULL))))
);

--
-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

--
-- Name: organization organization_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organization
    ADD CONSTRAINT organization_pkey PRIMARY KEY (organization_id);

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
-- Name: token token_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (organization_id, token_id);

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
-- Name: organization_user organization_user_organization_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.organization_user
    ADD CONSTRAINT organization_user_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(organization_id);

--
-- Name: permission_grant permission_grant_organization_id_principal_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.permission_grant
    ADD CONSTRAINT permission_grant_organization_id_principal_id_fkey FOREIGN KEY (organization_id, principal_id) REFERENCES public.organization_user(organization_id, user_id);

--
-- Name: token token_organization_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES public.organization_user(organization_id, user_id);

--
-- Name: organization; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.organization ENABLE ROW LEVEL SECURITY;

--
-- Name: organization_user; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.organization_user ENABLE ROW LEVEL SECURITY;

--
-- Name: permission_grant; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.permission_grant ENABLE ROW LEVEL SECURITY;

--
-- Name: organization tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.organization USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: organization_user tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.organization_user USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: permission_grant tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.permission_grant USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: token tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.token USING ((organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid));

--
-- Name: token; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.token ENABLE ROW LEVEL SECURITY;
