import { Alert, Skeleton, Stack } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";

import { useRead } from "../api/read";
import { useOrganizationId } from "../session/session";
import { Failure } from "../shared/failure";
import { Page } from "../shared/page";
import { Time } from "../shared/time";
import { OrganizationPolicyDocument } from "./policy.generated";
import { PolicyForm } from "./policy-form";

/** What the organization asks of its application users' tokens. */
export default function PolicyPage() {
  const organizationId = useOrganizationId();
  const reading = useRead(OrganizationPolicyDocument, { organizationId });
  const policy = reading.data?.organizationPolicy;
  return (
    <Page
      title="Policy"
      description="What your organization asks of its application users' tokens. A token that does not comply is refused at once, and works again when the policy lets it."
    >
      {reading.error && <Failure error={reading.error} retry={reading.refetch} />}
      {reading.isLoading && <Skeleton h={520} />}
      {policy && (
        <Stack>
          {!policy.viewerCanSet && (
            <Alert color="gray" icon={<IconLock />}>
              Organization admins can change the policy. You can read it.
            </Alert>
          )}
          <PolicyForm policy={policy} />
          {policy.updateTime && (
            <p className="note">
              Set <Time value={policy.updateTime} />
              {policy.updatedBy ? ` by ${policy.updatedBy.name}` : " by the operator of the service"}.
            </p>
          )}
        </Stack>
      )}
    </Page>
  );
}
