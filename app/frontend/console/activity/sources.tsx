import { Table, Text, Tooltip, VisuallyHidden } from "@mantine/core";

import { Time } from "../shared/time";
import type { TokenActivitySummaryQuery } from "./activity.generated";

type Source = TokenActivitySummaryQuery["tokenActivitySummary"]["sources"][number];

/** Addresses and programs, the most used first. */
export function Sources({ sources }: { sources: Source[] }) {
  return (
    <Table className="cards">
      <caption>
        <VisuallyHidden>Uses by address and program</VisuallyHidden>
      </caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Address</Table.Th>
          <Table.Th scope="col">Program</Table.Th>
          <Table.Th scope="col">Uses</Table.Th>
          <Table.Th scope="col">First</Table.Th>
          <Table.Th scope="col">Latest</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {sources.map((source) => (
          <Table.Tr key={`${source.ip} ${source.userAgent} ${source.isOther}`}>
            <Table.Td data-title="Address">
              {source.isOther ? (
                <Text inherit>All others</Text>
              ) : (
                <span className="mono">{source.ip ?? "Unknown"}</span>
              )}
            </Table.Td>
            <Table.Td data-title="Program">
              <Program source={source} />
            </Table.Td>
            <Table.Td data-title="Uses" className="digits">
              {source.useCount.toLocaleString("en")}
            </Table.Td>
            <Table.Td data-title="First">
              <Time value={source.firstUseTime} />
            </Table.Td>
            <Table.Td data-title="Latest">
              <Time value={source.lastUseTime} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Program({ source }: { source: Source }) {
  if (!source.userAgent) return <>{source.isOther ? "" : "Not told"}</>;
  return (
    <Tooltip label={source.userAgent} multiline maw={420}>
      <span>{source.userAgentHumanReadable ?? source.userAgent}</span>
    </Tooltip>
  );
}
