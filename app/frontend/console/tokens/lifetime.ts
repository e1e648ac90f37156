import { durationText } from "../shared/duration-field";
import type { GenerateTokenChoicesQuery } from "./tokens.generated";

export type Policy = GenerateTokenChoicesQuery["organizationPolicy"];

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** What a session duration can be chosen from, by its seconds. */
export const PRESETS: [seconds: number, label: string][] = [
  [HOUR, "1 hour"],
  [DAY, "1 day"],
  [30 * DAY, "30 days"],
  [90 * DAY, "90 days"],
  [365 * DAY, "1 year"],
];
const USUAL = 90 * DAY;
const SHORTEST = 600;
const LONGEST = 3_650 * DAY;

export interface Lifetime {
  /** The seconds of a preset as text, "custom" or "never"; empty for the usual one. */
  lifetime: string;
  customSeconds: number | null;
}

/** Whether the organization's policy lets a token live so long; null for ever. */
export function isAllowed(seconds: number | null, policy: Policy | undefined): boolean {
  const longest = policy?.longestMaxAgeSeconds ?? null;
  if (seconds === null) return longest === null && policy?.expiryRequired !== true;
  return longest === null || seconds <= longest;
}

/** What is chosen, or the longest usual duration that the policy allows. */
export function chosen({ lifetime, customSeconds }: Lifetime, policy: Policy | undefined): Lifetime {
  if (lifetime) return { lifetime, customSeconds };
  const fitting = PRESETS.filter(([seconds]) => seconds <= USUAL && isAllowed(seconds, policy)).at(-1);
  if (fitting) return { lifetime: String(fitting[0]), customSeconds };
  return { lifetime: "custom", customSeconds: customSeconds ?? policy?.longestMaxAgeSeconds ?? null };
}

/** In seconds; null for ever, undefined where a number is missing. */
export function secondsOf({ lifetime, customSeconds }: Lifetime): number | null | undefined {
  if (lifetime === "never") return null;
  if (lifetime === "custom") return customSeconds ?? undefined;
  return Number(lifetime);
}

/** Why a chosen number cannot be; null where it can. */
export function lifetimeProblem(choice: Lifetime, policy: Policy | undefined): string | null {
  const seconds = secondsOf(chosen(choice, policy));
  if (seconds === null) return null;
  if (seconds === undefined) return "Say how long.";
  if (seconds < SHORTEST) return "10 minutes at the least.";
  if (seconds > LONGEST) return "10 years at the most.";
  const longest = policy?.longestMaxAgeSeconds;
  return longest && seconds > longest
    ? `Your organization’s policy allows ${durationText(longest)} at the most.`
    : null;
}
