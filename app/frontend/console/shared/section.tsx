import { Group, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  /** A sentence on what is below. */
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A card of a page with a heading of its own. */
export function Section({ title, description, actions, children }: Props) {
  const id = useId();
  return (
    <section className="surface" aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" gap="sm" p="md">
        <div style={{ minWidth: 0, flex: "1 1 280px" }}>
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {description && (
            <Text size="sm" c="dimmed" mt={2} maw={680} component="div">
              {description}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </section>
  );
}
