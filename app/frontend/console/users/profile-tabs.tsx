import { Skeleton, Tabs } from "@mantine/core";
import { IconChartHistogram, IconKey, IconShieldLock } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useLocation } from "wouter";

import { Unknown } from "../shell/broken";
import type { ApplicationUser } from "./application-user";

const Tokens = lazy(async () => ({ default: (await import("../tokens/tokens")).Tokens }));
const Activity = lazy(async () => ({ default: (await import("../activity/activity")).Activity }));
const Access = lazy(async () => ({ default: (await import("../access/access")).Access }));

const TABS = [
  { value: "tokens", title: "Tokens", icon: IconKey },
  { value: "activity", title: "Activity", icon: IconChartHistogram },
  { value: "access", title: "Access", icon: IconShieldLock },
];

interface Props {
  user: ApplicationUser;
  /** From the address. */
  tab: string | undefined;
}

/** What an application user has, a question to a tab; each loads when it is asked for. */
export function ProfileTabs({ user, tab = "tokens" }: Props) {
  const [, navigate] = useLocation();
  if (!TABS.some((each) => each.value === tab)) return <Unknown isPage={false} />;
  return (
    <Tabs
      value={tab}
      onChange={(next) => next && navigate(`/application-users/${user.id}/${next}`)}
      keepMounted={false}
    >
      <Tabs.List mb="lg" aria-label={`About ${user.name}`}>
        {TABS.map((each) => (
          <Tabs.Tab key={each.value} value={each.value} leftSection={<each.icon size={17} aria-hidden />}>
            {each.title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Suspense fallback={<Skeleton h={320} />}>
        <Tabs.Panel value="tokens">
          <Tokens
            applicationUserId={user.id}
            viewerCanGenerateToken={user.viewerCanGenerateToken}
          />
        </Tabs.Panel>
        <Tabs.Panel value="activity">
          <Activity applicationUserId={user.id} />
        </Tabs.Panel>
        <Tabs.Panel value="access">
          <Access principalId={user.id} />
        </Tabs.Panel>
      </Suspense>
    </Tabs>
  );
}
