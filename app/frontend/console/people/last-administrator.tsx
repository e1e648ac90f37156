import { Alert } from "@mantine/core";
import { IconShieldLock } from "@tabler/icons-react";

/** Says why the last administrator stays, and what to do first. */
export function LastAdministrator({ name }: { name: string }) {
  return (
    <Alert color="red" icon={<IconShieldLock />} title="Nothing was changed" role="alert">
      {name} is the last active administrator. Grant role:organization:admin to somebody else first.
    </Alert>
  );
}
