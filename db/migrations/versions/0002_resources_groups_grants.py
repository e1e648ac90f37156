"""Organizational units and projects below the organization, groups, and grants to groups.

The release before goes on granting to users on the organization: what it inserts still fits.

Revision ID: 0002
"""

from db.migrations import scripts

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE resource (
    organization_id uuid NOT NULL REFERENCES organization,
    resource_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('ORGANIZATIONAL_UNIT', 'PROJECT')),
    -- NULL: directly below the organization. Only units are parents: the service sees to that, and
    -- that there is no cycle, under the lock of the organization's row.
    parent_id uuid,
    -- The parent or the organization: for indexes, which NULL would keep from their order.
    above_id uuid NOT NULL GENERATED ALWAYS AS (coalesce(parent_id, organization_id)) STORED,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
    -- Normalized and case-folded by the service, like a user's.
    name_key text NOT NULL COLLATE "C",
    create_time timestamptz NOT NULL DEFAULT now(),
    -- NULL: the operator on the host.
    created_by uuid,
    PRIMARY KEY (organization_id, resource_id),
    FOREIGN KEY (organization_id, parent_id) REFERENCES resource (organization_id, resource_id),
    CONSTRAINT resource_parent CHECK (parent_id <> resource_id),
    -- The organization is the root of its tree and is no row of it.
    CONSTRAINT resource_below CHECK (resource_id <> organization_id)
);
-- Not of above_id: a plain unique index would make each move lock its row like a deletion.
CREATE UNIQUE INDEX resource_sibling_name
    ON resource (organization_id, coalesce(parent_id, organization_id), kind, name_key);
CREATE INDEX resource_by_time ON resource (organization_id, create_time, resource_id);
CREATE INDEX resource_by_parent ON resource (organization_id, parent_id);
CREATE INDEX resource_children_by_time
    ON resource (organization_id, above_id, create_time, resource_id);

CREATE TABLE user_group (
    organization_id uuid NOT NULL REFERENCES organization,
    group_id uuid NOT NULL,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
    name_key text NOT NULL COLLATE "C",
    description text CHECK (char_length(description) <= 1000),
    create_time timestamptz NOT NULL DEFAULT now(),
    -- NULL: the operator on the host.
    created_by uuid,
    PRIMARY KEY (organization_id, group_id)
);
CREATE UNIQUE INDEX user_group_name ON user_group (organization_id, name_key);
CREATE INDEX user_group_by_time ON user_group (organization_id, create_time, group_id);

CREATE TABLE group_member (
    organization_id uuid NOT NULL,
    group_id uuid NOT NULL,
    user_id uuid NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    -- NULL: the operator on the host.
    created_by uuid,
    PRIMARY KEY (organization_id, group_id, user_id),
    FOREIGN KEY (organization_id, group_id) REFERENCES user_group,
    FOREIGN KEY (organization_id, user_id) REFERENCES organization_user
);
CREATE INDEX group_member_by_user ON group_member (organization_id, user_id, group_id);
CREATE INDEX group_member_by_time
    ON group_member (organization_id, group_id, create_time, user_id);

-- A principal is a user or a group. The three columns made from others are there for the foreign
-- keys, each NULL where its key does not apply.
ALTER TABLE permission_grant
    DROP CONSTRAINT permission_grant_organization_id_principal_id_fkey,
    ADD COLUMN is_group boolean NOT NULL DEFAULT false,
    ADD COLUMN user_id uuid
        GENERATED ALWAYS AS (CASE WHEN NOT is_group THEN principal_id END) STORED,
    ADD COLUMN group_id uuid
        GENERATED ALWAYS AS (CASE WHEN is_group THEN principal_id END) STORED,
    ADD COLUMN below_id uuid
        GENERATED ALWAYS AS (CASE WHEN resource_id <> organization_id THEN resource_id END) STORED;
ALTER TABLE permission_grant
    ADD FOREIGN KEY (organization_id, user_id) REFERENCES organization_user,
    ADD FOREIGN KEY (organization_id, group_id) REFERENCES user_group,
    ADD FOREIGN KEY (organization_id, below_id) REFERENCES resource;
-- What a deletion of the group or the resource looks into.
CREATE INDEX permission_grant_of_group ON permission_grant (organization_id, group_id)
    WHERE group_id IS NOT NULL;
CREATE INDEX permission_grant_below ON permission_grant (organization_id, below_id)
    WHERE below_id IS NOT NULL;
CREATE INDEX permission_grant_by_resource
    ON permission_grant (organization_id, resource_id, permission, principal_id);
CREATE INDEX permission_grant_by_permission
    ON permission_grant (organization_id, permission, principal_id, resource_id);
"""

WALLS = """
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['resource', 'user_group', 'group_member']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY tenant ON %I USING (organization_id ='
            ' nullif(current_setting(''app.organization_id'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
"""


def upgrade() -> None:
    scripts.run(TABLES)
    scripts.run(WALLS)
