import { Button } from "@mantine/core";
import {
  createContext,
  Fragment,
  type ReactNode,
  useContext,
  useMemo,
  useRef,
  useState,
} from "react";
import { useParams } from "wouter";
import { Provider } from "urql";

import { createClient } from "../api/client";
import { useRead } from "../api/read";
import { Failure } from "../shared/failure";
import { type Credential, signOut, useCredential } from "./credential";
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

const ViewerContext = createContext<Viewer | undefined>(undefined);

/** What is below it has a signed-in caller, and keeps its state when that one signs in again. */
export function SignedIn({ children }: { children: ReactNode }) {
  const credential = useCredential();
  const client = useMemo(
    () => (credential ? createClient(credential.text) : null),
    [credential?.number],
  );
  if (!credential || !client) return <SignInPage />;
  return (
    <Provider value={client}>
      <Known credential={credential}>{children}</Known>
    </Provider>
  );
}

function Known({ credential, children }: { credential: Credential; children: ReactNode }) {
  const { data, error, isStale, refetch } = useRead(ViewerDocument, {});
  const letIn = useRef<{ viewer: Viewer; number: number }>(undefined);
  if (data && !isStale) letIn.current = { viewer: data.viewer, number: credential.number };
  // They are read again behind every act: who was let in stays where that fails.
  const isLetIn = letIn.current?.number === credential.number;
  const viewer = data?.viewer ?? (isLetIn ? letIn.current?.viewer : undefined);
  const beginning = useBeginnings(viewer);
  // Nobody was let in yet: there is nothing to keep.
  if (credential.isRefused && !viewer) return <SignInPage refused={credential} />;
  if (error && !viewer) {
    const leave = (
      <Button variant="subtle" color="gray" onClick={signOut}>
        Use another credential
      </Button>
    );
    return <Failure error={error} retry={refetch} isPage action={leave} />;
  }
  // One that was let in before is let in again, nearly always: its page is read beside it.
  if (!viewer && credential.isNew) return <Opening />;
  return (
    <ViewerContext value={viewer}>
      <Fragment key={beginning}>{children}</Fragment>
      {credential.isRefused && <SignInAgain refused={credential} />}
    </ViewerContext>
  );
}

/**
 * Counts the sign-ins that begin anew: by somebody of other organizations, who sees nothing of the
 * one before. Within one, what was typed stays, and the rest is read with the new credential.
 */
function useBeginnings(viewer: Viewer | undefined): number {
  const [known, setKnown] = useState<{ number: number; ids: string[] }>({ number: 0, ids: [] });
  const ids = viewer?.memberships.map((each) => each.organizationId) ?? [];
  if (!viewer || ids.join() === known.ids.join()) return known.number;
  const isSame = known.ids.length === 0 || ids.some((id) => known.ids.includes(id));
  const next = { number: isSame ? known.number : known.number + 1, ids };
  setKnown(next);
  return next.number;
}

/** Who signed in; undefined until it is read. */
export function useViewer(): Viewer | undefined {
  return useContext(ViewerContext);
}

/** The organization of the address that is shown, `org_…`. */
export function useOrganizationId(): string {
  return useParams<{ organizationId: string }>().organizationId;
}

/**
 * A thing that was looked for by its id, null where it is not the shown organization's: an address
 * can name what another of the caller's organizations has, and the service finds that, too.
 */
export function useOwn<Thing extends { organizationId: string }>(
  thing: Thing | null | undefined,
): Thing | null | undefined {
  const organizationId = useOrganizationId();
  return thing && thing.organizationId !== organizationId ? null : thing;
}

/** The caller's place in the organization that is shown; undefined where there is none, or none yet. */
export function useMembership(): Membership | undefined {
  const organizationId = useOrganizationId();
  return useViewer()?.memberships.find((each) => each.organizationId === organizationId);
}

export type Organization = NonNullable<OrganizationQuery["organization"]>;

/** The organization that is shown, with what its viewer can do; undefined until it is read. */
export function useOrganization(): Organization | undefined {
  const { data } = useRead(OrganizationDocument, { organizationId: useOrganizationId() });
  return data?.organization ?? undefined;
}
