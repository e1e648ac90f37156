import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

/** A token that was made and whose text nobody saw; unknown where only that one was made is. */
export type Lost = { id: string; tokenPrefix: string } | "unknown";

interface Props {
  made: Lost;
  /** What became of it, for example "generated". */
  verb?: string;
}

/** Says that an earlier try made a token, and that its text is lost. */
export function LostAnswer({ made, verb = "generated" }: Props) {
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle />}
      title="An earlier try worked, but its answer was lost"
      role="alert"
    >
      {made === "unknown" ? (
        "It made a token with the settings that stood here then. It is the newest in the list: revoke it, since nobody can see its text any more."
      ) : (
        <>
          The token <span className="mono">{made.tokenPrefix}</span> was {verb}. Its text cannot be
          shown again.
        </>
      )}
    </Alert>
  );
}
