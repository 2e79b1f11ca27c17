/** `node tests/core/browser/bundle.mjs OUT`: the vectors' checks as one script for a browser. */
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const stand = (name) => join(here, name);

await build({
  entryPoints: [stand("main.ts")],
  outfile: process.argv[2],
  bundle: true,
  format: "iife",
  target: "es2022",
  charset: "ascii",
  logLevel: "error",
  alias: { vitest: stand("expecting.ts"), "node:fs": stand("node_files.ts"), "node:path": stand("node_files.ts") },
  inject: [stand("node_files.ts")],
  define: { "import.meta.dirname": "undefined" },
});
