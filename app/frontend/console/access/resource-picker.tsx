import { type ComboboxItem, type ComboboxItemGroup, Loader, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";

import { useRead } from "../api/read";
import { useOrganizationId } from "../session/session";
import { KINDS, type Place, usePlaces } from "./names";
import { ResourcesDocument } from "./resources.generated";

const MOST = 30;

interface Props {
  label: string;
  description?: string;
  value: string;
  onChange: (id: string, place: Place) => void;
  error?: React.ReactNode;
  /** In a card's corner, with a label for screen readers alone. */
  isCompact?: boolean;
}

/** Chooses the organization, or one of its units and projects, by a search on the server. */
export function ResourcePicker({ label, description, value, onChange, error, isCompact }: Props) {
  const organizationId = useOrganizationId();
  const { places, isComplete } = usePlaces();
  const [chosen, setChosen] = useState<Place | null>(null);
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 250);
  const current = places.get(value) ?? (chosen?.id === value ? chosen : undefined);
  // The field holds the name of what is chosen until somebody types.
  const isSearching = search !== "" && search !== current?.name;
  const found = useRead(
    ResourcesDocument,
    { organizationId, first: MOST, search },
    { pause: !isSearching || isComplete },
  );
  const known = [...places.values()];
  const matching: Place[] =
    isSearching && !isComplete
      ? [...known.filter((each) => each.id === organizationId), ...(found.data?.resources.nodes ?? [])]
      : known.filter((each) => !isSearching || has(each, search)).slice(0, MOST + 1);
  const options = current && !matching.includes(current) ? [current, ...matching] : matching;
  return (
    <Select
      {...(isCompact ? { "aria-label": label, w: { base: "100%", xs: 260 } } : { label })}
      description={description}
      error={error}
      data={grouped(unique(options))}
      value={value}
      allowDeselect={false}
      searchable
      // The server, or the list above, has done it already.
      filter={({ options: all }) => all}
      onSearchChange={setTyped}
      onChange={(id) => {
        const place = options.find((each) => each.id === id);
        if (!place) return;
        setChosen(place);
        onChange(place.id, place);
      }}
      nothingFoundMessage={found.isStale ? "Searching…" : "Nothing has this name"}
      rightSection={isSearching && !isComplete && found.isLoading ? <Loader size={16} /> : undefined}
      withScrollArea={false}
      classNames={{ options: "choices" }}
    />
  );
}

function has(place: Place, text: string): boolean {
  return place.name.toLowerCase().includes(text.toLowerCase());
}

function unique(places: Place[]): Place[] {
  return [...new Map(places.map((place) => [place.id, place])).values()];
}

function grouped(places: Place[]): ComboboxItemGroup<ComboboxItem>[] {
  return (["ORGANIZATION", "ORGANIZATIONAL_UNIT", "PROJECT"] as const)
    .map((kind) => ({
      group: kind === "ORGANIZATION" ? KINDS[kind] : `${KINDS[kind]}s`,
      items: places
        .filter((place) => place.kind === kind)
        .map((place) => ({ value: place.id, label: place.name })),
    }))
    .filter(({ items }) => items.length > 0);
}
