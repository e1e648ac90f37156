import { AppShell, Group, Skeleton, Stack, VisuallyHidden } from "@mantine/core";

/** The shell's outline, while the service is asked who the caller is. */
export function Opening() {
  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 248, breakpoint: "sm", collapsed: { mobile: true } }} padding="xl">
      <AppShell.Header>
        <Group h="100%" px="md">
          <Skeleton h={24} w={180} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="md">
        <Stack gap="sm">
          {[1, 2, 3, 4, 5, 6].map((line) => (
            <Skeleton key={line} h={28} />
          ))}
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main>
        <VisuallyHidden role="status">Loading</VisuallyHidden>
        <Stack gap="lg" maw={1200} mx="auto">
          <Skeleton h={32} w={260} />
          <Skeleton h={320} />
        </Stack>
      </AppShell.Main>
    </AppShell>
  );
}
