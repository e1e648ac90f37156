import { Button, Group, Select, Text } from "@mantine/core";
import type { ReactNode } from "react";

import type { TokenOrderField, TokenStatus } from "../schema.generated";
import { SearchField } from "../shared/search-field";

const STATUSES: { value: string; label: string; statuses: TokenStatus[] | null }[] = [
  { value: "", label: "Not ended", statuses: ["ACTIVE", "DEACTIVATED"] },
  { value: "active", label: "Active", statuses: ["ACTIVE"] },
  { value: "deactivated", label: "Deactivated", statuses: ["DEACTIVATED"] },
  { value: "expired", label: "Expired", statuses: ["EXPIRED"] },
  { value: "revoked", label: "Revoked", statuses: ["REVOKED"] },
  { value: "all", label: "All", statuses: null },
];

/** What the address calls a status, as the API has it; those that are not over for good without. */
export function statusesOf(value: string): TokenStatus[] | null {
  return (STATUSES.find((each) => each.value === value) ?? STATUSES[0]!).statuses;
}

/** What the address calls an order, as the API has it; the newest first without. */
export function orderOf(text: string): { field: TokenOrderField; direction: "ASC" | "DESC" } {
  const [field, direction] = text.split(".");
  return {
    field: field === "LAST_USED_TIME" ? field : "CREATE_TIME",
    direction: direction === "ASC" ? "ASC" : "DESC",
  };
}

interface Props {
  values: { search: string; status: string };
  set: (changes: { search?: string; status?: string | null }) => void;
  selectedCount: number;
  onSelectAll: () => void;
  onSelectNone: () => void;
  onRevokeSelected: () => void;
  /** On the right of the filters. */
  actions: ReactNode;
}

/** Above the tokens: filters, or what can be done to the selected ones. */
export function TokensToolbar(props: Props) {
  const { values, set, selectedCount, actions } = props;
  if (selectedCount > 0) {
    return (
      <Group p="sm" gap="sm" mih={60}>
        <Text fw={550} role="status">
          {selectedCount} selected
        </Text>
        <Button variant="subtle" onClick={props.onSelectAll}>
          Select all on this page
        </Button>
        <Button variant="subtle" onClick={props.onSelectNone}>
          Select none
        </Button>
        <Button color="red" ml="auto" onClick={props.onRevokeSelected}>
          Revoke {selectedCount === 1 ? "1 token" : `${selectedCount} tokens`}
        </Button>
      </Group>
    );
  }
  return (
    <Group p="sm" gap="sm" mih={60}>
      <SearchField
        label="Search by description or prefix"
        value={values.search}
        onSearch={(search) => set({ search })}
      />
      <Select
        aria-label="Status"
        data={STATUSES.map(({ value, label }) => ({ value: value || "open", label }))}
        value={values.status || "open"}
        allowDeselect={false}
        onChange={(status) => set({ status: status === "open" ? null : status })}
        w={150}
      />
      <Group gap="sm" ml="auto">
        {actions}
      </Group>
    </Group>
  );
}
