interface Props {
  /** The application user, person or group whose permissions are shown. */
  principalId: string;
}

/** What somebody may do, where each permission comes from, and how to grant and revoke. */
export function Access(_props: Props) {
  return null;
}
