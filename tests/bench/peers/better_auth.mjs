// `node better_auth.mjs keys COUNT` makes tables and keys, and prints the keys, one on each line;
// `node better_auth.mjs serve` verifies them, and says on the first line where.

import { createServer } from "node:http";
import { apiKey } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import pg from "pg";

const AT_ONCE = 100;
const [what, count] = process.argv.slice(2);

const auth = betterAuth({
  baseURL: "http://127.0.0.1",
  secret: process.env.PEER_SECRET,
  // libpq's variables say where the database is.
  database: new pg.Pool(),
  telemetry: { enabled: false },
  // It has an error to report for each key that is not good, and before the tables are made.
  logger: { disabled: true },
  // As shipped, a key is good for ten requests a day.
  plugins: [apiKey({ rateLimit: { enabled: false } })],
});

async function makeKeys() {
  await (await getMigrations(auth.options)).runMigrations();
  const { internalAdapter } = await auth.$context;
  const user = await internalAdapter.createUser({ name: "Bench", email: "bench@bench.example" });
  for (let made = 0; made < count; made += AT_ONCE) {
    const keys = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - made) }, () =>
        auth.api.createApiKey({ body: { userId: user.id } }),
      ),
    );
    console.log(keys.map(({ key }) => key).join("\n"));
  }
  process.exit();
}

async function verify(request, response) {
  const result = await auth.api.verifyApiKey({ body: { key: request.headers["x-api-key"] } });
  const answer = result.valid ? { active: true, id: result.key.id } : { active: false };
  const body = JSON.stringify(answer);
  response.writeHead(200, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

if (what === "keys") {
  await makeKeys();
} else {
  const server = createServer(verify);
  server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
}
