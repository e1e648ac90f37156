import { Code, Stack, Text, Title } from "@mantine/core";
import { IconGauge } from "@tabler/icons-react";

import type { Reading } from "../api/read";
import { useOrganizationId } from "../session/session";
import { type Column, List } from "../shared/list";
import { Nothing } from "../shared/nothing";
import { Pager, type usePaging } from "../shared/paging";
import { StateBadge } from "../shared/state-badge";
import { Time } from "../shared/time";
import type { LimitRequestsQuery } from "./limits.generated";

type Connection = NonNullable<LimitRequestsQuery["organization"]>["limitIncreaseRequests"];
export type LimitRequest = Connection["nodes"][number];

const COLUMNS: Column<LimitRequest>[] = [
  {
    key: "limit",
    title: "Asked for",
    width: "44%",
    render: (request) => (
      <div style={{ minWidth: 0 }}>
        <Text fw={550} className="digits">
          {request.applicationUserLimit.toLocaleString("en")}
        </Text>
        {request.reason && (
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere", whiteSpace: "pre-line" }}>
            {request.reason}
          </Text>
        )}
      </div>
    ),
  },
  { key: "state", title: "State", render: (request) => <StateBadge state={request.state} /> },
  {
    key: "asked",
    title: "Asked",
    render: (request) => (
      <div>
        <Time value={request.createTime} />
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          by {request.createdBy.name}
        </Text>
      </div>
    ),
  },
  {
    key: "answered",
    title: "Answered",
    render: (request) => (
      <div>
        <Time value={request.answerTime} empty="Not yet" />
        {request.answeredLimit !== null && (
          <Text size="sm" c="dimmed" className="digits">
            the limit became {request.answeredLimit.toLocaleString("en")}
          </Text>
        )}
      </div>
    ),
  },
];

interface Props {
  reading: Reading<LimitRequestsQuery>;
  requests: Connection | undefined;
  paging: ReturnType<typeof usePaging>;
}

/** What the organization asked for, and what became of it. */
export function Requests({ reading, requests, paging }: Props) {
  const organizationId = useOrganizationId();
  const pending = requests?.nodes.find((request) => request.state === "PENDING");
  return (
    <Stack component="section" aria-labelledby="requests" gap="sm">
      <Title order={2} size="h4" id="requests">
        Requests
      </Title>
      {pending && (
        <Text size="sm" c="dimmed" component="div">
          The operator answers on the service's host, for example with{" "}
          <Code style={{ overflowWrap: "anywhere" }}>
            appusers organization set-limit {organizationId} {pending.applicationUserLimit}
          </Code>
        </Text>
      )}
      <div className="surface">
        <List
          caption="Requests for a higher limit"
          columns={COLUMNS}
          reading={reading}
          rows={requests?.nodes}
          rowKey={(request) => request.id}
          expected={2}
          empty={
            <Nothing icon={IconGauge} title="Nothing was asked for yet">
              When the limit is not enough, request a higher one. What becomes of it shows here.
            </Nothing>
          }
        />
        <Pager paging={paging} pageInfo={requests?.pageInfo} isBusy={reading.isStale} />
      </div>
    </Stack>
  );
}
