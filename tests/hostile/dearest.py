"""The dearest documents that are let through, of every kind that is known."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.hostile.callers import Callers
from tests.hostile.estate import Estate
from tests.hostile.oracle import Report
from tests.hostile.worker import Answer

TOKEN = (
    "id tokenPrefix description status maxAgeSeconds extendWhenUsed ipAllowlist scopes"
    " permissionCeiling createTime expiryTime revokeTime familyId supersedeTime overlapEndTime"
    " isCurrent lastUsedTime lastIp lastUserAgent lastUserAgentHumanReadable user{id name}"
    " createdBy{id name} revokedBy{id name} blockedByPolicy predecessor{id} successor{id}"
    " usedSinceRotation viewerCanRevoke viewerCanRotate viewerCanActivate"
)
USER = (
    "id name email isApplicationUser state joinTime lastActivityTime description createTime"
    " isSuperAdmin createdBy{id name} liveTokenCount viewerCanGenerateToken viewerCanActivate"
    " viewerCanUpdate viewerCanDelete"
)
EVENT = (
    "id sequence eventTime action actionName outcome actorKind actorId actorTokenId ip userAgent"
    " requestId targetKind targetId principalId reason previousHash hash actor{id name}"
    " actorToken{id description} changes{field before after}"
)
ACCENT = "e\u0301"
"""Two characters that Unicode's composed form makes one of."""


@dataclass(frozen=True)
class Dear:
    """A document with its variables; ``@`` stands for something else each time."""

    name: str
    document: str
    variables: Mapping[str, object] = field(default_factory=dict[str, object])

    def sent(self, number: int) -> str:
        """Return a document that no cache knows."""
        return "," * number + self.document.replace("@", str(number))


def aliased(count: int, selection: str) -> str:
    """Ask for the same so many times."""
    return of_each([selection] * count)


def of_each(selections: Iterable[str]) -> str:
    """Ask for each."""
    return "{" + " ".join(f"a{number}:{one}" for number, one in enumerate(selections)) + "}"


def documents(estate: Estate) -> Iterator[Dear]:
    """Yield each; a few more items, and the rule on cost refuses it."""
    yield from _pages(estate)
    yield from _questions(estate)
    yield from _mutations(estate)
    yield from _read()


def _pages(estate: Estate) -> Iterator[Dear]:
    of = f'organizationId:"{estate.organization_id}"'

    def page(name: str, count: int, selection: str) -> str:
        return f"{{{name}({of},first:{count}){{nodes{{{selection}}}}}}}"

    def several(count: int, selection: str) -> str:
        return page("tokens", 100, aliased(count, selection)[1:-1])

    for name, document in {
        "a page of tokens with everything": page("tokens", 100, TOKEN),
        "a page of users with everything": page("applicationUsers", 100, USER),
        "a page of events with everything": page("auditEvents", 100, EVENT),
        "50 users of 15 tokens": page("applicationUsers", 50, "tokens(first:15){nodes{id status}}"),
        "10 users of 100 tokens": page("applicationUsers", 10, "tokens(first:100){nodes{id}}"),
        "20 groups of 50 members": page("groups", 20, "members(first:50){nodes{id name}}"),
        "20 endpoints of 50 deliveries": page(
            "webhookEndpoints", 20, "deliveries(first:50){nodes{eventId action}}"
        ),
        "allowlists by alias": several(18, "ipAllowlist"),
        "descriptions by alias": several(30, "description"),
        "viewerCanRevoke by alias": several(30, "viewerCanRevoke"),
        "viewerCanRotate by alias": several(8, "viewerCanRotate"),
        "who made them by alias": several(10, "createdBy{id}"),
        "changes by alias": page("auditEvents", 100, aliased(5, "changes{field after}")[1:-1]),
    }.items():
        yield Dear(name, document)


