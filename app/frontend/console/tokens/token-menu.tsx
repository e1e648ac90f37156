import { ActionIcon, Menu, Text, Tooltip } from "@mantine/core";
import { IconBan, IconDotsVertical, IconPencil, IconPlayerPlay, IconRefresh } from "@tabler/icons-react";
import { useRef } from "react";

import type { TokenActs } from "./token-acts";
import { isUnused } from "./token-state";
import type { TokenRowFragment } from "./tokens.generated";

interface Props {
  token: TokenRowFragment;
  acts: TokenActs;
}

/** Why the caller may not do what other callers may: it is the user's permissions. */
export const NEEDS_ADMIN = "Its user holds permissions: this takes role:organization:admin.";

/** What can be done to a token, in its row. */
export function TokenMenu({ token, acts }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const isRotatable = token.status === "ACTIVE" && token.supersedeTime === null;
  return (
    <Menu position="bottom-end" width={240} returnFocus>
      <Menu.Target>
        <Tooltip label="Actions">
          <ActionIcon
            ref={button}
            variant="subtle"
            color="gray"
            aria-label={`Actions for ${token.description || token.tokenPrefix}`}
          >
            <IconDotsVertical size={18} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconPencil size={16} />}
          onClick={() => acts.begin("describe", token, button.current)}
        >
          Edit description
        </Menu.Item>
        {isRotatable && (
          <Menu.Item
            leftSection={<IconRefresh size={16} />}
            disabled={!token.viewerCanRotate}
            onClick={() => acts.begin("rotate", token, button.current)}
          >
            Rotate
            {!token.viewerCanRotate && <Text size="xs">{NEEDS_ADMIN}</Text>}
          </Menu.Item>
        )}
        {isUnused(token) && (
          <Menu.Item
            leftSection={<IconPlayerPlay size={16} />}
            disabled={!token.viewerCanActivate}
            onClick={() => acts.activate(token)}
          >
            Activate
            {!token.viewerCanActivate && <Text size="xs">{NEEDS_ADMIN}</Text>}
          </Menu.Item>
        )}
        {token.viewerCanRevoke && (
          <>
            <Menu.Divider />
            <Menu.Item
              c="var(--mantine-color-red-light-color)"
              leftSection={<IconBan size={16} />}
              onClick={() => acts.begin("revoke", token, button.current)}
            >
              Revoke
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
