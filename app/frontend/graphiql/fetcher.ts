import type { GraphiQLProps } from "graphiql";

type Fetcher = GraphiQLProps["fetcher"];
type Answer = Awaited<Exclude<ReturnType<Fetcher>, AsyncIterable<unknown>>>;

const ENDPOINT = "/graphql";

/** Hears after each request which token it carried and whether the server knew its caller. */
type OnAnswer = (token: string, isAccepted: boolean) => void;

/** Sends operations to this origin's endpoint, with the current token as the only credential. */
export function createFetcher(getToken: () => string, onAnswer: OnAnswer): Fetcher {
  return async (params) => {
    const token = getToken();
    const headers: Record<string, string> = {
      Accept: "application/graphql-response+json, application/json;q=0.9",
      "Content-Type": "application/json",
    };
    if (token) headers["Authorization"] = `Bearer ${token}`;
    const response = await fetch(ENDPOINT, {
      method: "POST",
      headers,
      body: JSON.stringify(params),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
    });
    const text = await response.text();
    const answer = parse(text);
    onAnswer(token, response.status !== 401 && !saysUnauthenticated(answer));
    if (answer === undefined) {
      const message = `The server answered ${response.status} without JSON: ${text.slice(0, 200)}`;
      return { errors: [{ message }] } as unknown as Answer;
    }
    return answer as Answer;
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer with status 200 may still carry the error that its caller is unknown. */
function saysUnauthenticated(answer: unknown): boolean {
  const errors = (answer as { errors?: { extensions?: { code?: string } }[] } | null)?.errors;
  return Array.isArray(errors) && errors.some((e) => e?.extensions?.code === "UNAUTHENTICATED");
}
