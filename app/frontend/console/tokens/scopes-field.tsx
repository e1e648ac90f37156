import { MultiSelect, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";

import type { GenerateValues } from "./generate-token";
import type { GenerateTokenChoicesQuery } from "./tokens.generated";

interface Props {
  form: UseFormReturnType<GenerateValues>;
  scopes: GenerateTokenChoicesQuery["availableScopes"];
}

/** What a token is narrowed to, of what its user may do. */
export function ScopesField({ form, scopes }: Props) {
  const descriptions = new Map(scopes.map((scope) => [scope.name, scope.description]));
  return (
    <MultiSelect
      label="Scopes"
      description="What the token may be used for, of what its user may do. Without any, everything."
      placeholder={form.values.scopes.length > 0 ? "" : "Everything its user may do"}
      data={scopes.map((scope) => scope.name)}
      searchable
      clearable
      clearButtonProps={{ "aria-label": "Remove all scopes" }}
      nothingFoundMessage="No scope has this name"
      // The list of options scrolls, not a box around it that the keyboard would have to reach.
      withScrollArea={false}
      styles={{ options: { maxHeight: 260, overflowY: "auto" } }}
      renderOption={({ option }) => (
        <div>
          <span className="mono">{option.value}</span>
          <Text size="xs" c="dimmed">
            {descriptions.get(option.value)}
          </Text>
        </div>
      )}
      {...form.getInputProps("scopes")}
    />
  );
}
