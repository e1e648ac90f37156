import { Button, type ButtonProps, Tooltip } from "@mantine/core";

interface Props extends ButtonProps {
  isAllowed: boolean;
  /** What is missing where it is not, as a sentence. */
  why: string;
  onClick: () => void;
}

/** A button that says what is missing to whoever may not use it; the keyboard reaches it, too. */
export function AllowedButton({ isAllowed, why, onClick, ...props }: Props) {
  // One element for both: what may be done can change while the button has the focus.
  return (
    <Tooltip label={why} disabled={isAllowed} multiline maw={280}>
      <Button
        {...props}
        data-disabled={isAllowed ? undefined : true}
        aria-disabled={isAllowed ? undefined : true}
        onClick={(event) => (isAllowed ? onClick() : event.preventDefault())}
      />
    </Tooltip>
  );
}
