"""Start-up checks: what ``serve`` insists on and ``doctor`` explains."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from app import catalogue
from app.catalogue import CatalogueError
from app.oidc_discovery import NOT_FOUND, Discovery, endpoints_of, secret_methods
from app.settings import Settings, SettingsError
from app.startup import PEPPER_REMEDY
from db import checks
from db.checks import Facts
from db.migrations import HEAD
from db.pool import Database

log = structlog.get_logger("checks")

CLOCK_TOLERANCE = timedelta(seconds=5)
OLDEST_SERVER, NEWEST_SERVER = 15, 18


@dataclass(frozen=True, slots=True)
class Check:
    """One check, for a person who reads it in a terminal."""

    name: str
    passed: bool
    found: str
    meaning: str
    remedy: str
    is_advice: bool = False
    """``serve`` says so where it does not pass, and goes on."""

    @property
    def is_failed(self) -> bool:
        """Tell whether it keeps the service from starting."""
        return not self.passed and not self.is_advice

    @property
    def is_doubtful(self) -> bool:
        """Tell whether somebody should look at it, and the service starts."""
        return not self.passed and self.is_advice


async def run(database: Database, settings: Settings, *, has_pepper: bool) -> list[Check]:
    """Return every check. Raises DatabaseUnavailable."""
    async with database.connection() as connection:
        before = datetime.now(UTC)
        facts = await checks.facts(connection)
        between = datetime.now(UTC) - before
        revision = await checks.revision(connection)
    return [
        _version(facts),
        _encoding(facts),
        _migrations(revision),
        _role(facts),
        _walls(facts),
        _durability(facts),
        _clock(facts, before + between / 2),
        _pepper(has_pepper),
        _proxies(settings),
        _issuer(settings),
        _sign_in(settings),
        _catalogue(settings),
    ]


def insist(found: Sequence[Check]) -> None:
    """Warn of what is doubtful. Raises SettingsError where a check failed."""
    for check in found:
        if check.is_doubtful:
            log.warning("check.doubtful", check=check.name, found=check.found, remedy=check.remedy)
    failed = [check for check in found if check.is_failed]
    if failed:
        raise SettingsError(
            "\n".join(f"{check.name}: {check.found}. {check.remedy}" for check in failed)
            + "\n`appusers doctor` explains every check."
        )


def _version(facts: Facts) -> Check:
    major = facts.server_version // 10000
    return Check(
        "PostgreSQL version",
        major >= OLDEST_SERVER,
        str(major),
        f"The service is tested with PostgreSQL {OLDEST_SERVER} to {NEWEST_SERVER}.",
        f"Use a server from version {OLDEST_SERVER} on.",
    )


def _encoding(facts: Facts) -> Check:
    return Check(
        "encoding",
        facts.encoding == "UTF8",
        facts.encoding,
        "Names and descriptions are in any language.",
        "Create the database anew with ENCODING 'UTF8'.",
    )


def _migrations(revision: str | None) -> Check:
    return Check(
        "migrations",
        # A later one is fine: each is written so that the release before it keeps serving.
        revision is not None and revision >= HEAD,
        revision or "none",
        f"This release reads and writes the schema of migration {HEAD} or later.",
        "Run `appusers migrate`, or start with `appusers serve --migrate`.",
    )


def _role(facts: Facts) -> Check:
    faults = [
        fault
        for fault, present in (
            ("is a superuser", facts.is_superuser),
            ("has BYPASSRLS", facts.bypasses_rls),
            (f"owns {', '.join(facts.owned_tables)}", bool(facts.owned_tables)),
        )
        if present
    ]
    return Check(
        "serving role",
        not faults,
        f"{facts.role} {' and '.join(faults) or 'owns nothing'}",
        "Row level security, the second wall between organizations, does not bind a superuser, a"
        " role with BYPASSRLS or the owner of a table.",
        "Point DATABASE_URL at a role of its own and the owner's URL at"
        " APPUSERS_MIGRATION_DATABASE_URL; `appusers migrate` creates the role.",
    )


def _walls(facts: Facts) -> Check:
    return Check(
        "row level security",
        not facts.unwalled_tables,
        f"off on {', '.join(facts.unwalled_tables)}" if facts.unwalled_tables else "on",
        "Every table of an organization shows a session one organization's rows only.",
        "As the owner: ALTER TABLE … ENABLE ROW LEVEL SECURITY, on each table named.",
    )


def _durability(facts: Facts) -> Check:
    return Check(
        "synchronous_commit",
        facts.synchronous_commit in ("on", "remote_apply"),
        facts.synchronous_commit,
        "With less than `on`, a crash can bring back a token whose revocation was acknowledged.",
        f"ALTER ROLE {facts.role} SET synchronous_commit = 'on';",
    )


def _clock(facts: Facts, here: datetime) -> Check:
    apart = abs(facts.clock - here)
    return Check(
        "clock",
        apart <= CLOCK_TOLERANCE,
        f"{apart.total_seconds():.1f} s apart",
        "The database's clock decides what is expired; logs and identity provider go by this"
        f" machine's. They may differ by {CLOCK_TOLERANCE.seconds} s.",
        "Synchronize both machines' clocks (NTP).",
    )


def _pepper(has_pepper: bool) -> Check:
    return Check(
        "pepper",
        has_pepper,
        "present" if has_pepper else "missing",
        "Tokens are stored as digests under this key, so that a copy of the database verifies and"
        " forges none.",
        f"APPUSERS_PEPPER: {PEPPER_REMEDY}",
    )


def _proxies(settings: Settings) -> Check:
    proxies = settings.trusted_proxies
    everybody = [str(network) for network in proxies if network.prefixlen == 0]
    return Check(
        "trusted proxies",
        not everybody,
        ", ".join(map(str, proxies)) or "none: addresses are those of the connections",
        "X-Forwarded-For is believed from these networks only. A network of everybody would let"
        " clients choose the address that their token's allowlist is checked against.",
        "Name the addresses of your proxies in APPUSERS_TRUSTED_PROXIES.",
    )


def _issuer(settings: Settings) -> Check:
    return Check(
        "public URL",
        not settings.issuer_is_nowhere,
        settings.public_url or f"none: the issuer is {settings.issuer}",
        "Introspection and the OAuth metadata name this origin as the issuer; clients take the"
        " addresses of the endpoints from it.",
        "Set APPUSERS_PUBLIC_URL to the origin that clients reach the service at.",
        is_advice=True,
    )


def _sign_in(settings: Settings) -> Check:
    issuer, client = settings.oidc_issuer, settings.oidc_client_id
    found = f"people sign in with {issuer}" if issuer else "no identity provider"
    if client and issuer:
        token = "ID token" if settings.console_sends_id_token else "access token"
        found += f", at the console as client {client}, whose {token} counts"
    elif client:
        found += f", and the console is client {client} of one"
    elif issuer:
        found += ", and not at the console"
    return Check(
        "sign-in",
        issuer is not None or client is None,
        found,
        "A JWT of the provider's for APPUSERS_OIDC_AUDIENCE says who a person is. The console gets"
        " one where it is a client of the provider.",
        "Set APPUSERS_OIDC_ISSUER, too, or the console offers no sign-in by the provider.",
        is_advice=True,
    )


async def provider(settings: Settings) -> list[Check]:
    """Ask the identity provider, where there is one. `serve` does not: it waits for nobody."""
    if settings.oidc_issuer is None:
        return []
    discovery = Discovery(settings.oidc_issuer)
    fault, found = None, "it publishes its keys"
    try:
        about = await discovery.document()
        if settings.oidc_client_id is not None:
            endpoints_of(about)
            found += " and its endpoints"
            if methods := secret_methods(about):
                found += f", and of clients it lists {', '.join(methods)} and not `none`"
    except NOT_FOUND as error:
        fault = f"its metadata cannot be read: {error!r}"
    finally:
        await discovery.close()
    return [
        Check(
            "identity provider",
            fault is None,
            fault or found,
            "Its keys and endpoints are read from what it publishes. The console is a client"
            " without a secret: the provider has to know it as a public one, which is also called a"
            " single-page application, and some do not list that they take those.",
            f"Let this machine reach {settings.oidc_issuer.rstrip('/')}/.well-known/"
            "openid-configuration, and set APPUSERS_OIDC_ISSUER to what it says there.",
            is_advice=True,
        )
    ]


def _catalogue(settings: Settings) -> Check:
    try:
        entries = len(catalogue.load(settings.catalogue_file).entries)
        fault = None
    except CatalogueError as error:
        entries, fault = 0, str(error).removesuffix(".")
    return Check(
        "catalogue",
        fault is None,
        fault or f"{entries} roles and permissions",
        "What can be granted, and what tokens can be narrowed to: this service's own and those of"
        " your platform.",
        "Mend the file that APPUSERS_CATALOGUE_FILE names.",
    )
