import { Button, Group, Modal, Stack, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { type TokenRowFragment, UpdateTokenDocument } from "./tokens.generated";

interface Props {
  token: Pick<TokenRowFragment, "id" | "description">;
  onClose: () => void;
}

/** Edits the one thing about a token that can change. */
export function DescribeToken({ token, onClose }: Props) {
  const [update, isBusy] = useAct(UpdateTokenDocument);
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { description: token.description ?? "" },
  });

  async function submit({ description }: { description: string }) {
    const input = { tokenId: token.id, description: description.trim() || null };
    const outcome = await update({ input });
    if (!outcome) return;
    if (isProblem(outcome)) return showProblem(outcome, form);
    onClose();
    notifications.show({ color: "teal", message: "The description was saved." });
  }

  return (
    <Modal opened onClose={onClose} title="Edit description">
      <form onSubmit={form.onSubmit((values) => void submit(values))} noValidate>
        <Stack>
          <Textarea
            label="Description"
            description="What the token is for, and where it is kept. Nothing else about it can change."
            autosize
            minRows={2}
            maxRows={8}
            data-autofocus
            key={form.key("description")}
            {...form.getInputProps("description")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
