/**
 * The host of an endpoint: what it is called on its page. Many receivers keep a secret in the rest
 * of the address, which is not for titles and histories.
 */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return "Webhook";
  }
}
