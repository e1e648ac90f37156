"""What the history of uses comes to, in GraphQL: for charts, and for a table of sources."""

from typing import Annotated

import strawberry
from strawberry import ID

from app import references, use_summaries, user_agents
from app.access import AppUserReader
from app.api.connections import First, checked
from app.api.nodes import ContextInfo
from app.api.scalars import Count, Day, Time
from app.api.token_uses import whose
from app.paging import DEFAULT_FIRST
from app.token_uses import MOST_PREVIEWED
from app.use_summaries import DEFAULT_DAYS, MOST_DAYS, Share, UseSummary


@strawberry.type(description="The uses of one day.")
class DailyTokenUses:
    date: Day = strawberry.field(description="The day, from midnight to midnight in UTC.")
    use_count: Count = strawberry.field(description="How many uses there were, one or more.")


@strawberry.type(description="The uses from one address by one program, of whichever token.")
class TokenUseSource:
    row: strawberry.Private[Share]
    ip: str | None = strawberry.field(
        description="The IPv4 or IPv6 address; null if not known, as where a service that asks"
        " about tokens does not tell it."
    )
    user_agent: str | None = strawberry.field(
        description="The User-Agent of the program, at most 512 characters; null if there was none."
    )
    is_other: bool = strawberry.field(
        description="More addresses and programs used a token on a day than are told apart; this is"
        " all the others of all days, without an address or a User-Agent."
    )
    use_count: Count = strawberry.field(description="How many uses there were, one or more.")
    first_use_time: Time = strawberry.field(
        description="The first of them in these days; there may have been earlier ones before."
    )
    last_use_time: Time = strawberry.field(
        description="The latest of them in these days; it may be the first."
    )

    @strawberry.field(description="That User-Agent for people, for example `Firefox 128 on Linux`.")
    def user_agent_human_readable(self) -> str | None:
        return user_agents.human_readable(self.row.user_agent)

    @classmethod
    def of(cls, row: Share) -> "TokenUseSource":
        """Make the shape of a row."""
        if row.first_use_time is None or row.last_use_time is None:
            raise RuntimeError("a source without uses")
        return cls(
            row=row,
            ip=row.ip,
            user_agent=row.user_agent or None,
            is_other=bool(row.is_other),
            use_count=Count(row.use_count),
            first_use_time=Time(row.first_use_time),
            last_use_time=Time(row.last_use_time),
        )


@strawberry.type(
    description="What the uses of some days come to. They were let through; refused ones are in"
    " `auditEvents`. A use within the last seconds may be missing."
)
class TokenActivitySummary:
    summary: strawberry.Private[UseSummary]
    use_count: Count = strawberry.field(description="How many uses there were in all.")
    is_complete: bool = strawberry.field(
        description="Whether all uses on record of these days were looked at. False where the"
        f" history has {MOST_PREVIEWED:,} rows of them or more, those that the caller may not see"
        " included: of so many, the latest were, and the earliest day that is shown may lack some"
        " of its uses."
    )

    @strawberry.field(description="The days that have uses, the oldest first.")
    def days(self) -> list[DailyTokenUses]:
        return [
            DailyTokenUses(date=Day(share.use_date), use_count=Count(share.use_count))
            for share in self.summary.days
            if share.use_date is not None
        ]

    @strawberry.field(
        description="Where the uses came from, by address and program, the most used first; of"
        " equally used ones the latest used. Those of several tokens are counted together."
    )
    def sources(self, first: First = DEFAULT_FIRST) -> list[TokenUseSource]:
        return [TokenUseSource.of(share) for share in self.summary.sources[: checked(first)]]


@strawberry.type
class UseSummaryQueries:
    @strawberry.field(
        description="What the uses come to that `tokenActivity` lists row by row: how many there"
        " were in all, on each day, and from each address by each program. Days are counted as a"
        " whole, from midnight to midnight in UTC. Of the same tokens as there, and as far back as"
        " the operator of the service has the history kept. Permission:"
        " `organization:app_users:write`."
    )
    async def token_activity_summary(
        self,
        info: ContextInfo,
        organization_id: Annotated[ID, strawberry.argument(description="The organization.")],
        application_user_id: Annotated[
            ID | None,
            strawberry.argument(description="Only uses of the tokens of this application user."),
        ] = None,
        token_id: Annotated[
            ID | None,
            strawberry.argument(
                description="Only uses of this token (`token_…`); none where it is not the"
                " application user's, if that is given too."
            ),
        ] = None,
        since: Annotated[
            Time | None,
            strawberry.argument(
                description="From the day of this time on, all of that day included; without,"
                f" {DEFAULT_DAYS} days. From it to the last day are at most {MOST_DAYS} days."
            ),
        ] = None,
        until: Annotated[
            Time | None,
            strawberry.argument(
                description="Only days that begin before this time, the last one as a whole;"
                " without, to the end of today."
            ),
        ] = None,
    ) -> TokenActivitySummary:
        reader = info.context.require(
            AppUserReader, references.organization("organizationId", organization_id)
        )
        user_id, wanted = whose(reader, application_user_id, token_id)
        found = await use_summaries.summarize(
            info.context.database,
            reader,
            user_id=user_id,
            token_id=wanted,
            since=since,
            until=until,
        )
        return TokenActivitySummary(
            summary=found, use_count=Count(found.use_count), is_complete=found.is_complete
        )
