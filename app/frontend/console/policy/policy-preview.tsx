import { Alert, Anchor, Button, Group, List, Modal, Skeleton, Stack, Table, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCircleCheck, IconLock } from "@tabler/icons-react";
import { useEffect } from "react";
import { Link } from "wouter";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { useRead } from "../api/read";
import type { OrganizationPolicyInput, PolicyBlockReason } from "../schema.generated";
import { useOrganizationId } from "../session/session";
import { Failure } from "../shared/failure";
import { Time } from "../shared/time";
import {
  PreviewOrganizationPolicyDocument,
  type PreviewOrganizationPolicyQuery,
  SetOrganizationPolicyDocument,
} from "./policy.generated";
import type { PolicyValues } from "./policy-form";

type Preview = PreviewOrganizationPolicyQuery["previewOrganizationPolicy"];

const REASONS: Record<PolicyBlockReason, string> = {
  EXPIRY_REQUIRED: "never expires",
  LIFETIME: "lives too long",
  NETWORK: "is used from elsewhere",
};

interface Props {
  policy: OrganizationPolicyInput;
  form: UseFormReturnType<PolicyValues>;
  onClose: () => void;
}

/** What a policy would do to the tokens there are, before it is set. */
export function PolicyPreview({ policy, form, onClose }: Props) {
  const organizationId = useOrganizationId();
  const [set, isBusy] = useAct(SetOrganizationPolicyDocument);
  const reading = useRead(PreviewOrganizationPolicyDocument, { organizationId, policy });
  const preview = reading.data?.previewOrganizationPolicy;
  const fields = reading.error?.graphQLErrors[0]?.extensions?.["fields"];

  useEffect(() => {
    // What cannot be tried out cannot be set: its fields say why.
    if (!Array.isArray(fields)) return;
    const message = reading.error?.graphQLErrors[0]?.message ?? "";
    showProblem({ __typename: "InvalidInputError", message, fields }, form);
    onClose();
  }, [fields]);

  async function save() {
    const outcome = await set({ input: { organizationId, policy } });
    if (!outcome) return;
    if (isProblem(outcome)) {
      onClose();
      return showProblem(outcome, form);
    }
    form.resetDirty(form.getValues());
    onClose();
    notifications.show({ color: "teal", message: "The policy is in force." });
  }

  return (
    <Modal opened onClose={onClose} title="What this policy would do" size="xl">
      <Stack>
        {reading.error && <Failure error={reading.error} retry={reading.refetch} />}
        {reading.isLoading && <Skeleton h={180} />}
        {preview && <Effects preview={preview} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button
            color={preview?.blockedTokenCount ? "red" : "iris"}
            loading={isBusy}
            disabled={!preview || preview.blocksViewer}
            onClick={() => void save()}
            data-autofocus
          >
            {preview?.blockedTokenCount
              ? `Save, and refuse ${count(preview.blockedTokenCount)}`
              : "Save the policy"}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Effects({ preview }: { preview: Preview }) {
  const { blockedTokens, blockedTokenCount } = preview;
  return (
    <>
      {preview.blocksViewer && (
        <Alert color="red" icon={<IconLock />} title="This would lock you out">
          Your own token {preview.viewerReasons.map((reason) => REASONS[reason]).join(" and ")}. Change
          the policy so that it complies, or sign in otherwise.
        </Alert>
      )}
      {blockedTokenCount === 0 ? (
        <Alert color="teal" icon={<IconCircleCheck />}>
          All of the {count(preview.liveTokenCount)} that work comply: none is refused.
        </Alert>
      ) : (
        <Alert
          color="yellow"
          icon={<IconAlertTriangle />}
          title={`${count(blockedTokenCount)} of ${preview.liveTokenCount.toLocaleString("en")} would be refused at once`}
        >
          <List size="sm">
            {preview.blockCounts
              .filter((each) => each.tokenCount > 0)
              .map((each) => (
                <List.Item key={each.reason}>
                  {each.tokenCount.toLocaleString("en")}: {REASONS[each.reason]}
                </List.Item>
              ))}
          </List>
        </Alert>
      )}
      {preview.deactivatedTokenCount + preview.revokedTokenCount > 0 && (
        <Alert color="yellow" icon={<IconAlertTriangle />}>
          Of unused tokens, {preview.deactivatedTokenCount.toLocaleString("en")} would soon be
          deactivated and {preview.revokedTokenCount.toLocaleString("en")} revoked for good.
        </Alert>
      )}
      {blockedTokens.nodes.length > 0 && (
        <Table className="cards">
          <Table.Caption>
            {blockedTokenCount > blockedTokens.nodes.length
              ? `The ${blockedTokens.nodes.length} that were used last`
              : "All of them, the latest used first"}
          </Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Token</Table.Th>
              <Table.Th scope="col">Why</Table.Th>
              <Table.Th scope="col">Last used</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {blockedTokens.nodes.map(({ token, reasons }) => (
              <Table.Tr key={token.id}>
                <Table.Td data-title="Token">
                  <div>
                    <Anchor component={Link} href={`/application-users/${token.user.id}/tokens/${token.id}`}>
                      {token.user.name}
                    </Anchor>
                    <Text size="sm" c="dimmed">
                      <span className="mono">{token.tokenPrefix}</span> {token.description}
                    </Text>
                  </div>
                </Table.Td>
                <Table.Td data-title="Why">
                  {reasons.map((reason) => REASONS[reason]).join(", ")}
                </Table.Td>
                <Table.Td data-title="Last used">
                  <div>
                    <Time value={token.lastUsedTime} />
                    <Text size="sm" c="dimmed">
                      {[token.lastIp, token.lastUserAgentHumanReadable].filter(Boolean).join(" · ")}
                    </Text>
                  </div>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}

function count(tokens: number): string {
  return `${tokens.toLocaleString("en")} ${tokens === 1 ? "token" : "tokens"}`;
}
