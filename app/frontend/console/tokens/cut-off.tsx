import { Alert, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";

import type { Reading } from "../api/read";
import { Failure } from "../shared/failure";
import { LastUse, TokenName } from "./token-cells";
import type { CutOffFieldsFragment } from "./tokens.generated";

interface Props<Data> {
  reading: Reading<Data>;
  preview: CutOffFieldsFragment | null | undefined;
  /** It is about one token, which is named already. */
  isOne?: boolean;
}

/** Who would be cut off at this moment: the tokens that work, and their last uses. */
export function CutOff<Data>({ reading, preview, isOne = false }: Props<Data>) {
  if (reading.error) return <Failure error={reading.error} retry={reading.refetch} />;
  if (reading.isLoading) return <Skeleton h={96} />;
  if (!preview) {
    return <Alert color="gray">There is nothing left to revoke.</Alert>;
  }
  const { liveTokenCount, liveTokens } = preview;
  if (liveTokenCount === 0) {
    return (
      <Alert color="gray" icon={<IconCircleCheck />}>
        {isOne ? "It does not work at the moment" : "None of them works at the moment"}: nobody is cut
        off.
      </Alert>
    );
  }
  const isUnused = liveTokens.every((token) => token.lastUsedTime === null);
  const rest = liveTokenCount - liveTokens.length;
  return (
    <Alert
      color={isUnused ? "gray" : "yellow"}
      icon={isUnused ? <IconCircleCheck /> : <IconAlertTriangle />}
      title={
        isOne
          ? isUnused
            ? "Nobody has used it yet"
            : "Whoever uses it is cut off at once. It was used last:"
          : `${liveTokenCount.toLocaleString("en")} ${liveTokenCount === 1 ? "token works" : "tokens work"}, and would be refused at once`
      }
    >
      <Stack gap="sm">
        {liveTokens.map((token) =>
          isOne ? (
            !isUnused && <LastUse key={token.id} token={{ ...token, lastUserAgent: null }} />
          ) : (
            <SimpleGrid key={token.id} cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing={0}>
              <TokenName token={token} />
              <LastUse token={{ ...token, lastUserAgent: null }} />
            </SimpleGrid>
          ),
        )}
        {rest > 0 && <Text size="sm">And {rest.toLocaleString("en")} more.</Text>}
      </Stack>
    </Alert>
  );
}
