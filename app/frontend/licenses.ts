import { existsSync, readFileSync } from "node:fs";

import license, { type Dependency } from "rollup-plugin-license";
import type { Plugin } from "vite";

/** Licenses whose terms are met by shipping their text beside the bundle. */
const ALLOWED = "(MIT OR ISC OR Apache-2.0 OR BSD-2-Clause OR BSD-3-Clause OR 0BSD OR Unlicense)";

/** monaco-editor vendors code and an icon font whose terms stand in a file of its own. */
const VENDORED_NOTICES: Record<string, string> = {
  "monaco-editor": "node_modules/monaco-editor/ThirdPartyNotices.txt",
};

/**
 * Two Rollup plugins that share one list of packages: `collect` belongs into every bundle, the
 * workers' too, and `write` into the page's, which Vite finishes last.
 */
export function licenseReport(fileName: string) {
  const found = new Map<string, Dependency>();
  return {
    collect: (): Plugin =>
      license({
        thirdParty: {
          allow: { test: ALLOWED, failOnUnlicensed: true, failOnViolation: true },
          multipleVersions: true,
          output: (dependencies) => {
            for (const dependency of dependencies) {
              found.set(`${dependency.name} ${dependency.version}`, dependency);
            }
          },
        },
      }) as Plugin,
    write: (): Plugin => ({
      name: "write-licenses",
      generateBundle() {
        const sections = [...found.keys()].sort().map((key) => section(found.get(key)!));
        this.emitFile({ type: "asset", fileName, source: sections.join("\n") });
      },
    }),
  };
}

function section(dependency: Dependency): string {
  const { name, version, license: spdx, licenseText, noticeText } = dependency;
  const vendored = VENDORED_NOTICES[name ?? ""];
  if (vendored && !existsSync(vendored)) throw new Error(`${vendored} is gone`);
  const texts = [
    licenseText ?? `(The package ships no license file; its manifest declares ${spdx}.)`,
    noticeText,
    vendored && readFileSync(vendored, "utf8"),
  ];
  const rule = "=".repeat(80);
  const body = texts
    .filter((text) => typeof text === "string")
    .map((text) => text.replaceAll("\r\n", "\n").trim())
    .join("\n\n");
  return `${rule}\n${name} ${version} (${spdx})\n${rule}\n\n${body}\n`;
}
