import { AppShell, Burger, Divider, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBuildingOff } from "@tabler/icons-react";
import { type ReactNode, useRef } from "react";
import { ErrorBoundary } from "react-error-boundary";
import { Link, useLocation } from "wouter";

import { useMembership, useOrganization, useViewer } from "../session/session";
import { Nothing } from "../shared/nothing";
import { AccountMenu, ColorSchemeToggle } from "./account-menu";
import { useArrival } from "./arrival";
import { AwayBanner } from "./away-banner";
import { BrokenPage } from "./broken";
import { Logo } from "./logo";
import { Navigation } from "./navigation";
import { OrganizationSwitcher } from "./organization-switcher";

/** What stands around every page of an organization. */
export function Shell({ children }: { children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const [pathname] = useLocation();
  const viewer = useViewer();
  const membership = useMembership();
  const organization = useOrganization();
  const page = useRef<HTMLElement>(null);
  useArrival(page);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 248, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding={{ base: "md", sm: "xl" }}
    >
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <AppShell.Header className="shell-surface">
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
          <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isOpen ? "Close the navigation" : "Open the navigation"}
              aria-expanded={isOpen}
            />
            <Link href="~/console" className="home" aria-label="application-users, home">
              <Logo />
            </Link>
            <Divider orientation="vertical" visibleFrom="xs" my={14} />
            <OrganizationSwitcher />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <ColorSchemeToggle />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="md" className="shell-surface" aria-label="Organization">
        <Navigation organization={organization} onNavigate={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} ref={page} className="content">
        <AwayBanner />
        {viewer && !membership ? (
          <Nothing icon={IconBuildingOff} title="There is no such organization here" isPage>
            You do not belong to the organization of this address, or there is none.
          </Nothing>
        ) : (
          <ErrorBoundary FallbackComponent={BrokenPage} resetKeys={[pathname]}>
            {children}
          </ErrorBoundary>
        )}
      </AppShell.Main>
    </AppShell>
  );
}
