import { Alert, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconLogout } from "@tabler/icons-react";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { useRead } from "../api/read";
import { Confirm } from "../shared/confirm";
import { CutOff } from "./cut-off";
import { TokenName } from "./token-cells";
import {
  RevocationPreviewDocument,
  RevokeAllTokensDocument,
  RevokeAllTokensPreviewDocument,
  RevokeTokenDocument,
  RevokeTokensDocument,
  type TokenRowFragment,
} from "./tokens.generated";

interface Props {
  /** One or more. */
  tokens: Pick<TokenRowFragment, "id" | "tokenPrefix" | "description" | "isCurrent">[];
  title?: string;
  action?: string;
  onClose: () => void;
  /** They are revoked. */
  onDone?: () => void;
}

/** Revokes tokens, after it showed who would be cut off. */
export function RevokeTokens(props: Props) {
  const { tokens, onClose, onDone } = props;
  const tokenIds = tokens.map((token) => token.id);
  const reading = useRead(RevocationPreviewDocument, { tokenIds });
  const [revokeOne, isRevokingOne] = useAct(RevokeTokenDocument);
  const [revokeSeveral, isRevokingSeveral] = useAct(RevokeTokensDocument);
  const [first] = tokens;
  const isOne = tokens.length === 1;
  const count = tokens.length.toLocaleString("en");

  async function revoke() {
    const outcome = isOne
      ? await revokeOne({ input: { tokenId: first!.id } })
      : await revokeSeveral({ input: { tokenIds } });
    if (!outcome) return;
    onClose();
    if (isProblem(outcome)) return showProblem(outcome);
    onDone?.();
    const message = isOne ? "The token was revoked." : `${count} tokens were revoked.`;
    notifications.show({ color: "teal", message });
  }

  return (
    <Confirm
      title={props.title ?? (isOne ? "Revoke token" : `Revoke ${count} tokens`)}
      action={props.action ?? (isOne ? "Revoke token" : `Revoke ${count} tokens`)}
      isBusy={isRevokingOne || isRevokingSeveral}
      isDisabled={!reading.data}
      onConfirm={() => void revoke()}
      onClose={onClose}
    >
      {isOne && <TokenName token={first!} />}
      <Text size="sm">
        {isOne ? "It is refused from now on, for good." : "They are refused from now on, for good."}{" "}
        This cannot be undone.
      </Text>
      {tokens.some((token) => token.isCurrent) && (
        <Alert color="red" icon={<IconLogout />}>
          You are signed in with {isOne ? "this token" : "one of them"}: you will be signed out.
        </Alert>
      )}
      <CutOff reading={reading} preview={reading.data?.revocationPreview} isOne={isOne} />
    </Confirm>
  );
}

interface AllProps {
  applicationUserId: string;
  /** Of the application user; typed to confirm. */
  name: string;
  onClose: () => void;
}

/** Revokes every token of an application user, those that do not show in the list too. */
export function RevokeAllTokens({ applicationUserId, name, onClose }: AllProps) {
  const reading = useRead(RevokeAllTokensPreviewDocument, { applicationUserId });
  const [revokeAll, isBusy] = useAct(RevokeAllTokensDocument);

  async function revoke() {
    const outcome = await revokeAll({ input: { applicationUserId } });
    if (!outcome) return;
    onClose();
    if (isProblem(outcome)) return showProblem(outcome);
    const { revokedTokenCount: count } = outcome;
    const message =
      count === 0
        ? "There was no token to revoke."
        : `${count.toLocaleString("en")} ${count === 1 ? "token was" : "tokens were"} revoked.`;
    notifications.show({ color: "teal", message });
  }

  return (
    <Confirm
      title="Revoke all tokens"
      action="Revoke all tokens"
      typed={name}
      isBusy={isBusy}
      isDisabled={!reading.data}
      onConfirm={() => void revoke()}
      onClose={onClose}
    >
      <Text size="sm">
        Every token of this application user ends for good, deactivated ones too. The application
        user stays, and can be given new ones. This cannot be undone.
      </Text>
      <CutOff reading={reading} preview={reading.data?.deletionPreview} />
    </Confirm>
  );
}
