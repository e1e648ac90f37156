"""Application users, people and groups: what is refused, and beside it what is let through."""

from uuid import UUID

from tests.db.constraints.tables import NOW, Rows, groups, memberships, users
from tests.db.rows import A_GROUP, ALICE, B_GROUP, BARBARA, B, group, membership, person, user

ISSUER = {"issuer": "https://issuer.example", "subject": "jane"}
DELETED = {"state": "DELETED", "delete_time": NOW}

# The constraint that refuses the last of the rows.
REFUSED: list[tuple[str, Rows]] = [
    ("organization_user_pkey", users(user(user_id=ALICE))),
    ("organization_user_organization_id_fkey", users(user(organization_id=UUID(int=1)))),
    ("organization_user_name_check", users(user(name=""))),
    ("organization_user_name_check", users(user(name="n" * 256))),
    ("organization_user_description_check", users(user(description="d" * 1001))),
    ("organization_user_email_check", users(user(email="a@"))),
    ("organization_user_email_check", users(user(email="a" * 321))),
    ("organization_user_state_check", users(user(state="active"))),
    ("organization_user_identity", users(person(subject=None))),
    ("organization_user_identity", users(person(issuer=None))),
    ("organization_user_kind", users(user(**ISSUER))),
    ("organization_user_tombstone", users(user(state="DELETED"))),
    ("organization_user_tombstone", users(user(delete_time=NOW))),
    ("organization_user_live_name", users(user(name_key="ci"), user(name_key="ci"))),
    (
        "organization_user_live_name",
        users(user(name_key="ci", state="DEACTIVATED"), user(name_key="ci")),
    ),
    ("organization_user_live_identity", users(person(**ISSUER), person(**ISSUER))),
    (
        "organization_user_live_identity",
        users(person(**ISSUER, state="DEACTIVATED"), person(**ISSUER)),
    ),
    ("user_group_pkey", groups(group(group_id=A_GROUP))),
    ("user_group_organization_id_fkey", groups(group(organization_id=UUID(int=1)))),
    ("user_group_name_check", groups(group(name=""))),
    ("user_group_name_check", groups(group(name="n" * 256))),
    ("user_group_description_check", groups(group(description="d" * 1001))),
    ("user_group_name", groups(group(name_key="team"), group(name_key="team"))),
    ("group_member_pkey", memberships(membership(), membership())),
    (
        "group_member_organization_id_group_id_fkey",
        memberships(membership(group_id=B_GROUP)),
    ),
    (
        "group_member_organization_id_user_id_fkey",
        memberships(membership(user_id=BARBARA)),
    ),
]

ALLOWED: dict[str, Rows] = {
    "the same id in another organization": users(user(organization_id=B, user_id=ALICE)),
    "the longest values of a user": users(
        user(name="ü" * 255, description="d" * 1000, email="e" * 320)
    ),
    "the shortest values of a user": users(user(name="n", description="", email="a@b")),
    "a name that is free again": users(user(name_key="ci", **DELETED), user(name_key="ci")),
    "two tombstones with one name": users(
        user(name_key="ci", **DELETED), user(name_key="ci", **DELETED)
    ),
    "a name in two organizations": users(
        user(name_key="ci"), user(name_key="ci", organization_id=B)
    ),
    "a person with the name of an application user": users(
        user(name_key="ci"), person(name_key="ci"), person(name_key="ci")
    ),
    "a person without identity": users(user(is_application_user=False)),
    "an identity that is free again": users(person(**ISSUER, **DELETED), person(**ISSUER)),
    "an identity in two organizations": users(
        person(**ISSUER), person(**ISSUER, organization_id=B)
    ),
    "two people of one issuer": users(person(**ISSUER), person(**ISSUER | {"subject": "joe"})),
    "a name of groups in two organizations, a group's id in another one": groups(
        group(name_key="team"), group(name_key="team", organization_id=B, group_id=A_GROUP)
    ),
    "the longest and shortest values of a group": groups(
        group(name="ü" * 255, description="d" * 1000), group(name="n", description="")
    ),
    "another member": memberships(membership()),
}
