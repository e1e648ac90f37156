import { Alert, Box, Select, Stack, Switch, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconAlertTriangle } from "@tabler/icons-react";

import { DurationField, durationText } from "../shared/duration-field";
import { exact } from "../shared/time";
import type { GenerateValues } from "./generate-token";
import { chosen, isAllowed, type Policy, PRESETS, secondsOf } from "./lifetime";

interface Props {
  form: UseFormReturnType<GenerateValues>;
  policy: Policy | undefined;
}

/** How long a token lives, and whether uses extend that. */
export function LifetimeFields({ form, policy }: Props) {
  const current = chosen(form.values, policy);
  const seconds = secondsOf(current);
  const isCustom = current.lifetime === "custom";
  const { error, ...custom } = form.getInputProps("customSeconds");
  const lifetimeError = form.errors["lifetime"];
  const data = [
    ...PRESETS.map(([each, label]) => ({
      value: String(each),
      label,
      disabled: !isAllowed(each, policy),
    })),
    { value: "custom", label: "Custom…" },
    { value: "never", label: "Never expires", disabled: !isAllowed(null, policy) },
  ];
  return (
    <Stack gap="xs">
      <Select
        label="Session duration"
        description={policyHint(policy)}
        data={data}
        allowDeselect={false}
        value={current.lifetime}
        error={isCustom ? undefined : lifetimeError}
        onChange={(lifetime) =>
          form.setValues({ lifetime: lifetime ?? "", customSeconds: current.customSeconds })
        }
        inputContainer={(input) => <Box maw={320}>{input}</Box>}
        maxDropdownHeight={320}
      />
      {isCustom && (
        <DurationField
          label="Lifetime"
          description="From 10 minutes to 10 years."
          {...custom}
          value={current.customSeconds}
          error={error ?? lifetimeError}
        />
      )}
      {seconds === null ? (
        <Alert color="yellow" icon={<IconAlertTriangle />} title="Works until somebody revokes it">
          If it leaks, it goes on working. Prefer a duration with “Extend when used”, which ends
          when nobody needs the token any more.
        </Alert>
      ) : (
        <>
          <Switch
            label="Extend when used"
            description="Each use moves the expiry: the token lives on as long as it is used."
            {...form.getInputProps("extendWhenUsed", { type: "checkbox" })}
          />
          <Text size="sm" c="dimmed" aria-live="polite">
            {seconds !== undefined && summary(seconds, form.values.extendWhenUsed)}
          </Text>
        </>
      )}
    </Stack>
  );
}

function summary(seconds: number, isExtended: boolean): string {
  if (isExtended) return `Ends when it was not used for ${durationText(seconds)}.`;
  const end = new Date(Math.floor(Date.now() / 60_000) * 60_000 + seconds * 1000);
  return Number.isNaN(end.getTime()) ? "" : `Ends ${exact(end.toISOString())}.`;
}

function policyHint(policy: Policy | undefined): string | undefined {
  if (!policy) return undefined;
  const { longestMaxAgeSeconds: longest, expiryRequired, deactivateUnusedAfterDays: days } = policy;
  const rules = [
    longest !== null && `tokens live ${durationText(longest)} at the most`,
    longest === null && expiryRequired && "tokens must expire",
    days !== null && `a token that is unused for ${days} ${days === 1 ? "day" : "days"} is deactivated`,
  ].filter(Boolean);
  return rules.length > 0 ? `Your organization’s policy: ${rules.join("; ")}.` : undefined;
}
