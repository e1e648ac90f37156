import { defineConfig } from "vite";

import { licenseReport } from "./licenses";
import { usedStyles } from "./styles";

const licenses = licenseReport("LICENSES.txt");

export default defineConfig({
  plugins: [licenses.collect(), licenses.write(), usedStyles("console/index.html")],
  // The pages are served from other paths than their assets, so asset addresses are absolute.
  base: "/static/",
  esbuild: { jsx: "automatic", legalComments: "none" },
  build: {
    outDir: "../static",
    emptyOutDir: true,
    target: "es2022",
    sourcemap: false,
    // Nothing is inlined: `font-src 'self'` and `img-src 'self'` then hold without exceptions.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4096,
    reportCompressedSize: false,
    rollupOptions: {
      input: ["console/index.html", "graphiql/index.html"],
      onwarn(warning, warn) {
        // "use client" tells server renderers something that a page has no use for.
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
      },
    },
  },
  // Workers are bundles of their own; module workers run under `worker-src 'self'`.
  worker: { format: "es", plugins: () => [licenses.collect()] },
  // `npm run dev` borrows the API of a service on its default port.
  server: { proxy: { "/graphql": "http://127.0.0.1:8000" } },
});
