import type * as OAuth from "oauth4webapi";

/** The identity provider that this service signs people in with. */
export interface Provider {
  issuer: string;
  clientId: string;
  scopes: string;
  /** Which of the provider's tokens names this service as its audience. */
  token: "access_token" | "id_token";
  /** How it may sign its tokens. */
  algorithms: string[];
  /** Null while this service cannot reach the provider, as the next. */
  authorizationEndpoint: string | null;
  tokenEndpoint: string | null;
}

export const CHANNEL = "application-users:signed-in";
const PATIENCE_MS = 5 * 60_000;

const INSECURE =
  "Signing in this way works over HTTPS alone: open this page at an address that begins with" +
  " https://, or use a token.";

// Who runs this service can mend it, and mostly is not who reads this.
const NO_SECRET =
  "Tell whoever runs this service: the console has to be registered there as a public client," +
  " which has no secret.";
// A browser tells a page nothing of an answer that is not for it.
const UNHEARD =
  `its answer did not arrive. Try again. ${NO_SECRET} The provider has to allow ${location.origin} by CORS, too.`;

/** Reads how people sign in here; null where only with tokens, or where nobody answers. */
export async function readConfiguration(): Promise<Provider | null> {
  try {
    const response = await fetch("/console/configuration.json", { credentials: "omit" });
    return ((await response.json()) as { oidc: Provider | null }).oidc;
  } catch {
    return null;
  }
}

/**
 * Signs in by authorization code with PKCE, in a window of its own: this page, and what was typed
 * into it, stays. Nothing is stored: the verifier is in this page's memory, and the window hands
 * back a code that is of no use without it. Throws an Error for people to read.
 */
export async function signInWithProvider(provider: Provider, signal: AbortSignal): Promise<string> {
  // A browser keeps its cryptography, which PKCE needs, from pages that anybody may have changed.
  if (!isSecureContext) throw new Error(INSECURE);
  // Opened at once: a browser blocks a window that opens later than the click.
  const window_ = window.open("about:blank", "_blank", "popup,width=520,height=720");
  if (!window_) throw new Error("Your browser blocked the sign-in window. Allow it, and try again.");
  try {
    return await exchange(provider, window_, signal);
  } catch (error) {
    window_.close();
    throw explained(error, provider);
  }
}

async function exchange(
  provider: Provider,
  window_: Window,
  signal: AbortSignal,
): Promise<string> {
  const { issuer } = provider;
  // This service may have found them since it was asked.
  const known = provider.tokenEndpoint ? provider : await readConfiguration();
  const { authorizationEndpoint, tokenEndpoint } = known ?? provider;
  if (!authorizationEndpoint || !tokenEndpoint) throw new TypeError("the provider is away");
  const oauth: typeof OAuth = await import("oauth4webapi");
  // Plain HTTP is for a provider on this very machine.
  const options = { [oauth.allowInsecureRequests]: issuer.startsWith("http:"), signal };
  const server = {
    issuer,
    token_endpoint: tokenEndpoint,
    id_token_signing_alg_values_supported: provider.algorithms,
  };
  const client = { client_id: provider.clientId };
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const redirectUri = new URL("/console/signed-in", location.origin).href;
  const address = new URL(authorizationEndpoint);
  const asked = {
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: provider.scopes,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  };
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
  const answered = answerOf(state, signal);
  window_.location.replace(address);
  const parameters = oauth.validateAuthResponse(server, client, await answered, state);
  const response = await oauth
    .authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      parameters,
      redirectUri,
      verifier,
      options,
    )
    .catch((error: unknown) => {
      throw error instanceof TypeError ? new Error(UNHEARD) : error;
    });
  const tokens = await oauth
    .processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: nonce,
      requireIdToken: provider.token === "id_token",
    })
    .catch((error: Error & { status?: number; error?: string }) => {
      const isStranger = error.status === 401 || error.error === "unauthorized_client";
      throw isStranger ? new Error(`it asked for a secret. ${NO_SECRET}`) : error;
    });
  signal.throwIfAborted();
  const token = tokens[provider.token];
  if (!token) throw new Error("The identity provider answered without the token that is needed.");
  return token;
}

/** The query with which the provider sent the window back to this origin. */
function answerOf(state: string, signal: AbortSignal): Promise<URLSearchParams> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  return new Promise((resolve, reject) => {
    either.throwIfAborted();
    const channel = new BroadcastChannel(CHANNEL);
    either.addEventListener("abort", () => {
      channel.close();
      reject(either.reason as Error);
    });
    channel.onmessage = ({ data }) => {
      const parameters = new URLSearchParams(String(data));
      // Another tab may be signing in, too.
      if (parameters.get("state") !== state) return;
      channel.close();
      resolve(parameters);
    };
  });
}

function explained(error: unknown, provider: Provider): Error {
  const name = new URL(provider.issuer).host;
  if (error instanceof DOMException && error.name === "AbortError") return error;
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return new Error("The sign-in window was not finished in time. Try again.");
  }
  if (error instanceof TypeError) {
    return new Error(`${name} cannot be reached. Try again, or use a token.`);
  }
  const why = error instanceof Error ? error.message : String(error);
  return new Error(`Signing in with ${name} did not work: ${why}`);
}
