import { type ComponentType, lazy } from "react";
import { ErrorBoundary } from "react-error-boundary";
import { Redirect, Route, Router, Switch, useParams } from "wouter";

import { SignedIn } from "./session/session";
import { SignedInPage } from "./session/signed-in";
import { SecretProvider } from "./shared/one-time-secret";
import { Broken, Unknown } from "./shell/broken";
import { Home } from "./shell/home";
import { Shell } from "./shell/shell";
import { ApplicationUsersPage } from "./users/application-users";

/** The pages of an organization, by their address within it. All but the first load when asked for. */
const PAGES: [path: string, page: ComponentType][] = [
  ["/application-users", ApplicationUsersPage],
  ["/application-users/:userId/tokens/:tokenId", lazy(() => import("./tokens/token"))],
  ["/application-users/:userId/:tab?", lazy(() => import("./users/application-user"))],
  ["/groups", lazy(() => import("./groups/groups"))],
  ["/groups/:groupId", lazy(() => import("./groups/group"))],
  ["/people", lazy(() => import("./people/people"))],
  ["/people/:userId", lazy(() => import("./people/person"))],
  ["/audit-log", lazy(() => import("./audit/audit-log"))],
  ["/policy", lazy(() => import("./policy/policy"))],
  ["/webhooks", lazy(() => import("./webhooks/webhooks"))],
  ["/webhooks/:webhookId", lazy(() => import("./webhooks/webhook"))],
  ["/limits", lazy(() => import("./limits/limits"))],
];

export function Routes() {
  return (
    <ErrorBoundary FallbackComponent={Broken}>
      <Router base="/console">
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
                </Switch>
              </SecretProvider>
            </SignedIn>
          </Route>
        </Switch>
      </Router>
    </ErrorBoundary>
  );
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
        {PAGES.map(([path, page]) => (
          <Route key={path} path={path} component={page} />
        ))}
        <Route>
          <Unknown />
        </Route>
      </Switch>
    </Shell>
  );
}
