import { Alert, Button, Group, Modal, NumberInput, Stack, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { useOrganizationId } from "../session/session";
import { RequestLimitIncreaseDocument } from "./limits.generated";

const MAX_LIMIT = 1_000_000;

interface Values {
  applicationUserLimit: number | string;
  reason: string;
}

interface Props {
  isOpen: boolean;
  /** The limit as it is. */
  limit: number;
  /** Why nothing can be asked for now; without, it can. */
  missing: string | undefined;
  onClose: () => void;
}

/** Asks for a higher limit. What was typed stays until it is asked. */
export function RequestMore({ isOpen, limit, missing, onClose }: Props) {
  const organizationId = useOrganizationId();
  const [request, isBusy] = useAct(RequestLimitIncreaseDocument);
  const form = useForm<Values>({
    mode: "uncontrolled",
    initialValues: { applicationUserLimit: Math.min(limit * 2, MAX_LIMIT), reason: "" },
    validate: {
      applicationUserLimit: (asked) =>
        typeof asked === "number" && asked > limit && asked <= MAX_LIMIT
          ? null
          : `From ${(limit + 1).toLocaleString("en")} to ${MAX_LIMIT.toLocaleString("en")}.`,
    },
  });

  async function submit({ applicationUserLimit, reason }: Values) {
    const input = {
      organizationId,
      applicationUserLimit: Number(applicationUserLimit),
      reason: reason || null,
    };
    const outcome = await request({ input });
    if (!outcome) return;
    if (outcome.__typename === "LimitRequestPendingError") {
      const asked = outcome.applicationUserLimit.toLocaleString("en");
      return form.setFieldError(
        "applicationUserLimit",
        `A request for ${asked} already waits for an answer. Ask again after it.`,
      );
    }
    if (isProblem(outcome)) return showProblem(outcome, form);
    form.reset();
    onClose();
    const asked = outcome.limitIncreaseRequest.applicationUserLimit.toLocaleString("en");
    notifications.show({ color: "teal", message: `You asked for ${asked} application users.` });
  }

  return (
    <Modal opened={isOpen} onClose={onClose} title="Request a higher limit" keepMounted={false}>
      <form onSubmit={form.onSubmit((values) => void submit(values))} noValidate>
        <Stack>
          {missing && <Alert color="yellow">{missing}</Alert>}
          <NumberInput
            label="Application users"
            description={`How many you need in all. The limit is ${limit.toLocaleString("en")}.`}
            withAsterisk
            data-autofocus
            allowDecimal={false}
            allowNegative={false}
            thousandSeparator=","
            key={form.key("applicationUserLimit")}
            {...form.getInputProps("applicationUserLimit")}
          />
          <Textarea
            label="Reason"
            description="For the operator of the service, who answers."
            autosize
            minRows={2}
            maxRows={8}
            key={form.key("reason")}
            {...form.getInputProps("reason")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy} disabled={missing !== undefined}>
              Send the request
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
