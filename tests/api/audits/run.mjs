// Prints the result of every server audit of graphql-http, as JSON, for the URL that it is given.
import { serverAudits } from './graphql-http/lib/audits/server.mjs';

const results = [];
for (const { id, name, fn } of serverAudits({ url: process.argv[2] })) {
  try {
    const { status, reason } = await fn();
    results.push({ id, name, status, reason });
  } catch (error) {
    // Not an assertion but a connection that broke, or an answer that is no HTTP.
    results.push({ id, name, status: 'fatal', reason: String(error) });
  }
}
console.log(JSON.stringify(results));
