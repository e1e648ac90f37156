"""Requests for a higher limit of application users, and the operator's answers.

The release before knows nothing of them and is not in their way.

Revision ID: 0005
"""

from db.migrations import scripts

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE limit_request (
    organization_id uuid NOT NULL REFERENCES organization,
    request_id uuid NOT NULL,
    application_user_limit integer NOT NULL CHECK (application_user_limit BETWEEN 1 AND 1000000),
    -- Why it is needed. NULL: not said.
    reason text CHECK (char_length(reason) <= 1000),
    state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'GRANTED', 'DECLINED')),
    create_time timestamptz NOT NULL DEFAULT now(),
    created_by uuid NOT NULL,
    -- NULL: not answered. Only the operator on the host answers.
    answer_time timestamptz,
    -- What the limit became. NULL: not answered.
    answered_limit integer,
    PRIMARY KEY (organization_id, request_id),
    CONSTRAINT limit_request_answer CHECK ((state = 'PENDING') = (answer_time IS NULL)
        AND (answer_time IS NULL) = (answered_limit IS NULL))
);
-- One at a time waits for an answer.
CREATE UNIQUE INDEX limit_request_pending ON limit_request (organization_id)
    WHERE state = 'PENDING';
CREATE INDEX limit_request_by_time ON limit_request (organization_id, create_time, request_id);
ALTER TABLE limit_request ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON limit_request USING (
    organization_id = nullif(current_setting('app.organization_id', true), '')::uuid);
"""


def upgrade() -> None:
    scripts.run(TABLES)
