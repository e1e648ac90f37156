import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";

/** A page's outline, while it is loaded. */
export function PageOutline() {
  return (
    <Stack gap="lg" maw={1200} mx="auto">
      <VisuallyHidden role="status">Loading</VisuallyHidden>
      <Skeleton h={32} w={260} />
      <Skeleton h={320} />
    </Stack>
  );
}
