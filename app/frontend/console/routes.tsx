import { type ComponentType, lazy, Suspense, useState } from "react";
import { ErrorBoundary } from "react-error-boundary";
import {
  matchRoute,
  Redirect,
  Route,
  Router,
  Switch,
  useLocation,
  useParams,
  useRouter,
} from "wouter";

import { SignedIn } from "./session/session";
import { SignedInPage } from "./session/signed-in";
import { SecretProvider } from "./shared/one-time-secret";
import { Broken, Unknown } from "./shell/broken";
import { Home } from "./shell/home";
import { PageOutline } from "./shell/page-outline";
import { Shell } from "./shell/shell";
import { ApplicationUsersPage } from "./users/application-users";

interface Page {
  component: ComponentType;
  /** Fetches its script. */
  load?: () => Promise<unknown>;
}

function later(load: () => Promise<{ default: ComponentType }>): Page {
  return { component: lazy(load), load };
}

/** The pages of an organization, by their address within it. All but the first load when asked for. */
const PAGES: [path: string, page: Page][] = [
  ["/application-users", { component: ApplicationUsersPage }],
  ["/application-users/:userId/tokens/:tokenId", later(() => import("./tokens/token"))],
  ["/application-users/:userId/:tab?", later(() => import("./users/application-user"))],
  ["/groups", later(() => import("./groups/groups"))],
  ["/groups/:groupId", later(() => import("./groups/group"))],
  ["/people", later(() => import("./people/people"))],
  ["/people/:userId", later(() => import("./people/person"))],
  ["/audit-log", later(() => import("./audit/audit-log"))],
  ["/policy", later(() => import("./policy/policy"))],
  ["/webhooks", later(() => import("./webhooks/webhooks"))],
  ["/webhooks/:webhookId", later(() => import("./webhooks/webhook"))],
  ["/limits", later(() => import("./limits/limits"))],
];

export function Routes() {
  return (
    <ErrorBoundary FallbackComponent={Broken}>
      <Router base="/console">
        <Early />
        <Switch>
          <Route path="/signed-in">
            <SignedInPage />
          </Route>
          <Route>
            <SignedIn>
              <SecretProvider>
                <Switch>
                  <Route path="/">
                    <Home />
                  </Route>
                  <Route path="/:organizationId" nest>
                    <Organization />
                  </Route>
                  <Route>
                    <Unknown />
                  </Route>
                </Switch>
              </SecretProvider>
            </SignedIn>
          </Route>
        </Switch>
      </Router>
    </ErrorBoundary>
  );
}

/** Which things a page is about: of another thing it is another page, of another tab the same. */
function thingsOf(parameters: object): string {
  const found = Object.entries(parameters).filter(([name]) => name.endsWith("Id"));
  return found.map(([, id]) => String(id)).join();
}

/** Fetches the script of a link's page while the service is asked who the caller is. */
function Early() {
  const [pathname] = useLocation();
  const { parser } = useRouter();
  useState(() => {
    const within = pathname.replace(/^\/[^/]+/, "");
    const found = PAGES.find(([path]) => matchRoute(parser, path, within)[0]);
    // Where that fails, it is fetched again when it is shown.
    found?.[1].load?.().catch(() => undefined);
  });
  return null;
}

function Organization() {
  // What one organization's pages remember is not for another's.
  const { organizationId } = useParams();
  return (
    <Shell key={organizationId}>
      <Switch>
        <Route path="/">
          <Redirect to="/application-users" replace />
        </Route>
        {PAGES.map(([path, { component: Shown }]) => (
          <Route key={path} path={path}>
            {/* One for each page: in one for all, the page before would go on, unseen. */}
            {(parameters) => (
              <Suspense key={thingsOf(parameters)} fallback={<PageOutline />}>
                <Shown />
              </Suspense>
            )}
          </Route>
        ))}
        <Route>
          <Unknown />
        </Route>
      </Switch>
    </Shell>
  );
}
