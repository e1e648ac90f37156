import { Button, Group, NumberInput, Stack, Switch, TagsInput, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";

import { DurationField } from "../shared/duration-field";
import type { OrganizationPolicyInput } from "../schema.generated";
import type { PolicyFieldsFragment } from "./policy.generated";
import { PolicyPreview } from "./policy-preview";

const DAY = 86_400;

/** A rule that is off has no value; what was typed comes back when it is switched on again. */
function valuesOf(policy: PolicyFieldsFragment) {
  return {
    isBoundToNetworks: policy.allowedNetworks !== null,
    allowedNetworks: policy.allowedNetworks ?? [],
    isLifetimeBound: policy.longestMaxAgeSeconds !== null,
    longestMaxAgeSeconds: policy.longestMaxAgeSeconds ?? (90 * DAY as number | null),
    expiryRequired: policy.expiryRequired,
    deactivatesUnused: policy.deactivateUnusedAfterDays !== null,
    deactivateUnusedAfterDays: (policy.deactivateUnusedAfterDays ?? 90) as number | string,
    revokesUnused: policy.revokeUnusedAfterDays !== null,
    revokeUnusedAfterDays: (policy.revokeUnusedAfterDays ?? 365) as number | string,
  };
}

export type PolicyValues = ReturnType<typeof valuesOf>;

function policyOf(values: PolicyValues): OrganizationPolicyInput {
  return {
    allowedNetworks: values.isBoundToNetworks ? values.allowedNetworks : null,
    longestMaxAgeSeconds: values.isLifetimeBound ? values.longestMaxAgeSeconds : null,
    expiryRequired: values.expiryRequired,
    deactivateUnusedAfterDays: values.deactivatesUnused
      ? Number(values.deactivateUnusedAfterDays)
      : null,
    revokeUnusedAfterDays: values.revokesUnused ? Number(values.revokeUnusedAfterDays) : null,
  };
}

/** The rules of a policy. They are tried out before they are set. */
export function PolicyForm({ policy }: { policy: PolicyFieldsFragment }) {
  const [tried, setTried] = useState<OrganizationPolicyInput | null>(null);
  const form = useForm({
    initialValues: valuesOf(policy),
    validate: {
      allowedNetworks: (networks, { isBoundToNetworks }) =>
        isBoundToNetworks && networks.length === 0 ? "Name at least one network." : null,
      longestMaxAgeSeconds: (seconds, { isLifetimeBound }) =>
        isLifetimeBound && seconds === null ? "Say how long." : null,
      deactivateUnusedAfterDays: (days, { deactivatesUnused }) =>
        deactivatesUnused && days === "" ? "Say after how many days." : null,
      revokeUnusedAfterDays: (days, { revokesUnused }) =>
        revokesUnused && days === "" ? "Say after how many days." : null,
    },
  });
  const { values } = form;
  const isReadOnly = !policy.viewerCanSet;
  return (
    <form onSubmit={form.onSubmit((submitted) => setTried(policyOf(submitted)))} noValidate>
      <Stack className="surface" p={{ base: "md", sm: "xl" }} gap="xl">
        <Stack gap="sm">
          <Title order={2} size="h4">
            Lifetime
          </Title>
          <Switch
            label="Tokens must expire"
            description="Tokens that never expire are refused, and none can be generated."
            disabled={isReadOnly}
            {...form.getInputProps("expiryRequired", { type: "checkbox" })}
          />
          <Switch
            label="Limit how long a token lives"
            description="Counted from its creation, however often a use extends it."
            disabled={isReadOnly}
            {...form.getInputProps("isLifetimeBound", { type: "checkbox" })}
          />
          {values.isLifetimeBound && (
            <div className="rule">
              <DurationField
                label="Longest lifetime"
                disabled={isReadOnly}
                {...form.getInputProps("longestMaxAgeSeconds")}
              />
            </div>
          )}
        </Stack>
        <Stack gap="sm">
          <Title order={2} size="h4">
            Networks
          </Title>
          <Switch
            label="Accept tokens from some networks only"
            description="Beside what a token's own allowlist asks for."
            disabled={isReadOnly}
            {...form.getInputProps("isBoundToNetworks", { type: "checkbox" })}
          />
          {values.isBoundToNetworks && (
            <div className="rule">
              <TagsInput
                label="Allowed networks"
                description="IPv4 or IPv6 addresses or networks, such as 192.0.2.0/24."
                placeholder={values.allowedNetworks.length ? "" : "192.0.2.0/24"}
                splitChars={[",", " ", "\n"]}
                acceptValueOnBlur
                disabled={isReadOnly}
                maw={560}
                {...form.getInputProps("allowedNetworks")}
              />
            </div>
          )}
        </Stack>
        <Stack gap="sm">
          <Title order={2} size="h4">
            Disuse
          </Title>
          <Switch
            label="Deactivate tokens that nobody uses"
            description="Whoever may manage application users can activate them again."
            disabled={isReadOnly}
            {...form.getInputProps("deactivatesUnused", { type: "checkbox" })}
          />
          {values.deactivatesUnused && (
            <div className="rule">
              <NumberInput
                label="Deactivate after"
                suffix={Number(values.deactivateUnusedAfterDays) === 1 ? " day" : " days"}
                min={1}
                allowDecimal={false}
                disabled={isReadOnly}
                maw={200}
                {...form.getInputProps("deactivateUnusedAfterDays")}
              />
            </div>
          )}
          <Switch
            label="Revoke tokens that nobody uses"
            description="For good. Where both are on, a deactivated token is given the time between the two."
            disabled={isReadOnly}
            {...form.getInputProps("revokesUnused", { type: "checkbox" })}
          />
          {values.revokesUnused && (
            <div className="rule">
              <NumberInput
                label="Revoke after"
                suffix={Number(values.revokeUnusedAfterDays) === 1 ? " day" : " days"}
                min={1}
                allowDecimal={false}
                disabled={isReadOnly}
                maw={200}
                {...form.getInputProps("revokeUnusedAfterDays")}
              />
            </div>
          )}
        </Stack>
        {policy.viewerCanSet && (
          <Group justify="space-between" className="foot">
            <Text size="sm" c="dimmed">
              You see what it would do before anything changes.
            </Text>
            <Group>
              <Button variant="default" onClick={form.reset} disabled={!form.isDirty()}>
                Discard changes
              </Button>
              <Button type="submit" disabled={!form.isDirty()}>
                Review changes
              </Button>
            </Group>
          </Group>
        )}
      </Stack>
      {tried && <PolicyPreview policy={tried} form={form} onClose={() => setTried(null)} />}
    </form>
  );
}
