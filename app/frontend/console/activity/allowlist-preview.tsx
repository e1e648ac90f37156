interface Props {
  /** The token whose uses are looked at. */
  tokenId: string;
  /** Networks as `generateToken` takes them; empty for none. */
  networks: string[];
}

/** What an allowlist would have cut off of the uses of a token that are on record. */
export function AllowlistPreview(_props: Props) {
  return null;
}
