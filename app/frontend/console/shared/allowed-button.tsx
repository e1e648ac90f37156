import { Button, type ButtonProps, Tooltip } from "@mantine/core";

interface Props extends ButtonProps {
  isAllowed: boolean;
  /** What is missing where it is not, as a sentence. */
  why: string;
  onClick: () => void;
}

/** A button that says what is missing to whoever may not use it; the keyboard reaches it, too. */
export function AllowedButton({ isAllowed, why, onClick, ...props }: Props) {
  if (isAllowed) return <Button {...props} onClick={onClick} />;
  return (
    <Tooltip label={why} multiline maw={280}>
      <Button {...props} data-disabled aria-disabled onClick={(event) => event.preventDefault()} />
    </Tooltip>
  );
}