def _questions(estate: Estate) -> Iterator[Dear]:
    ids = estate.names()
    org, unit = estate.organization_id, estate.units[9]
    networks = '["10.0.0.0/8"]'
    of = f'organizationId:"{org}"'
    about = f'principalId:"{ids["USER"]}",resourceId:"{unit}"'
    preview = f"policy:{{expiryRequired:true,allowedNetworks:{networks}}}"
    for name, count, selection in (
        ("lists", 30, f"tokens({of},first:20){{nodes{{id}}}}"),
        ("introspections", 30, f'introspectToken({of},token:"{estate.token}"){{permissions}}'),
        ("identifications", 20, f'identifyToken({of},token:"{estate.token}"){{token{{id}}}}'),
        ("nodes", 20, f'node(id:"{ids["TOKEN"]}"){{id ...on Token{{user{{id}}}}}}'),
        ("effective permissions", 20, f"effectivePermissions({about}){{permissions}}"),
        (
            "previews of policies",
            20,
            f"previewOrganizationPolicy({of},{preview}){{liveTokenCount}}",
        ),
        (
            "previews of deletions",
            20,
            f'deletionPreview(applicationUserId:"{ids["USER"]}"){{liveTokens(first:1){{id}}}}',
        ),
        (
            "summaries of uses",
            5,
            f"tokenActivitySummary({of}){{useCount days{{date useCount}} sources(first:100){{"
            "ip userAgent userAgentHumanReadable useCount firstUseTime lastUseTime}}",
        ),
        (
            "explanations",
            10,
            f'explainPermission({about},permission:"project:services:read"){{granted}}',
        ),
    ):
        yield Dear(name, aliased(count, selection))
    # What is asked about one user again and again is read once.
    for name, count, selection in (
        (
            "sources of several users",
            4,
            "sources(first:100){granted resourceId groupId createTime createdBy{id name}}",
        ),
        ("the number of sources of several users", 15, "sourceCount"),
    ):
        asked = (
            f'effectivePermissions(principalId:"{user}",resourceId:"{unit}"){{{selection}}}'
            for user in estate.users[:count]
        )
        yield Dear(name, of_each(asked))
    many = {"ids": estate.tokens[:1000]}
    previews = "revocationPreview(tokenIds:$ids){liveTokenCount}"
    yield Dear("a preview of 1,000 tokens", f"query($ids:[ID!]!){{{previews}}}", many)
    yield Dear("three of them", "query($ids:[ID!]!)" + aliased(3, previews), many)


def _mutations(estate: Estate) -> Iterator[Dear]:
    """Yield what changes the estate: texts in accents, lists of networks, a thousand ids."""
    given = f'applicationUserId:"{estate.users[0]}"'
    of = f'organizationId:"{estate.organization_id}"'
    text = f'description:"@%{ACCENT * 500}"'
    networks = {"n": [f"2001:db8:{number:x}::/48" for number in range(100)]}
    for name, selection in (
        ("creations", f'createApplicationUser(input:{{{of},name:"@%{ACCENT * 120}",{text}}})'),
        ("descriptions", f"updateApplicationUser(input:{{{given},{text}}})"),
        ("mints", f"generateToken(input:{{{given},{text}}})"),
    ):
        numbered = " ".join(
            f"a{number}:{selection.replace('%', f'-{number} ')}{{__typename}}"
            for number in range(18)
        )
        yield Dear(name, f"mutation{{{numbered}}}")
    bound = aliased(11, f"generateToken(input:{{{given},ipAllowlist:$n}}){{__typename}}")
    yield Dear("mints with networks", f"mutation($n:[String!]){bound}", networks)
    yield Dear(
        "a thousand revocations",
        "mutation($ids:[ID!]!){revokeTokens(input:{tokenIds:$ids}){__typename}}",
        {"ids": estate.tokens[1000:2000]},
    )


def _read() -> Iterator[Dear]:
    """Yield what is dear to validate."""
    yield Dear("one object often", "{" + "viewer{__typename}" * 70 + "}")
    yield Dear("one path often", "{" + "viewer{token{id}}" * 50 + "}")
    inner = "__schema{types{name fields{name description args{name}}}}"
    yield Dear("schemas", aliased(6, inner))


def run(
    report: Report, callers: Callers, count: int, number: int, tick: Callable[[], None]
) -> None:
    """Send each up to four times, and say what it cost."""
    admin = callers.tokens["administrator"]
    for dear in list(documents(report.worker.estate)):
        least, answered = float("inf"), 0
        for time in range(max(1, min(count, 4))):

            def send(again: int, dear: Dear = dear, time: int = time) -> Answer:
                return report.worker.graphql(dear.sent(10 * time + again), dear.variables, admin)

            answer = report.judge(dear.name, send)
            least, answered = min(least, answer.milliseconds), len(answer.body)
            if b"too large" in answer.body:
                report.violate(f"{dear.name} is refused, and so says nothing")
        print(f"{least:6.1f} ms of CPU, {answered:8} bytes: {dear.name}", flush=True)
        tick()
