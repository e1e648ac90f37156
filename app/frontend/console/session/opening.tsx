import { AppShell, Group, Skeleton, Stack } from "@mantine/core";

import { PageOutline } from "../shell/page-outline";

/** The shell's outline, while the service is asked who the caller is. */
export function Opening() {
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 248, breakpoint: "sm", collapsed: { mobile: true } }}
      padding={{ base: "md", sm: "xl" }}
    >
      <AppShell.Header className="shell-surface">
        <Group h="100%" px="md">
          <Skeleton h={24} w={180} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="md" className="shell-surface">
        <Stack gap="sm">
          {[1, 2, 3, 4, 5, 6].map((line) => (
            <Skeleton key={line} h={28} />
          ))}
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main>
        <PageOutline />
      </AppShell.Main>
    </AppShell>
  );
}
