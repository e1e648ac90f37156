import { useEffect, useState } from "react";

import { type Provider, readConfiguration } from "../session/oidc";

/** The identity provider that people sign in with here; null without one, undefined until known. */
export function useProvider(): Provider | null | undefined {
  const [provider, setProvider] = useState<Provider | null>();
  useEffect(() => {
    let isWanted = true;
    void readConfiguration().then((found) => isWanted && setProvider(found));
    return () => {
      isWanted = false;
    };
  }, []);
  return provider;
}
