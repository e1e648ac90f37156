import { GraphiQL } from "graphiql";
import { useEffect, useMemo, useRef, useState } from "react";

import { createFetcher } from "./fetcher";
import { createStorage } from "./storage";
import { cleanToken, TokenField, type TokenState } from "./token-field";
import welcome from "./welcome.graphql?raw";

/** A pause this long after the last keystroke counts as a finished token. */
const SETTLE_MS = 400;

/** GraphiQL below a bar that holds the access token, in this component's memory and nowhere else. */
export function Page() {
  const [token, setToken] = useState("");
  const [settledToken, setSettledToken] = useState("");
  const [isRejected, setRejected] = useState(false);
  // Requests read the token from here, so that one sent right after pasting carries it already.
  const currentToken = useRef("");

  useEffect(() => {
    const timer = setTimeout(() => setSettledToken(token), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [token]);

  // GraphiQL reads the schema again whenever its fetcher is another one: once for each token.
  const fetcher = useMemo(
    () =>
      createFetcher(
        () => currentToken.current,
        (usedToken, isAccepted) => {
          if (usedToken === currentToken.current) setRejected(!isAccepted);
        },
      ),
    [settledToken],
  );
  const storage = useMemo(() => createStorage(() => currentToken.current), []);

  const changeToken = (text: string) => {
    currentToken.current = cleanToken(text);
    setToken(currentToken.current);
    setRejected(false);
  };

  const state = tokenState(token !== "", isRejected);
  return (
    <>
      <header className="bar">
        <h1>
          application-users <span>GraphiQL</span>
        </h1>
        <TokenField token={token} state={state} onChange={changeToken} />
      </header>
      <main>
        <GraphiQL
          fetcher={fetcher}
          storage={storage}
          defaultQuery={welcome}
          isHeadersEditorEnabled={false}
          shouldPersistHeaders={false}
          inputValueDeprecation
          schemaDescription
        >
          <GraphiQL.Logo>
            <a className="licenses" href="/static/LICENSES.txt" target="_blank" rel="noreferrer">
              Licenses
            </a>
          </GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  );
}

function tokenState(isPresent: boolean, isRejected: boolean): TokenState {
  if (isPresent) return isRejected ? "rejected" : "sent";
  return isRejected ? "wanted" : "absent";
}
