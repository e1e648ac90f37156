import { Anchor, Button, Checkbox, Group, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { Link } from "wouter";

import { useRead } from "../api/read";
import { useFilters } from "../shared/filters";
import { type Column, List } from "../shared/list";
import { Nothing } from "../shared/nothing";
import { Pager, usePaging } from "../shared/paging";
import { GenerateToken } from "./generate-token";
import { RevokeAllTokens, RevokeTokens } from "./revoke-tokens";
import { focusLater, useTokenActs } from "./token-acts";
import { Creation, Expiry, LastUse } from "./token-cells";
import { NEEDS_ADMIN, TokenMenu } from "./token-menu";
import { TokenState } from "./token-state";
import { orderOf, statusesOf, TokensToolbar } from "./tokens-toolbar";
import { ApplicationUserTokensDocument, type TokenRowFragment } from "./tokens.generated";

const PAGE = 25;

interface Props {
  applicationUserId: string;
  viewerCanGenerateToken: boolean;
}

/** The authentication tokens of an application user. */
export function Tokens({ applicationUserId, viewerCanGenerateToken }: Props) {
  const { values, set, clear, isFiltered } = useFilters(["search", "status", "order"]);
  const paging = usePaging();
  const order = orderOf(values.order);
  const reading = useRead(ApplicationUserTokensDocument, {
    applicationUserId,
    first: PAGE,
    after: paging.after,
    filter: { search: values.search.trim() || null, statuses: statusesOf(values.status) },
    orderBy: order,
  });
  const user = reading.data?.applicationUser;
  const rows = user?.tokens.nodes;
  const acts = useTokenActs();
  const [isGenerating, generating] = useDisclosure();
  const [isRevokingAll, revokingAll] = useDisclosure();
  const [isRevokingSome, revokingSome] = useDisclosure();
  const [selectedIds, setSelectedIds] = useState<string[]>([]);
  const generateButton = useRef<HTMLButtonElement>(null);
  const revokeAllButton = useRef<HTMLButtonElement>(null);
  // What was selected on another page, or does not match any more, is not revoked unseen.
  const selected = (rows ?? []).filter((row) => row.viewerCanRevoke && selectedIds.includes(row.id));
  const blocked = user?.state === "DEACTIVATED" ? "Activate the application user first." : NEEDS_ADMIN;

  function generateAction(ref?: React.Ref<HTMLButtonElement>) {
    return (
      <Tooltip label={blocked} disabled={viewerCanGenerateToken}>
        <Button
          ref={ref ?? null}
          px={{ base: "sm", xs: "md" }}
          leftSection={<IconPlus size={18} />}
          {...(viewerCanGenerateToken
            ? { onClick: generating.open }
            : { "data-disabled": true, "aria-disabled": true })}
        >
          Generate token
        </Button>
      </Tooltip>
    );
  }

  const columns = columnsWith({
    select: (row) => (
      <Checkbox
        aria-label={`Select ${row.description || row.tokenPrefix}`}
        checked={selected.includes(row)}
        disabled={!row.viewerCanRevoke}
        onChange={(event) => {
          const others = selectedIds.filter((id) => id !== row.id);
          setSelectedIds(event.currentTarget.checked ? [...others, row.id] : others);
        }}
        mt={3}
      />
    ),
    menu: (row) => <TokenMenu token={row} acts={acts} />,
  });

  return (
    <>
      <div className="surface">
        <TokensToolbar
          values={values}
          set={set}
          selectedCount={selected.length}
          onSelectAll={() =>
            setSelectedIds((rows ?? []).filter((row) => row.viewerCanRevoke).map((row) => row.id))
          }
          onSelectNone={() => setSelectedIds([])}
          onRevokeSelected={revokingSome.open}
          actions={
            <>
              <Button
                ref={revokeAllButton}
                variant="default"
                px={{ base: "sm", xs: "md" }}
                onClick={revokingAll.open}
                disabled={!rows || (rows.length === 0 && !isFiltered)}
              >
                Revoke all
              </Button>
              {generateAction(generateButton)}
            </>
          }
        />
        <List
          caption="Authentication tokens"
          columns={columns}
          reading={reading}
          rows={reading.data && (rows ?? [])}
          rowKey={(row) => row.id}
          order={order}
          onOrder={({ field, direction }) => set({ order: `${field}.${direction}` })}
          empty={
            isFiltered || paging.after ? (
              <Nothing
                icon={IconSearchOff}
                title="Nothing matches"
                action={
                  <Button variant="default" onClick={clear}>
                    Clear the filters
                  </Button>
                }
              />
            ) : (
              <Nothing icon={IconKey} title="No usable tokens" action={generateAction()}>
                A program acts as this application user with a token. Give each place that needs one
                a token of its own, so that each can be revoked alone. Expired and revoked tokens
                are under “All”.
              </Nothing>
            )
          }
        />
        <Pager paging={paging} pageInfo={user?.tokens.pageInfo} isBusy={reading.isStale} />
      </div>
      {acts.dialog}
      <GenerateToken
        applicationUserId={applicationUserId}
        isOpen={isGenerating}
        onClose={generating.close}
        onLeft={() => focusLater(generateButton.current)}
      />
      {isRevokingSome && selected.length > 0 && (
        <RevokeTokens
          tokens={selected}
          onClose={revokingSome.close}
          onDone={() => setSelectedIds([])}
        />
      )}
      {isRevokingAll && user && (
        <RevokeAllTokens
          applicationUserId={applicationUserId}
          name={user.name}
          onClose={() => {
            revokingAll.close();
            focusLater(revokeAllButton.current);
          }}
        />
      )}
    </>
  );
}

type Render = (row: TokenRowFragment) => React.ReactNode;

function columnsWith({ select, menu }: { select: Render; menu: Render }): Column<TokenRowFragment>[] {
  return [
    {
      key: "token",
      title: "Token",
      render: (row) => (
        <Group gap="sm" wrap="nowrap" align="flex-start">
          {select(row)}
          <div style={{ minWidth: 0 }}>
            <Anchor
              component={Link}
              href={`/application-users/${row.user.id}/tokens/${row.id}`}
              className="mono"
              style={{ whiteSpace: "nowrap" }}
            >
              {row.tokenPrefix}
            </Anchor>
            {row.description && (
              <Text size="sm" c="dimmed" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
                {row.description}
              </Text>
            )}
          </div>
        </Group>
      ),
    },
    { key: "status", title: "Status", width: 150, render: (row) => <TokenState token={row} /> },
    {
      key: "used",
      title: "Last used",
      order: "LAST_USED_TIME",
      width: "22%",
      render: (row) => <LastUse token={row} />,
    },
    { key: "expiry", title: "Expires", width: 132, render: (row) => <Expiry token={row} /> },
    {
      key: "created",
      title: "Created",
      order: "CREATE_TIME",
      width: "17%",
      render: (row) => <Creation token={row} />,
    },
    { key: "menu", title: "Actions", isTitleHidden: true, width: 52, render: menu },
  ];
}
