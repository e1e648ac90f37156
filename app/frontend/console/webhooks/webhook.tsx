import { Alert, Badge, Button, Group, Skeleton, Text } from "@mantine/core";
import { IconKey, IconPlayerPause, IconWebhookOff } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useParams } from "wouter";

import { useRead } from "../api/read";
import { useOwn } from "../session/session";
import { UserLink } from "../shared/user-link";
import { AllowedButton } from "../shared/allowed-button";
import { Description } from "../shared/description";
import { Copyable } from "../shared/copyable";
import { Elsewhere } from "../shared/elsewhere";
import { Facts } from "../shared/facts";
import { Failure } from "../shared/failure";
import { Nothing } from "../shared/nothing";
import { Page } from "../shared/page";
import { Section } from "../shared/section";
import { Time } from "../shared/time";
import { toldText } from "./actions";
import { hostOf } from "./address";
import { DeleteWebhook } from "./delete-webhook";
import { Deliveries } from "./deliveries";
import { EditWebhook } from "./edit-webhook";
import { RotateSigningKey } from "./rotate-signing-key";
import { SwitchWebhook } from "./switch-webhook";
import { WebhookDocument, type WebhookQuery } from "./webhooks.generated";
import { ActiveBadge } from "./webhooks";

type Webhook = NonNullable<WebhookQuery["webhookEndpoint"]>;

const ABOVE = [{ title: "Webhooks", href: "/webhooks" }];
const WHY = "To change webhooks you need the permission role:organization:admin.";

/** An address that is told of events, and what was sent to it. */
export default function WebhookPage() {
  const { webhookId } = useParams<{ webhookId: string }>();
  const reading = useRead(WebhookDocument, { id: webhookId });
  const [dialog, setDialog] = useState<"edit" | "switch" | "rotate" | "delete" | null>(null);
  const webhook = useOwn(reading.data?.webhookEndpoint);
  const close = () => setDialog(null);

  if (reading.error || webhook === null) {
    return (
      <Page title="Webhook" above={ABOVE}>
        <div className="surface">
          {reading.error ? (
            <Failure error={reading.error} retry={reading.refetch} />
          ) : (
            <Nothing
              icon={IconWebhookOff}
              title="There is no such webhook"
              action={
                <Button component={Link} href="/webhooks" variant="default">
                  Show the webhooks
                </Button>
              }
            >
              It was deleted, or belongs elsewhere.
              <Elsewhere thing={reading.data?.webhookEndpoint} />
            </Nothing>
          )}
        </div>
      </Page>
    );
  }
  const action = (words: string, opened: typeof dialog, color?: string) => (
    <AllowedButton
      variant="default"
      {...(color && { c: color })}
      isAllowed={webhook?.viewerCanUpdate !== false}
      why={WHY}
      disabled={!webhook}
      onClick={() => setDialog(opened)}
    >
      {words}
    </AllowedButton>
  );
  return (
    <Page
      title={webhook ? hostOf(webhook.url) : "Webhook"}
      above={ABOVE}
      badge={webhook && <ActiveBadge isActive={webhook.isActive} />}
      description={<Description text={webhook?.description} isLoading={!webhook} />}
      actions={
        <>
          {action("Edit", "edit")}
          {action(webhook?.isActive === false ? "Resume" : "Pause", "switch")}
          {action("Rotate signing key", "rotate")}
          {action("Delete", "delete", "var(--mantine-color-error)")}
        </>
      }
    >
      {webhook && !webhook.isActive && (
        <Alert color="yellow" icon={<IconPlayerPause />}>
          Paused: nothing is sent. What happens meanwhile is in the audit log, and is not sent later.
        </Alert>
      )}
      {webhook?.previousKeyEndTime && Date.parse(webhook.previousKeyEndTime) > Date.now() && (
        <Alert color="iris" icon={<IconKey />}>
          The signing key was rotated. Until the one before ends{" "}
          <Time value={webhook.previousKeyEndTime} />, each delivery carries a signature of both.
        </Alert>
      )}
      <Facts
        isLoading={!webhook}
        facts={[
          ["Address", webhook && <Copyable key="url" text={webhook.url} label="Copy the address" />, 280],
          ["Created", webhook && <Time key="time" value={webhook.createTime} />],
          [
            "Created by",
            webhook &&
              (webhook.createdBy ? (
                <UserLink key="by" user={webhook.createdBy} isInText />
              ) : (
                "The operator"
              )),
            180,
          ],
          ["ID", <Copyable key="id" text={webhookId} label="Copy the ID" />],
        ]}
      />
      <ToldOf webhook={webhook} />
      <Deliveries webhookId={webhookId} />
      {webhook && dialog === "edit" && <EditWebhook webhook={webhook} onClose={close} />}
      {webhook && dialog === "switch" && <SwitchWebhook webhook={webhook} onClose={close} />}
      {webhook && dialog === "rotate" && (
        <RotateSigningKey
          webhook={webhook}
          previousKeyEndTime={webhook.previousKeyEndTime}
          onClose={close}
        />
      )}
      {webhook && dialog === "delete" && <DeleteWebhook webhook={webhook} onClose={close} />}
    </Page>
  );
}

function ToldOf({ webhook }: { webhook: Webhook | undefined }) {
  return (
    <Section title="Events">
      <Group gap="xs" px="md" pb="md">
        {!webhook ? (
          <Skeleton h={26} w={360} maw="100%" />
        ) : webhook.actions === null ? (
          <Text size="sm">All actions of the audit log, and those of later releases.</Text>
        ) : (
          webhook.actions.map((each) => (
            <Badge key={each} variant="light" color="gray" radius="sm" tt="none" fw={500} size="lg">
              {toldText(each, each)}
            </Badge>
          ))
        )}
      </Group>
    </Section>
  );
}
