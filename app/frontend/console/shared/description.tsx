import { Skeleton, Text } from "@mantine/core";

interface Props {
  text: string | null | undefined;
  /** It is not known yet: its line is kept for it. */
  isLoading: boolean;
}

/** What somebody wrote about a thing, below its name. */
export function Description({ text, isLoading }: Props) {
  if (isLoading) return <Skeleton h="1lh" w={280} maw="100%" />;
  return (
    <Text inherit style={{ overflowWrap: "anywhere", whiteSpace: "pre-line" }}>
      {text || "No description"}
    </Text>
  );
}
