import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

interface Props {
  label: string;
  value: string;
  onSearch: (text: string) => void;
}

/** A search that begins shortly behind the last key. */
export function SearchField({ label, value, onSearch }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const search = useDebouncedCallback((text: string) => {
    onSearch(text);
    setTyped(null);
  }, 250);
  const text = typed ?? value;
  function type(next: string) {
    setTyped(next);
    search(next);
  }
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      type="search"
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
      leftSection={<IconSearch size={16} />}
      rightSection={text && <CloseButton aria-label="Clear the search" size="sm" onClick={() => type("")} />}
      style={{ flex: "1 1 220px", maxWidth: 360 }}
    />
  );
}
