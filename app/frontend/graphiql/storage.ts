/** A full token of this service: prefix, public part, secret. The public part alone may stay. */
const FULL_TOKEN = /appu_[0-9A-Za-z]+_\w{20,}/g;
const PLACEHOLDER = "appu_removed";

/** GraphiQL begins its keys with this; the rest of the origin's keys are not its to clear. */
const NAMESPACE = "graphiql:";

/**
 * Where GraphiQL keeps drafts, history and layout between visits: localStorage, from which tokens
 * are cut out, both the one in use and any that somebody typed into a query or its variables.
 */
export function createStorage(getToken: () => string) {
  const cleaned = (text: string) => {
    const token = getToken();
    const withoutCurrent = token ? text.replaceAll(token, PLACEHOLDER) : text;
    return withoutCurrent.replaceAll(FULL_TOKEN, PLACEHOLDER);
  };
  const ownKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(NAMESPACE));
  return {
    getItem: (key: string) => localStorage.getItem(key),
    setItem: (key: string, value: string) => localStorage.setItem(key, cleaned(value)),
    removeItem: (key: string) => localStorage.removeItem(key),
    clear: () => ownKeys().forEach((key) => localStorage.removeItem(key)),
    get length() {
      return ownKeys().length;
    },
  };
}
