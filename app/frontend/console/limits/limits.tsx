import { Group, Progress, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { useSearchParams } from "wouter";

import { useRead } from "../api/read";
import { type Organization, useOrganization, useOrganizationId } from "../session/session";
import { AllowedButton } from "../shared/allowed-button";
import { Page } from "../shared/page";
import { usePaging } from "../shared/paging";
import { LimitRequestsDocument } from "./limits.generated";
import { RequestMore } from "./request-more";
import { type LimitRequest, Requests } from "./requests";

const PAGE = 10;
const NEARLY = 0.9;

/** How many application users the organization may have, and what it asked for. */
export default function LimitsPage() {
  const organizationId = useOrganizationId();
  const organization = useOrganization();
  const paging = usePaging();
  const [search, setSearch] = useSearchParams();
  const reading = useRead(LimitRequestsDocument, { organizationId, first: PAGE, after: paging.after });
  const requests = reading.data?.organization?.limitIncreaseRequests;
  const pending = requests?.nodes.find((request) => request.state === "PENDING");

  function setRequesting(isOpen: boolean) {
    const next = new URLSearchParams(search);
    if (isOpen) next.set("request", "true");
    else next.delete("request");
    setSearch(next, { replace: true });
  }

  const missing = organization && missingToRequest(organization, pending);
  const isRequesting = search.get("request") === "true";
  return (
    <>
      <Page
        title="Limits"
        description="How much your organization may have. The operator of this service sets it."
        actions={
          <AllowedButton
            leftSection={<IconArrowUp size={18} />}
            isAllowed={missing === undefined}
            why={missing ?? ""}
            onClick={() => setRequesting(true)}
          >
            Request more
          </AllowedButton>
        }
      >
        <Usage organization={organization} />
        <Requests reading={reading} requests={requests} paging={paging} />
      </Page>
      {organization && (
        <RequestMore
          isOpen={isRequesting}
          limit={organization.applicationUserLimit}
          missing={missing}
          onClose={() => setRequesting(false)}
        />
      )}
    </>
  );
}

function missingToRequest(organization: Organization, pending: LimitRequest | undefined) {
  if (!organization.viewerCanRequestLimitIncrease) {
    return "You need the permission organization:app_users:write for this.";
  }
  if (!pending) return undefined;
  const limit = pending.applicationUserLimit.toLocaleString("en");
  return `A request for ${limit} waits for an answer. Ask again after it.`;
}

function Usage({ organization }: { organization: Organization | undefined }) {
  if (!organization) return <Skeleton h={146} />;
  const { applicationUserCount: count, applicationUserLimit: limit } = organization;
  const left = Math.max(limit - count, 0);
  const share = limit > 0 ? Math.min(count / limit, 1) : 1;
  const color = left === 0 ? "red" : share >= NEARLY ? "yellow" : "iris";
  return (
    <Stack className="surface" p="lg" gap="sm" component="section" aria-labelledby="usage">
      <Title order={2} size="h4" id="usage">
        Application users
      </Title>
      <Group justify="space-between" align="baseline" gap="xs">
        <Text fz="xl" fw={600} className="digits">
          {count.toLocaleString("en")}{" "}
          <Text span c="dimmed" fz="md" fw={400}>
            of {limit.toLocaleString("en")}
          </Text>
        </Text>
        <Text size="sm" c="dimmed" className="digits">
          {left === 0 ? "The limit is reached" : `${left.toLocaleString("en")} left`}
        </Text>
      </Group>
      <Progress
        value={share * 100}
        color={color}
        size="lg"
        aria-label={`${count} of ${limit} application users`}
      />
      <Text size="sm" c="dimmed">
        Deactivated ones count, deleted ones do not.
      </Text>
    </Stack>
  );
}
