/** Bundles the gallery: `node tests/screens/build_gallery.mjs OUT` writes index.html, gallery.js, gallery.css. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(HERE, "gallery-out"));
mkdirSync(out, { recursive: true });
await build({
  absWorkingDir: HERE,
  entryPoints: { gallery: "gallery.tsx" },
  outdir: out,
  bundle: true,
  format: "esm",
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  charset: "utf8",
  logLevel: "warning",
});
writeFileSync(
  join(out, "index.html"),
  '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>gallery</title>' +
    '<link rel="stylesheet" href="/gallery.css"><script type="module" src="/gallery.js"></script></head>' +
    '<body><div id="app"></div></body></html>\n',
);
