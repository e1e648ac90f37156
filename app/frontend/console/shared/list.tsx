import {
  Group,
  NativeSelect,
  Skeleton,
  Table,
  UnstyledButton,
  VisuallyHidden,
} from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconArrowsSort } from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { Reading } from "../api/read";
import { Failure } from "./failure";

export interface Column<Row> {
  key: string;
  title: string;
  render: (row: Row) => ReactNode;
  /** What the API calls this order; without it the column cannot be sorted by. */
  order?: string;
  /** Which end a click on its head brings first; without it the latest. */
  first?: Order["direction"];
  /** As CSS has it; the others share what is left. */
  width?: number | string;
  /** Only screen readers hear the title, as of a column of buttons. */
  isTitleHidden?: boolean;
}

export interface Order {
  field: string;
  direction: "ASC" | "DESC";
}

interface Props<Row, Data> {
  /** What the table lists, for screen readers. */
  caption: string;
  columns: Column<Row>[];
  reading: Reading<Data>;
  rows: Row[] | undefined;
  rowKey: (row: Row) => string;
  /** In place of the table where there are no rows. */
  empty: ReactNode;
  order?: Order | undefined;
  onOrder?: (order: Order) => void;
  /** How many lines the outline has while there is nothing to show. */
  expected?: number;
}

/** A table of what was read; cards on narrow screens. Its outline stands while it is read. */
export function List<Row, Data>(props: Props<Row, Data>) {
  const { caption, columns, reading, rows, rowKey, empty, expected = 5 } = props;
  if (reading.error) return <Failure error={reading.error} retry={reading.refetch} />;
  if (rows?.length === 0) return <>{empty}</>;
  return (
    <Table.ScrollContainer minWidth={0} type="native">
      {props.onOrder && (
        <SortBy columns={columns} order={props.order} onOrder={props.onOrder} />
      )}
      <Table className={`cards ${reading.isStale ? "stale" : ""}`} aria-busy={reading.isLoading}>
        <caption>
          <VisuallyHidden>{caption}</VisuallyHidden>
        </caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} order={props.order} onOrder={props.onOrder} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows
            ? rows.map((row) => (
                <Table.Tr key={rowKey(row)}>
                  {columns.map((column) => (
                    <Table.Td key={column.key} data-title={column.isTitleHidden ? "" : column.title}>
                      {column.render(row)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))
            : Array.from({ length: expected }, (_, line) => (
                <Table.Tr key={line}>
                  {columns.map((column) => (
                    <Table.Td key={column.key}>
                      <Skeleton h={20} w="70%" />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface SortByProps<Row> {
  columns: Column<Row>[];
  order: Order | undefined;
  onOrder: (order: Order) => void;
}

/** In place of the heads of columns, which cards have not. */
function SortBy<Row>({ columns, order, onOrder }: SortByProps<Row>) {
  const choices = columns.flatMap(({ title, order: field }) =>
    field
      ? [
          { value: `${field}.ASC`, label: `${title}, ascending` },
          { value: `${field}.DESC`, label: `${title}, descending` },
        ]
      : [],
  );
  return (
    <NativeSelect
      hiddenFrom="sm"
      label="Sort by"
      px="md"
      pb="xs"
      data={choices}
      value={order && `${order.field}.${order.direction}`}
      onChange={(event) => {
        const [field = "", direction] = event.currentTarget.value.split(".");
        onOrder({ field, direction: direction === "ASC" ? "ASC" : "DESC" });
      }}
    />
  );
}

interface HeadProps<Row> {
  column: Column<Row>;
  order: Order | undefined;
  onOrder: ((order: Order) => void) | undefined;
}

function Head<Row>({ column, order, onOrder }: HeadProps<Row>) {
  const title = column.isTitleHidden ? (
    <VisuallyHidden>{column.title}</VisuallyHidden>
  ) : (
    column.title
  );
  const width = column.width === undefined ? undefined : { width: column.width };
  const field = column.order;
  if (!field || !onOrder) {
    return (
      <Table.Th scope="col" {...(width && { style: width })}>
        {title}
      </Table.Th>
    );
  }
  const direction = order?.field === field ? order.direction : undefined;
  const opposite = direction === "DESC" ? "ASC" : "DESC";
  const next = direction ? opposite : (column.first ?? "DESC");
  const Icon = { ASC: IconArrowUp, DESC: IconArrowDown, none: IconArrowsSort }[direction ?? "none"];
  const sorted = { ASC: "ascending", DESC: "descending", none: "none" } as const;
  return (
    <Table.Th scope="col" aria-sort={sorted[direction ?? "none"]} {...(width && { style: width })}>
      <UnstyledButton
        fz="inherit"
        fw="inherit"
        onClick={() => onOrder({ field, direction: next })}
      >
        <Group gap={6} wrap="nowrap">
          {title}
          <Icon size={14} aria-hidden />
        </Group>
      </UnstyledButton>
    </Table.Th>
  );
}
