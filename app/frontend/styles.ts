import { createHash } from "node:crypto";

import { PurgeCSS } from "purgecss";
import type { Plugin, Rollup } from "vite";

/**
 * Leaves out of a page's styles the rules for classes that none of its scripts names: most of a
 * component library's. `page` is the page's path, as the build's input has it.
 */
export function usedStyles(page: string): Plugin {
  return {
    name: "used-styles",
    enforce: "post",
    async generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((each) => each.type === "chunk");
      const entry = chunks.find((each) => each.facadeModuleId?.endsWith(`/${page}`));
      if (!entry) throw new Error(`${page} is not built`);
      const scripts = reachable(entry, bundle);
      const content = scripts.map((each) => ({ raw: each.code, extension: "js" }));
      const names = new Set(scripts.flatMap((each) => [...(each.viteMetadata?.importedCss ?? [])]));
      for (const name of names) {
        const asset = bundle[name];
        if (asset?.type !== "asset") throw new Error(`${name} is not among the files`);
        const css = await purge(String(asset.source), content);
        asset.source = css;
        rename(bundle, asset, nameOf(name, css));
      }
    },
  };
}

async function purge(raw: string, content: { raw: string; extension: string }[]): Promise<string> {
  // Scripts put names of attributes together: "data-" and the name of a property.
  const dynamicAttributes = [...new Set(raw.match(/(?<=\[)[\w-]+/g))];
  const [purged] = await new PurgeCSS().purge({ content, css: [{ raw }], dynamicAttributes });
  return purged!.css;
}

function reachable(entry: Rollup.OutputChunk, bundle: Rollup.OutputBundle): Rollup.OutputChunk[] {
  const found = new Set<Rollup.OutputChunk>();
  const waiting = [entry];
  for (const chunk of waiting) {
    if (found.has(chunk)) continue;
    found.add(chunk);
    for (const name of [...chunk.imports, ...chunk.dynamicImports]) {
      const next = bundle[name];
      if (next?.type === "chunk") waiting.push(next);
    }
  }
  return [...found];
}

/** A name with the hash of what is left, because browsers keep what has the same name for ever. */
function nameOf(before: string, css: string): string {
  const hash = createHash("sha256").update(css).digest("base64url").slice(0, 8);
  return before.replace(/[\w-]{8}\.css$/, `${hash}.css`);
}

function rename(bundle: Rollup.OutputBundle, asset: Rollup.OutputAsset, name: string) {
  const before = asset.fileName;
  asset.fileName = name;
  for (const each of Object.values(bundle)) {
    if (each.type === "chunk") {
      each.code = each.code.replaceAll(before, name);
      // What a page loads later asks for its styles by these names, which are written behind this.
      const css = each.viteMetadata?.importedCss;
      if (css?.delete(before)) css.add(name);
    }
    else if (each.fileName.endsWith(".html")) {
      each.source = String(each.source).replaceAll(before, name);
    }
  }
}
