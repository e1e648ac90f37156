import { Button, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useRef, useState } from "react";

import { tell } from "../api/act";
import { createClient } from "../api/client";
import type { AuditEventFilter } from "../schema.generated";
import { useCredential } from "../session/credential";
import { useOrganizationId } from "../session/session";
import { AuditExportDocument, type AuditExportQuery } from "./audit.generated";

type Event = AuditExportQuery["auditEvents"]["nodes"][number];
type Format = "csv" | "jsonl";

const MOST = 100_000;

interface Props {
  filter: AuditEventFilter;
  isFiltered: boolean;
  onClose: () => void;
}

/** Reads all events that the filter keeps, page by page, and hands them over as a file. */
export function Export({ filter, isFiltered, onClose }: Props) {
  const organizationId = useOrganizationId();
  const credential = useCredential();
  const [format, setFormat] = useState<Format>("csv");
  const [read, setRead] = useState<number | null>(null);
  const isCancelled = useRef(false);

  async function run() {
    isCancelled.current = false;
    // A client of its own: what it remembers goes with it, and may be much.
    const client = createClient(credential?.text ?? "");
    const events: Event[] = [];
    let after: string | null = null;
    do {
      setRead(events.length);
      // A name of its own: the answer's type depends on what `after` is.
      const result: { data?: AuditExportQuery; error?: Parameters<typeof tell>[0] } = await client
        .query(
          AuditExportDocument,
          { organizationId, after, filter, direction: "ASC" },
          { requestPolicy: "network-only" },
        )
        .toPromise();
      if (isCancelled.current) return;
      if (!result.data) {
        if (result.error) tell(result.error);
        setRead(null);
        return;
      }
      events.push(...result.data.auditEvents.nodes);
      const { hasNextPage, endCursor } = result.data.auditEvents.pageInfo;
      after = hasNextPage ? endCursor : null;
    } while (after && events.length < MOST);
    save(`audit-log.${format}`, format === "csv" ? csv(events) : jsonLines(events));
    onClose();
  }

  function close() {
    isCancelled.current = true;
    onClose();
  }

  return (
    <Modal opened onClose={close} title="Export the audit log">
      <Stack>
        <Text size="sm">
          {isFiltered ? "The events that the filters keep" : "All events"}, the oldest first, at most{" "}
          {MOST.toLocaleString("en")}. To check that nothing was changed or left out, use{" "}
          <span className="mono">appusers audit export</span> on the host: it verifies the hashes.
        </Text>
        <Radio.Group label="Format" value={format} onChange={(value) => setFormat(value as Format)}>
          <Stack gap="xs" mt="xs">
            <Radio value="csv" label="CSV, for spreadsheets" />
            <Radio value="jsonl" label="JSON Lines, for programs" />
          </Stack>
        </Radio.Group>
        <Group justify="space-between">
          <Text size="sm" c="dimmed" role="status">
            {read !== null && `${read.toLocaleString("en")} events read…`}
          </Text>
          <Group>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button
              leftSection={<IconDownload size={16} />}
              loading={read !== null}
              onClick={() => void run()}
            >
              Export
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}

const COLUMNS = [
  "sequence",
  "id",
  "eventTime",
  "actionName",
  "outcome",
  "reason",
  "actorKind",
  "actorId",
  "actorTokenId",
  "ip",
  "userAgent",
  "requestId",
  "targetKind",
  "targetId",
  "principalId",
  "previousHash",
  "hash",
] as const satisfies (keyof Event)[];

function csv(events: Event[]): string {
  const rows = events.map((event) => [
    ...COLUMNS.map((name) => event[name]),
    JSON.stringify(changesOf(event)),
  ]);
  return [[...COLUMNS, "changes"], ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
}

/** RFC 4180; a spreadsheet is kept from taking what somebody else wrote for a formula. */
function cell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

function jsonLines(events: Event[]): string {
  return events
    .map(({ __typename, ...event }) => `${JSON.stringify({ ...event, changes: changesOf(event) })}\n`)
    .join("");
}

function changesOf(event: Pick<Event, "changes">) {
  return event.changes.map(({ field, before, after }) => ({ field, before, after }));
}

function save(name: string, text: string) {
  const address = URL.createObjectURL(new Blob([text]));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  // Chromium reads it behind the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
