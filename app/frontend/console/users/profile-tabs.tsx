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
  userId: string;
  /** Undefined until it is read, which the tabs do not wait for. */
  user: ApplicationUser | undefined;
  /** From the address. */
  tab: string | undefined;
}

/** What an application user has, a question to a tab; each loads when it is asked for. */
export function ProfileTabs({ userId, user, tab = "tokens" }: Props) {
  const [, navigate] = useLocation();
  if (!TABS.some((each) => each.value === tab)) return <Unknown isPage={false} />;
  return (
    <Tabs
      value={tab}
      onChange={(next) => next && navigate(`/application-users/${userId}/${next}`)}
      keepMounted={false}
    >
      <Tabs.List mb="lg" aria-label={`About ${user?.name ?? "the application user"}`}>
        {TABS.map((each) => (
          <Tabs.Tab key={each.value} value={each.value} leftSection={<each.icon size={17} aria-hidden />}>
            {each.title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Suspense fallback={<Skeleton h={320} />}>
        <Tabs.Panel value="tokens">
          <Tokens
            applicationUserId={userId}
            viewerCanGenerateToken={user?.viewerCanGenerateToken ?? false}
          />
        </Tabs.Panel>
        <Tabs.Panel value="activity">
          <Activity applicationUserId={userId} />
        </Tabs.Panel>
        <Tabs.Panel value="access">
          <Access principalId={userId} />
        </Tabs.Panel>
      </Suspense>
    </Tabs>
  );
}
