import { Select, Stack, TagsInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useState } from "react";

import { AllowlistPreview } from "../activity/allowlist-preview";
import { useRead } from "../api/read";
import type { GenerateValues } from "./generate-token";
import type { Policy } from "./lifetime";
import { TokensInUseDocument } from "./tokens.generated";

const SEPARATORS = /[\s,;]+/;

interface Props {
  form: UseFormReturnType<GenerateValues>;
  policy: Policy | undefined;
  applicationUserId: string;
}

/** Where a token is accepted from, and what that would have cut off of another one's uses. */
export function NetworksFields({ form, policy, applicationUserId }: Props) {
  const { networks } = form.values;
  const isBound = networks.length > 0;
  const reading = useRead(TokensInUseDocument, { applicationUserId }, { pause: !isBound });
  const used = reading.data?.applicationUser?.tokens.nodes ?? [];
  const [chosenId, setChosenId] = useState<string | null>(null);
  const compared = used.find((token) => token.id === chosenId) ?? used[0];
  const allowed = policy?.allowedNetworks;
  return (
    <Stack gap="xs">
      <TagsInput
        label="Allowed networks"
        description={
          <>
            Where it is accepted from, such as 192.0.2.0/24 or 2001:db8::/32.
            {allowed
              ? ` Without any, wherever your organization’s policy allows: ${listed(allowed)}.`
              : " Without any, anywhere."}
          </>
        }
        placeholder={isBound ? "" : allowed ? "Wherever the policy allows" : "Anywhere"}
        splitChars={[",", " ", ";", "\n"]}
        acceptValueOnBlur
        {...form.getInputProps("networks")}
        onChange={(typed) =>
          // Only keys separate what is typed; what was dropped here or dictated comes in one piece.
          form.setFieldValue("networks", typed.flatMap((each) => each.split(SEPARATORS)).filter(Boolean))
        }
      />
      {isBound && compared && (
        <Stack gap="xs">
          {used.length > 1 && (
            <Select
              label="Compare with the uses of"
              data={used.map((token) => ({
                value: token.id,
                label: [token.description, token.tokenPrefix].filter(Boolean).join(" · "),
              }))}
              value={compared.id}
              onChange={setChosenId}
              allowDeselect={false}
            />
          )}
          <AllowlistPreview tokenId={compared.id} networks={networks} />
        </Stack>
      )}
    </Stack>
  );
}

function listed(networks: string[]): string {
  const shown = networks.slice(0, 3).join(", ");
  return networks.length > 3 ? `${shown} and ${networks.length - 3} more` : shown;
}
