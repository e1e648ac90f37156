import { createContext, type ReactNode, useContext, useMemo } from "react";
import { useParams } from "wouter";
import { Provider } from "urql";

import { createClient } from "../api/client";
import { useRead } from "../api/read";
import { Failure } from "../shared/failure";
import { useCredential } from "./credential";
import { SignInAgain, SignInPage } from "./sign-in";
import { Opening } from "./opening";
import {
  OrganizationDocument,
  type OrganizationQuery,
  ViewerDocument,
  type ViewerQuery,
} from "./viewer.generated";

export type Viewer = ViewerQuery["viewer"];
export type Membership = Viewer["memberships"][number];

const ViewerContext = createContext<Viewer | null>(null);

/** What is below it has a signed-in caller, and keeps its state when that one signs in again. */
export function SignedIn({ children }: { children: ReactNode }) {
  const credential = useCredential();
  const client = useMemo(
    () => (credential ? createClient(credential.text) : null),
    [credential?.text],
  );
  if (!credential || !client) return <SignInPage />;
  return (
    <Provider value={client}>
      <Known isRefused={credential.isRefused}>{children}</Known>
    </Provider>
  );
}

function Known({ isRefused, children }: { isRefused: boolean; children: ReactNode }) {
  const { data, error, refetch } = useRead(ViewerDocument, {});
  // Nobody was let in yet: there is nothing to keep.
  if (isRefused && !data) return <SignInPage isRefused />;
  if (error) return <Failure error={error} retry={refetch} isPage />;
  if (!data) return <Opening />;
  return (
    <ViewerContext value={data.viewer}>
      {children}
      {isRefused && <SignInAgain />}
    </ViewerContext>
  );
}

/** Who signed in. */
export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
  if (!viewer) throw new Error("useViewer belongs below SignedIn");
  return viewer;
}

/** The organization of the address that is shown, `org_…`. */
export function useOrganizationId(): string {
  return useParams<{ organizationId: string }>().organizationId;
}

/** The caller's place in the organization that is shown; undefined where there is none. */
export function useMembership(): Membership | undefined {
  const organizationId = useOrganizationId();
  return useViewer().memberships.find((each) => each.organizationId === organizationId);
}

export type Organization = NonNullable<OrganizationQuery["organization"]>;

/** The organization that is shown, with what its viewer can do; undefined until it is read. */
export function useOrganization(): Organization | undefined {
  const { data } = useRead(OrganizationDocument, { organizationId: useOrganizationId() });
  return data?.organization ?? undefined;
}
