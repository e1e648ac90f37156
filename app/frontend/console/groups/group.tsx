import { Button, Stack } from "@mantine/core";
import { IconPencil, IconTrash, IconUsersGroup } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useParams } from "wouter";

import { Access } from "../access/access";
import { useRead } from "../api/read";
import { useOwn } from "../session/session";
import { AllowedButton } from "../shared/allowed-button";
import { Description } from "../shared/description";
import { Copyable } from "../shared/copyable";
import { Elsewhere } from "../shared/elsewhere";
import { Facts } from "../shared/facts";
import { Failure } from "../shared/failure";
import { Nothing } from "../shared/nothing";
import { Page } from "../shared/page";
import { usePaging } from "../shared/paging";
import { Time } from "../shared/time";
import { UserLink } from "../shared/user-link";
import { DeleteGroup } from "./delete-group";
import { EditGroup } from "./edit-group";
import { GroupDocument } from "./groups.generated";
import { HoldsPermissions } from "./holds-permissions";
import { Members } from "./members";

const PAGE = 25;
const ABOVE = [{ title: "Groups", href: "/groups" }];
const WHY = "It holds permissions, so only organization admins change it.";

/** A group: what it is, who is in it, and what it gives them. */
export default function GroupPage() {
  const { groupId } = useParams<{ groupId: string }>();
  const paging = usePaging("members");
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const reading = useRead(GroupDocument, { id: groupId, first: PAGE, after: paging.after });
  const group = useOwn(reading.data?.group) ?? undefined;
  const close = () => setDialog(null);

  if (reading.error) {
    return (
      <Page title="Group" above={ABOVE}>
        <div className="surface">
          <Failure error={reading.error} retry={reading.refetch} />
        </div>
      </Page>
    );
  }
  if (reading.data && !group) {
    return (
      <Page title="Group" above={ABOVE}>
        <div className="surface">
          <Nothing
            icon={IconUsersGroup}
            title="There is no such group"
            action={
              <Button component={Link} href="/groups" variant="default">
                See all groups
              </Button>
            }
          >
            It was deleted, or the address is mistyped.
            <Elsewhere thing={reading.data.group} />
          </Nothing>
        </div>
      </Page>
    );
  }
  return (
    <Page
      title={group?.name ?? "Group"}
      description={<Description text={group?.description} isLoading={!group} />}
      above={ABOVE}
      actions={
        <>
          <AllowedButton
            isAllowed={group?.viewerCanUpdate ?? true}
            why={WHY}
            variant="default"
            leftSection={<IconPencil size={18} />}
            disabled={!group}
            onClick={() => setDialog("edit")}
          >
            Edit
          </AllowedButton>
          <AllowedButton
            isAllowed={group?.viewerCanDelete ?? true}
            why={WHY}
            variant="default"
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={18} />}
            disabled={!group}
            onClick={() => setDialog("delete")}
          >
            Delete
          </AllowedButton>
        </>
      }
    >
      <Stack gap="lg">
        <Facts
          isLoading={!group}
          facts={[
            ["Permissions", group && <HoldsPermissions key="holds" group={group} />],
            ["Created", group && <Time key="time" value={group.createTime} />],
            ["Created by", group && <UserLink key="by" user={group.createdBy} />],
            ["ID", <Copyable key="id" text={groupId} label="Copy the ID" />],
          ]}
        />
        <Members group={group} reading={reading} paging={paging} />
        <Access principalId={groupId} />
      </Stack>
      {group && dialog === "edit" && <EditGroup group={group} onClose={close} />}
      {group && dialog === "delete" && <DeleteGroup group={group} onClose={close} />}
    </Page>
  );
}
