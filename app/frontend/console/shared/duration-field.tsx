import { Group, Input, NumberInput, Select } from "@mantine/core";
import { useId, useState } from "react";

const UNITS = [
  { value: "86400", label: "days" },
  { value: "3600", label: "hours" },
  { value: "60", label: "minutes" },
];

/** Seconds as the largest unit that has a whole number of them, for example "90 days". */
export function durationText(seconds: number): string {
  const unit = unitOf(seconds);
  const count = seconds / Number(unit.value);
  return `${count.toLocaleString("en")} ${count === 1 ? unit.label.slice(0, -1) : unit.label}`;
}

function unitOf(seconds: number) {
  return UNITS.find((unit) => seconds % Number(unit.value) === 0) ?? UNITS[2]!;
}

interface Props {
  label: string;
  description?: string;
  /** In seconds; null while there is no number. */
  value?: number | null;
  onChange: (seconds: number | null) => void;
  error?: React.ReactNode;
  disabled?: boolean;
}

/** A number and its unit, which make seconds. */
export function DurationField({ value = null, ...props }: Props) {
  const { label, description, onChange, error, disabled } = props;
  const id = useId();
  const [unit, setUnit] = useState(() => (value === null ? UNITS[0]! : unitOf(value)).value);
  const count = value === null ? "" : value / Number(unit);
  return (
    <Input.Wrapper id={id} label={label} description={description} error={error}>
      <Group gap="xs" mt={4} wrap="nowrap" maw={320}>
        <NumberInput
          id={id}
          value={count}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          error={Boolean(error)}
          disabled={disabled ?? false}
          onChange={(next) => onChange(typeof next === "number" ? next * Number(unit) : null)}
          style={{ flex: 1 }}
        />
        <Select
          aria-label={`${label}: unit`}
          data={UNITS}
          value={unit}
          allowDeselect={false}
          disabled={disabled ?? false}
          onChange={(next) => {
            if (!next) return;
            setUnit(next);
            if (value !== null) onChange((value / Number(unit)) * Number(next));
          }}
          w={120}
        />
      </Group>
    </Input.Wrapper>
  );
}
