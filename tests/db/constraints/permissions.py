"""Grants and what they are given on: what is refused, and what is let through."""

from uuid import UUID

from tests.db.constraints.tables import Rows, grants, resources
from tests.db.rows import BARBARA, BOB, A, B, grant, resource

UNIT = UUID(int=0xA7)

# The constraint that refuses the last of the rows.
REFUSED: list[tuple[str, Rows]] = [
    ("permission_grant_pkey", grants(grant())),
    ("permission_grant_organization_id_user_id_fkey", grants(grant(principal_id=BARBARA))),
    (
        "permission_grant_organization_id_group_id_fkey",
        grants(grant(principal_id=BOB, is_group=True)),
    ),
    ("permission_grant_permission_check", grants(grant(permission=""))),
    ("permission_grant_permission_check", grants(grant(permission="p" * 256))),
    ("permission_grant_organization_id_below_id_fkey", grants(grant(resource_id=UNIT))),
    ("resource_pkey", resources(resource(resource_id=UNIT), resource(resource_id=UNIT))),
    ("resource_organization_id_fkey", resources(resource(organization_id=UNIT))),
    ("resource_kind_check", resources(resource(kind="ORGANIZATION"))),
    ("resource_name_check", resources(resource(name=""))),
    ("resource_name_check", resources(resource(name="n" * 256))),
    ("resource_parent", resources(resource(resource_id=UNIT, parent_id=UNIT))),
    ("resource_below", resources(resource(resource_id=A))),
    ("resource_organization_id_parent_id_fkey", resources(resource(parent_id=UNIT))),
    (
        "resource_organization_id_parent_id_fkey",
        resources(resource(organization_id=B, resource_id=UNIT), resource(parent_id=UNIT)),
    ),
    ("resource_sibling_name", resources(resource(name_key="shop"), resource(name_key="shop"))),
    (
        "resource_sibling_name",
        resources(
            resource(resource_id=UNIT),
            resource(parent_id=UNIT, name_key="shop"),
            resource(parent_id=UNIT, name_key="shop"),
        ),
    ),
]

ALLOWED: dict[str, Rows] = {
    "a name below another unit, of another kind, in another organization": resources(
        resource(resource_id=UNIT, name_key="shop", kind="ORGANIZATIONAL_UNIT"),
        resource(name_key="shop"),
        resource(name_key="shop", parent_id=UNIT),
        resource(name_key="shop", organization_id=B),
    ),
    "the longest name of a resource": resources(resource(name="n" * 255)),
    "another permission, another user": grants(
        grant(permission="role:organization:admin"),
        grant(principal_id=BOB),
        grant(permission="p" * 255),
    ),
}
