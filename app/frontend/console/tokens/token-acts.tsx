import { notifications } from "@mantine/notifications";
import { type ReactNode, useState } from "react";

import { useAct } from "../api/act";
import { isProblem, showProblem } from "../api/problems";
import { DescribeToken } from "./describe-token";
import { RevokeTokens } from "./revoke-tokens";
import { RotateToken } from "./rotate-token";
import { ActivateTokenDocument, type TokenRowFragment } from "./tokens.generated";

/** What can be done to one token in a dialog. */
export type Act = "describe" | "rotate" | "revoke";

export interface TokenActs {
  /** Opens a dialog; the focus comes back to the element afterwards. */
  begin: (act: Act, token: TokenRowFragment, from: HTMLElement | null) => void;
  activate: (token: TokenRowFragment) => void;
  /** Belongs on the page, where nothing that is read takes it away. */
  dialog: ReactNode;
}

/** Acts on a token, wherever it is shown. */
export function useTokenActs(): TokenActs {
  const [open, setOpen] = useState<{
    act: Act;
    token: TokenRowFragment;
    from: HTMLElement | null;
  } | null>(null);
  const [activateToken] = useAct(ActivateTokenDocument);

  function close() {
    setOpen(null);
    focusLater(open?.from);
  }
  async function activate(token: TokenRowFragment) {
    const outcome = await activateToken({ input: { tokenId: token.id } });
    if (!outcome) return;
    if (isProblem(outcome)) return showProblem(outcome);
    const message =
      outcome.token.status === "ACTIVE"
        ? "The token works again."
        : "The token is no longer unused; it works when its application user is active.";
    notifications.show({ color: "teal", message });
  }

  const shared = open && { token: open.token, onClose: close };
  return {
    begin: (act, token, from) => setOpen({ act, token, from }),
    activate: (token) => void activate(token),
    dialog: shared && (
      <>
        {open.act === "describe" && <DescribeToken {...shared} />}
        {open.act === "rotate" && <RotateToken {...shared} from={open.from} />}
        {open.act === "revoke" && <RevokeTokens tokens={[open.token]} onClose={close} />}
      </>
    ),
  };
}

/** Puts the focus back where a dialog was opened from, once that is gone. */
export function focusLater(element: HTMLElement | null | undefined) {
  setTimeout(() => element?.isConnected && element.focus(), 20);
}
