"""The history of uses.

The release before keeps on calling ``record_token_uses``; what its workers see of uses is missing
in the history, and nothing else.

Revision ID: 0008
"""

from db.migrations import scripts

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE token_use (
    organization_id uuid NOT NULL,
    use_id uuid NOT NULL DEFAULT gen_random_uuid(),
    token_id uuid NOT NULL,
    user_id uuid NOT NULL,
    -- The day of the uses, in UTC.
    use_date date NOT NULL,
    -- NULL: nobody told where the token was used from.
    ip inet,
    -- Empty: nobody told which program used it.
    user_agent text NOT NULL CHECK (char_length(user_agent) <= 512),
    -- The uses from all further addresses and programs of a day that has its full number of rows.
    is_other boolean NOT NULL DEFAULT false,
    -- Whether the day has its full number of rows beside this one, as far as that was found out.
    is_full boolean NOT NULL DEFAULT false,
    use_count bigint NOT NULL CHECK (use_count > 0),
    first_use_time timestamptz NOT NULL,
    last_use_time timestamptz NOT NULL,
    PRIMARY KEY (organization_id, use_id),
    FOREIGN KEY (organization_id, token_id) REFERENCES token,
    CHECK (first_use_time <= last_use_time),
    CHECK (NOT is_other OR (ip IS NULL AND user_agent = '')),
    CHECK (is_other OR NOT is_full)
-- Counts change all day long, no index holds them: the row's next version finds room beside it.
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX token_use_key
    ON token_use (organization_id, token_id, use_date, ip, user_agent, is_other)
    NULLS NOT DISTINCT;
CREATE INDEX token_use_by_time ON token_use (organization_id, first_use_time, use_id);
CREATE INDEX token_use_by_user
    ON token_use (organization_id, user_id, first_use_time, use_id);
CREATE INDEX token_use_by_token
    ON token_use (organization_id, token_id, first_use_time, use_id);
ALTER TABLE token_use ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON token_use USING (
    organization_id = nullif(current_setting('app.organization_id', true), '')::uuid);
"""

# Last uses as before, of those rows alone that are news; all of them are counted. Where a token was
# used from very many addresses on a day, what has no row by then is counted in one for all.
RECORD_USES = """
CREATE FUNCTION record_uses(
    organization_ids uuid[], token_ids uuid[], user_ids uuid[], ips inet[], user_agents text[],
    are_others boolean[], use_counts bigint[], first_use_times timestamptz[],
    last_use_times timestamptz[], are_news boolean[], most_rows_a_day integer
)
RETURNS void
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
-- As in look_up_presented_tokens.
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
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
REVOKE ALL ON FUNCTION record_uses(
    uuid[], uuid[], uuid[], inet[], text[], boolean[], bigint[], timestamptz[], timestamptz[],
    boolean[], integer) FROM PUBLIC;
"""


def upgrade() -> None:
    for statements in (TABLES, RECORD_USES):
        scripts.run(statements)
