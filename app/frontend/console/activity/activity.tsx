interface Props {
  applicationUserId: string;
  /** Only uses of this token. */
  tokenId?: string;
}

/** Where an application user's tokens are used from, how often, and what was refused. */
export function Activity(_props: Props) {
  return null;
}
