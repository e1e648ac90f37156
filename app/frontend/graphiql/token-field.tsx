import { useId, useState } from "react";

export type TokenState = "absent" | "wanted" | "sent" | "rejected";

const STATUS: Record<TokenState, string> = {
  absent: "No token yet.",
  wanted: "401: the server wants a token.",
  sent: "Sent with each request.",
  rejected: "401: token not accepted.",
};

interface Props {
  token: string;
  state: TokenState;
  onChange: (text: string) => void;
}

/** The text of a header's value, or of a bare token, as the token that a header can carry. */
export function cleanToken(text: string): string {
  return text.replace(/^\s*Bearer\s+/i, "").replace(/[^\x21-\x7e]/g, "");
}

/** A labelled place for the access token. It keeps nothing: its owner holds the text. */
export function TokenField({ token, state, onChange }: Props) {
  const id = useId();
  const [isShown, setShown] = useState(false);
  return (
    <div className="token" data-state={state}>
      <label htmlFor={id}>Access token</label>
      <div className="token-box">
        <input
          id={id}
          type={isShown ? "text" : "password"}
          value={token}
          onChange={(event) => onChange(event.target.value)}
          placeholder="Paste a token"
          aria-describedby={`${id}-promise`}
          aria-invalid={state === "rejected"}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          data-1p-ignore
          data-lpignore="true"
        />
        <button
          type="button"
          aria-label={isShown ? "Hide token" : "Show token"}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? "Hide" : "Show"}
        </button>
        <button
          type="button"
          aria-label="Clear token"
          disabled={!token}
          onClick={() => onChange("")}
        >
          Clear
        </button>
      </div>
      <p className="token-note">
        <span role="status">{STATUS[state]}</span>{" "}
        <span id={`${id}-promise`}>Kept in this tab's memory only; never stored.</span>
      </p>
    </div>
  );
}
