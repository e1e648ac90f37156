import { Alert, Group, SegmentedControl, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconActivityHeartbeat } from "@tabler/icons-react";
import { lazy, Suspense } from "react";

import { useRead } from "../api/read";
import { useOrganization, useOrganizationId } from "../session/session";
import { Failure } from "../shared/failure";
import { Nothing } from "../shared/nothing";
import { useParameter } from "../shared/parameter";
import { TokenActivitySummaryDocument } from "./activity.generated";
import { RefusedUses } from "./refused-uses";
import { Sources } from "./sources";

// The library that draws charts is as large as all else on the page.
const UsesByDay = lazy(() => import("./uses-by-day"));

const DAY_MS = 86_400_000;
const PERIODS = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
];

interface Props {
  applicationUserId: string;
  /** Only uses of this token. */
  tokenId?: string;
}

/** Where an application user's tokens are used from, how often, and what was refused. */
export function Activity({ applicationUserId, tokenId }: Props) {
  const organizationId = useOrganizationId();
  const organization = useOrganization();
  const [chosen, choose] = useParameter("days");
  const days = PERIODS.some((period) => period.value === chosen) ? Number(chosen) : 30;
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const since = new Date(today - (days - 1) * DAY_MS).toISOString();
  const reading = useRead(TokenActivitySummaryDocument, {
    organizationId,
    applicationUserId,
    tokenId: tokenId ?? null,
    since,
  });
  const summary = reading.data?.tokenActivitySummary;
  return (
    <Stack gap="lg">
      <section className="surface" aria-labelledby="uses">
        <Group p="md" justify="space-between">
          <div>
            <Title order={2} size="h4" id="uses">
              Uses
            </Title>
            <Text size="sm" c="dimmed" role="status">
              {summary
                ? `${summary.useCount.toLocaleString("en")} in the last ${days} days, by days in UTC`
                : "…"}
            </Text>
          </div>
          <SegmentedControl
            aria-label="Period"
            data={PERIODS}
            value={String(days)}
            onChange={(value) => choose(value === "30" ? null : value)}
          />
        </Group>
        {reading.error && <Failure error={reading.error} retry={reading.refetch} />}
        {reading.isLoading && <Skeleton h={260} mx="md" mb="md" w="auto" />}
        {summary?.useCount === 0 && (
          <Nothing icon={IconActivityHeartbeat} title={`No uses in the last ${days} days`}>
            Uses show here a few seconds after they happen.
          </Nothing>
        )}
        {summary && summary.useCount > 0 && (
          <div className={reading.isStale ? "stale" : ""}>
            {!summary.isComplete && (
              <Alert color="yellow" mx="md" mb="sm">
                There are more uses than can be added up at once: these are the latest.
              </Alert>
            )}
            <Suspense fallback={<Skeleton h={260} mx="md" mb="md" w="auto" />}>
              <UsesByDay uses={summary.days} since={since} days={days} />
            </Suspense>
            <Sources sources={summary.sources} />
          </div>
        )}
      </section>
      {organization?.viewerCanReadAuditEvents && (
        <RefusedUses targetId={tokenId ?? applicationUserId} />
      )}
    </Stack>
  );
}
