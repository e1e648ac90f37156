import { Alert, Anchor, Badge, Button, Group } from "@mantine/core";
import { IconInfoCircle, IconUserOff } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useParams } from "wouter";

import { Access } from "../access/access";
import { useRead } from "../api/read";
import { useMembership, useOrganization, useOwn } from "../session/session";
import { AllowedButton } from "../shared/allowed-button";
import { Copyable } from "../shared/copyable";
import { Elsewhere } from "../shared/elsewhere";
import { Facts } from "../shared/facts";
import { Failure } from "../shared/failure";
import { Nothing } from "../shared/nothing";
import { Page } from "../shared/page";
import { Section } from "../shared/section";
import { StateBadge } from "../shared/state-badge";
import { Time } from "../shared/time";
import { EditPerson } from "./edit-person";
import { LatelyDone } from "./lately-done";
import { PersonDocument } from "./people.generated";
import { RemovePerson } from "./remove-person";
import { SwitchPerson } from "./switch-person";

const ABOVE = [{ title: "People", href: "/people" }];

/** A person of the organization. */
export default function PersonPage() {
  const { userId } = useParams<{ userId: string }>();
  const reading = useRead(PersonDocument, { id: userId });
  const organization = useOrganization();
  const isViewer = useMembership()?.user.id === userId;
  const [dialog, setDialog] = useState<"edit" | "switch" | "remove" | null>(null);
  const person = useOwn(reading.data?.organizationUser);
  const close = () => setDialog(null);

  if (reading.error) {
    return (
      <Page title="Person" above={ABOVE}>
        <div className="surface">
          <Failure error={reading.error} retry={reading.refetch} />
        </div>
      </Page>
    );
  }
  if (person === null) {
    return (
      <Page title="Person" above={ABOVE}>
        <div className="surface">
          <Nothing
            icon={IconUserOff}
            title="There is no such person"
            action={
              <Button component={Link} href="/people" variant="default">
                Show the people
              </Button>
            }
          >
            They were removed, or belong elsewhere. What they did is still in the audit log.
            <Elsewhere thing={reading.data?.organizationUser} />
          </Nothing>
        </div>
      </Page>
    );
  }
  const isActive = person?.state !== "DEACTIVATED";
  const why = (act: string) =>
    `To ${act} you need the permission organization:users:write, and role:organization:admin where they hold permissions.`;
  return (
    <Page
      title={person?.name ?? "Person"}
      above={ABOVE}
      badge={
        person && (
          <Group gap="xs">
            <StateBadge state={person.state} />
            {isViewer && (
              <Badge variant="light" radius="sm" tt="none">
                You
              </Badge>
            )}
          </Group>
        )
      }
      actions={
        <>
          <AllowedButton
            variant="default"
            isAllowed={person?.viewerCanUpdate !== false}
            why={why("rename people")}
            disabled={!person}
            onClick={() => setDialog("edit")}
          >
            Edit
          </AllowedButton>
          <AllowedButton
            variant="default"
            isAllowed={person?.viewerCanUpdate !== false}
            why={why("change people")}
            disabled={!person}
            onClick={() => setDialog("switch")}
          >
            {isActive ? "Deactivate" : "Activate"}
          </AllowedButton>
          <AllowedButton
            variant="default"
            c="var(--mantine-color-error)"
            isAllowed={person?.viewerCanRemove !== false}
            why={why("remove people")}
            disabled={!person}
            onClick={() => setDialog("remove")}
          >
            Remove
          </AllowedButton>
        </>
      }
    >
      {!isActive && (
        <Alert color="yellow" icon={<IconInfoCircle />}>
          They are deactivated: their tokens and their sign-in are refused until somebody activates
          them again. Their permissions are kept.
        </Alert>
      )}
      <Facts
        isLoading={!person}
        facts={[
          ["E-mail address", person?.email],
          ["Last activity", person && <Time key="time" value={person.lastActivityTime} />],
          ["Joined", person && <Time key="time" value={person.joinTime} />],
          ["ID", <Copyable key="id" text={userId} label="Copy the ID" />],
        ]}
      />
      <Access principalId={userId} />
      {organization?.viewerCanReadAuditEvents && (
        <Section
          title="Lately done"
          actions={
            <Anchor component={Link} href={`/audit-log?actor=${userId}`} size="sm">
              All in the audit log
            </Anchor>
          }
        >
          <LatelyDone personId={userId} name={person?.name ?? "this person"} />
        </Section>
      )}
      {person && dialog === "edit" && <EditPerson person={person} onClose={close} />}
      {person && dialog === "switch" && (
        <SwitchPerson person={person} isViewer={isViewer} onClose={close} />
      )}
      {person && dialog === "remove" && (
        <RemovePerson person={person} isViewer={isViewer} onClose={close} />
      )}
    </Page>
  );
}
