"""An organization as one looks after a year of use: what the console is shown with."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from app import ids
from app.database import Database
from db import presented
from db.presented import TokenUse
from tests.api_client import Api, Organization

PROGRAMS = [
    ("203.0.113.24", "Terraform/1.9.5 (+https://www.terraform.io)"),
    ("203.0.113.25", "python-httpx/0.28.1"),
    ("198.51.100.7", "kube-probe/1.31"),
    ("2001:db8:4::17", "curl/8.11.0"),
    ("192.0.2.140", "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"),
]

USERS = [
    ("terraform-ci", "Applies the infrastructure of all projects. Ask #platform."),
    ("grafana-reader", "Reads metrics for the dashboards in the operations room."),
    ("billing-export", "Fetches invoices on the first of each month."),
    ("kafka-connect", "Sink connectors of the analytics team."),
    ("backup-verifier", "Restores last night's backup and compares."),
    ("incident-bot", "Opens and closes incidents in chat."),
    ("github-actions", "Deploys previews for pull requests."),
    ("customer-portal", None),
    ("warehouse-loader", "Nightly load into the warehouse; owned by data engineering."),
    ("legacy-importer", "Replaced by warehouse-loader; to be deleted after the audit."),
]


@dataclass
class Acme:
    """What is in the organization, by name."""

    organization: Organization
    users: dict[str, str] = field(default_factory=dict[str, str])
    """Ids of application users."""
    tokens: dict[str, str] = field(default_factory=dict[str, str])
    """Ids of tokens, by their descriptions."""
    texts: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    """Texts of the same tokens."""
    groups: dict[str, str] = field(default_factory=dict[str, str])
    people: dict[str, str] = field(default_factory=dict[str, str])
    webhooks: list[str] = field(default_factory=list[str])


async def furnish(
    client: httpx.AsyncClient, database: Database, organization: Organization
) -> Acme:
    """Fill an organization by its API, and with uses in the past."""
    acme = Acme(organization)
    for name, description in USERS:
        acme.users[name] = await organization.user(name, description=description)
    await _tokens(acme)
    await _access(acme)
    await _uses(acme, database)
    await _refused(client, acme)
    await _rest(acme)
    return acme


async def _token(acme: Acme, user: str, description: str, **fields: object) -> None:
    token_id, text = await acme.organization.token(
        acme.users[user], description=description, **fields
    )
    acme.tokens[description], acme.texts[description] = token_id, text


async def _tokens(acme: Acme) -> None:
    day = 86_400
    await _token(acme, "terraform-ci", "Production runner", maxAgeSeconds=90 * day)
    await _token(
        acme,
        "terraform-ci",
        "Staging runner",
        maxAgeSeconds=30 * day,
        extendWhenUsed=True,
        ipAllowlist=["203.0.113.0/24", "2001:db8:4::/48"],
    )
    await _token(acme, "terraform-ci", "Laptop of Ada, 2025", maxAgeSeconds=day)
    await _token(acme, "grafana-reader", "Dashboards", scopes=["user:read"])
    await _token(acme, "billing-export", "Monthly job", maxAgeSeconds=365 * day)
    await _token(acme, "github-actions", "Previews", maxAgeSeconds=7 * day, extendWhenUsed=True)
    await _token(acme, "legacy-importer", "Old host")
    admin = acme.organization.admin
    await admin.mutate("revokeToken", "token { id }", tokenId=acme.tokens["Laptop of Ada, 2025"])
    rotated = await admin.mutate(
        "rotateToken",
        "fullToken token { id }",
        tokenId=acme.tokens["Production runner"],
        overlapSeconds=2 * day,
    )
    acme.tokens["Production runner, rotated"] = rotated["token"]["id"]
    acme.texts["Production runner, rotated"] = rotated["fullToken"]
    await admin.mutate(
        "updateApplicationUser",
        "applicationUser { id }",
        applicationUserId=acme.users["legacy-importer"],
        state="DEACTIVATED",
    )


async def _access(acme: Acme) -> None:
    organization, admin = acme.organization, acme.organization.admin
    for name, email in [("Ada Lovelace", "ada@acme.example"), ("Alan Turing", "alan@acme.example")]:
        made = await admin.mutate(
            "addOrganizationUser",
            "organizationUser { id }",
            organizationId=organization.id,
            name=name,
            email=email,
            issuer="https://login.acme.example",
            subject=email,
        )
        acme.people[name] = made["organizationUser"]["id"]
    for name, description in [
        ("Deployers", "May change what runs in production."),
        ("Readers", "See everything, change nothing."),
    ]:
        made = await admin.mutate(
            "createGroup",
            "group { id }",
            organizationId=organization.id,
            name=name,
            description=description,
        )
        acme.groups[name] = made["group"]["id"]
    await admin.mutate(
        "addGroupMembers",
        "addedCount",
        groupId=acme.groups["Deployers"],
        userIds=[
            acme.users["terraform-ci"],
            acme.users["github-actions"],
            acme.people["Ada Lovelace"],
        ],
    )
    await _grant(acme, acme.groups["Deployers"], ["organization:app_users:write"])
    await _grant(acme, acme.users["terraform-ci"], ["organization:event_logs:read"])
    await _grant(acme, acme.people["Ada Lovelace"], ["role:organization:admin"])


async def _grant(acme: Acme, principal: str, permissions: list[str]) -> None:
    organization = acme.organization
    await organization.admin.mutate(
        "grantPermissions",
        "granted",
        principalId=principal,
        resourceId=organization.id,
        permissions=permissions,
    )


async def _uses(acme: Acme, database: Database) -> None:
    """Uses over the last weeks, more on working days, from a few places."""
    now = datetime.now(UTC)
    uses: list[TokenUse] = []
    for number, (description, ages) in enumerate(
        {
            "Production runner": range(28),
            "Staging runner": range(2, 20, 2),
            "Dashboards": range(28),
            "Monthly job": range(45, 130, 30),
            "Previews": range(6),
            "Old host": range(120, 124),
        }.items()
    ):
        token = ids.parse_member_id("token", acme.tokens[description])
        user = ids.parse_member_id("user", _owner(acme, description))
        assert token is not None
        assert user is not None
        for age in ages:
            when = now - timedelta(days=age, minutes=7)
            for place in range(1 + (age + number) % 3):
                ip, agent = PROGRAMS[(number + place) % len(PROGRAMS)]
                count = (40 + 90 * ((age * 7 + number * 3 + place) % 5)) // (
                    4 if when.weekday() > 4 else 1
                )
                uses.append(
                    TokenUse(token[0], token[1], user[1], when, when, ip, agent, use_count=count)
                )
    uses.sort(key=lambda use: use.last_use_time)
    async with database.connection() as connection:
        for use in uses:
            await presented.record_token_uses(connection, [use])


def _owner(acme: Acme, description: str) -> str:
    owners = {
        "Production runner": "terraform-ci",
        "Staging runner": "terraform-ci",
        "Dashboards": "grafana-reader",
        "Monthly job": "billing-export",
        "Previews": "github-actions",
        "Old host": "legacy-importer",
    }
    return acme.users[owners[description]]


async def _refused(client: httpx.AsyncClient, acme: Acme) -> None:
    """Uses that were refused, each for a reason of its own."""
    for description in ("Laptop of Ada, 2025", "Old host", "Staging runner"):
        await Api(client, acme.texts[description]).run("{ viewer { token { id } } }")


async def _rest(acme: Acme) -> None:
    organization, admin = acme.organization, acme.organization.admin
    made = await admin.mutate(
        "createWebhookEndpoint",
        "webhookEndpoint { id }",
        organizationId=organization.id,
        url="https://hooks.acme.example/appusers",
        description="Security team's channel",
        actions=["TOKEN_GENERATE", "TOKEN_REVOKE", "SUPERSEDED_TOKEN_AUTHENTICATE"],
    )
    acme.webhooks.append(made["webhookEndpoint"]["id"])
    await admin.mutate(
        "requestLimitIncrease",
        "limitIncreaseRequest { id }",
        organizationId=organization.id,
        applicationUserLimit=200,
        reason="One application user for each customer's connector, from January.",
    )
