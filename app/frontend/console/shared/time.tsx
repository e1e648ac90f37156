import { Text, Tooltip } from "@mantine/core";
import { useSyncExternalStore } from "react";

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const local = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A time relative to now, for example "3 minutes ago" and "in 2 days". */
export function fromNow(value: string, now: number = Date.now()): string {
  const seconds = (Date.parse(value) - now) / 1000;
  const [unit, length] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  if (unit === "second") return seconds > 0 ? "in a moment" : "just now";
  return relative.format(Math.trunc(seconds / length), unit);
}

/** The exact time in the person's zone. */
export function exact(value: string): string {
  return `${local.format(new Date(value))} (${zone})`;
}

function inUtc(value: string): string {
  return new Date(value).toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC");
}

interface Props {
  value: string | null | undefined;
  /** What stands there without a time. */
  empty?: string;
  /** The exact time is shown, not the distance to now. */
  isExact?: boolean;
}

/** A time in the person's zone, with the exact one and UTC on hover. */
export function Time({ value, empty = "Never", isExact = false }: Props) {
  useMinutes();
  if (!value) {
    return (
      <Text span inherit c="dimmed">
        {empty}
      </Text>
    );
  }
  return (
    <Tooltip
      multiline
      label={
        <>
          {exact(value)}
          <br />
          {inUtc(value)}
        </>
      }
    >
      <time dateTime={value}>
        {isExact ? local.format(new Date(value)) : fromNow(value)}
      </time>
    </Tooltip>
  );
}

const listeners = new Set<() => void>();
let minute = 0;
setInterval(() => {
  minute += 1;
  listeners.forEach((listener) => listener());
}, 60_000);

/** Draws anew each minute, so that "just now" does not stay. */
function useMinutes() {
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => minute,
  );
}
