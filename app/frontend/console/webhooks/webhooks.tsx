import { Anchor, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { Link } from "wouter";

import { useRead } from "../api/read";
import { useOrganization, useOrganizationId } from "../session/session";
import { AllowedButton } from "../shared/allowed-button";
import { type Column, List } from "../shared/list";
import { Nothing } from "../shared/nothing";
import { Page } from "../shared/page";
import { Pager, usePaging } from "../shared/paging";
import { StateBadge } from "../shared/state-badge";
import { Time } from "../shared/time";
import { actionCount } from "./actions";
import { CreateWebhook } from "./create-webhook";
import { type WebhookFieldsFragment, WebhooksDocument } from "./webhooks.generated";

const PAGE = 25;

const COLUMNS: Column<WebhookFieldsFragment>[] = [
  {
    key: "address",
    title: "Address",
    width: "48%",
    render: (webhook) => (
      <div style={{ minWidth: 0 }}>
        <Anchor
          component={Link}
          href={`/webhooks/${webhook.id}`}
          fw={550}
          lineClamp={2}
          style={{ overflowWrap: "anywhere" }}
        >
          {webhook.url}
        </Anchor>
        {webhook.description && (
          <Text size="sm" c="dimmed" lineClamp={1} style={{ overflowWrap: "anywhere" }}>
            {webhook.description}
          </Text>
        )}
      </div>
    ),
  },
  {
    key: "state",
    title: "State",
    render: (webhook) => <ActiveBadge isActive={webhook.isActive} />,
  },
  { key: "actions", title: "Told of", render: (webhook) => actionCount(webhook.actions) },
  { key: "created", title: "Created", render: (webhook) => <Time value={webhook.createTime} /> },
];

/** Whether an endpoint is told of events. */
export function ActiveBadge({ isActive }: { isActive: boolean }) {
  return isActive ? (
    <StateBadge state="ACTIVE" />
  ) : (
    <StateBadge state="DEACTIVATED">Paused</StateBadge>
  );
}

/** The addresses that are told of an organization's audit events. */
export default function WebhooksPage() {
  const organizationId = useOrganizationId();
  const organization = useOrganization();
  const paging = usePaging();
  const [isCreating, { open, close }] = useDisclosure();
  const reading = useRead(WebhooksDocument, { organizationId, first: PAGE, after: paging.after });
  const webhooks = reading.data?.webhookEndpoints;
  const create = (
    <AllowedButton
      leftSection={<IconPlus size={18} />}
      onClick={open}
      isAllowed={organization?.viewerCanManageWebhooks !== false}
      why="To create webhooks you need the permission role:organization:admin."
    >
      Create webhook
    </AllowedButton>
  );
  return (
    <Page
      title="Webhooks"
      description="Addresses that are told what happens in this organization, as it happens."
      actions={create}
    >
      <div className="surface">
        <List
          caption="Webhooks"
          columns={COLUMNS}
          reading={reading}
          rows={webhooks?.nodes}
          rowKey={(webhook) => webhook.id}
          expected={3}
          empty={
            <Nothing icon={IconWebhook} title="No webhooks yet" action={create}>
              <Stack gap="xs">
                <div>
                  A webhook sends the events of the audit log to an address of yours: to a chat, to
                  your monitoring, or to a program that reacts when a token leaks.
                </div>
                <div>
                  Each event is a CloudEvent in JSON, signed as the Standard Webhooks specification
                  has it: its libraries verify the signature with the key that you get once. What
                  cannot be delivered is tried again for three days.
                </div>
              </Stack>
            </Nothing>
          }
        />
        <Pager paging={paging} pageInfo={webhooks?.pageInfo} isBusy={reading.isStale} />
      </div>
      <CreateWebhook isOpen={isCreating} onClose={close} />
    </Page>
  );
}
