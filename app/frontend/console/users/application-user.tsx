import { Alert, Anchor, Button, Skeleton } from "@mantine/core";
import { IconPlayerPause, IconUserOff } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useParams } from "wouter";

import { codeOf } from "../api/client";
import { useRead } from "../api/read";
import { useOwn } from "../session/session";
import { Description } from "../shared/description";
import { Elsewhere } from "../shared/elsewhere";
import { Failure } from "../shared/failure";
import { Nothing } from "../shared/nothing";
import { Page } from "../shared/page";
import { StateBadge } from "../shared/state-badge";
import { Actions, type Act } from "./actions";
import { ActivateApplicationUser } from "./activate-application-user";
import { ApplicationUserDocument, type ApplicationUserQuery } from "./application-user.generated";
import { DeactivateApplicationUser } from "./deactivate-application-user";
import { DeleteApplicationUser } from "./delete-application-user";
import { EditApplicationUser } from "./edit-application-user";
import { ApplicationUserFacts } from "./facts";
import { ProfileTabs } from "./profile-tabs";

export type ApplicationUser = NonNullable<ApplicationUserQuery["applicationUser"]>;

const ABOVE = [{ title: "Application users", href: "/application-users" }];

export default function ApplicationUserPage() {
  const { userId, tab } = useParams<{ userId: string; tab?: string }>();
  // What is shown of one, and typed about it, is not for another.
  return <Profile key={userId} userId={userId} tab={tab} />;
}

/** An application user: what is known of it, and what it has. */
function Profile({ userId, tab }: { userId: string; tab: string | undefined }) {
  const reading = useRead(ApplicationUserDocument, { id: userId });
  const user = useOwn(reading.data?.applicationUser);
  // What is no id at all is refused, not looked for.
  const isUnknown = reading.error ? codeOf(reading.error) === "BAD_REQUEST" : reading.data && !user;
  // With whom it was begun: a failed read, or somebody else's deletion, takes no dialog away.
  const [act, setAct] = useState<{ kind: Act; user: ApplicationUser } | null>(null);
  const close = () => setAct(null);
  return (
    <>
      <Page
        title={user?.name ?? "Application user"}
        above={ABOVE}
        badge={user && <StateBadge state={user.state} />}
        description={
          (user || reading.isLoading) && <Description text={user?.description} isLoading={!user} />
        }
        actions={
          user ? (
            <Actions user={user} onAct={(kind) => setAct({ kind, user })} />
          ) : (
            reading.isLoading && <Skeleton h={36} w={347} />
          )
        }
      >
        {isUnknown && <Gone found={reading.data?.applicationUser} />}
        {reading.error && !isUnknown && <Failure error={reading.error} retry={reading.refetch} />}
        {user?.state === "DEACTIVATED" && (
          <Alert color="yellow" icon={<IconPlayerPause />} title="Its tokens are refused">
            It is deactivated. Activate it, and the tokens that are neither revoked nor expired work
            again.
          </Alert>
        )}
        {(user || reading.isLoading) && (
          <>
            <ApplicationUserFacts id={userId} user={user ?? undefined} />
            <ProfileTabs userId={userId} user={user ?? undefined} tab={tab} />
          </>
        )}
      </Page>
      {act?.kind === "edit" && <EditApplicationUser user={act.user} onClose={close} />}
      {act?.kind === "deactivate" && <DeactivateApplicationUser user={act.user} onClose={close} />}
      {act?.kind === "activate" && <ActivateApplicationUser user={act.user} onClose={close} />}
      {act?.kind === "delete" && <DeleteApplicationUser user={act.user} onClose={close} />}
    </>
  );
}

function Gone({ found }: { found: ApplicationUser | null | undefined }) {
  return (
    <div className="surface">
      <Nothing
        icon={IconUserOff}
        title="There is no such application user"
        action={
          <Button component={Link} href="/application-users" variant="default">
            All application users
          </Button>
        }
      >
        It was deleted, or the address is not complete. The <AuditLog /> keeps who deleted what.
        <Elsewhere thing={found} />
      </Nothing>
    </div>
  );
}

function AuditLog() {
  return (
    <Anchor component={Link} href="/audit-log" inherit underline="always">
      audit log
    </Anchor>
  );
}
