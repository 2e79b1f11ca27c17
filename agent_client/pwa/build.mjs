/**
 * Builds the phone app: `node build.mjs --out DIR` (default `dist`) fills DIR with everything that the server serves at
 * `/app/`: `index.html`, `manifest.webmanifest`, `sw.js`, `app-HASH.js`, `app-HASH.css`, `icons/*.png`, and `files.json`
 * with the version and the list of these files. The version is a hash of their content, so it changes with any of them and
 * with nothing else; the service worker gets version and list as `__SHELL__` and caches exactly them.
 *
 * Options: `--check` builds into memory only and prints the sizes.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { icons } from "./drawing/icons.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const FIRST_LOAD_GZIP_BYTES_MAX = 150 * 1024;
const WORKER = "sw.js";

const SHARED = {
  absWorkingDir: HERE,
  bundle: true,
  write: false,
  minify: true,
  legalComments: "none",
  target: ["es2022", "chrome105", "firefox115", "safari16.4"],
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
};

async function bundleApp() {
  const result = await build({
    ...SHARED,
    entryPoints: { app: "src/main.tsx" },
    outdir: "out",
    entryNames: "[name]-[hash]",
    format: "esm",
  });
  return new Map(result.outputFiles.map((file) => [file.path.split(/[\\/]/).pop(), Buffer.from(file.contents)]));
}

async function bundleWorker(shell) {
  const result = await build({
    ...SHARED,
    entryPoints: ["src/worker/sw.ts"],
    outdir: "out",
    format: "iife",
    define: { __SHELL__: JSON.stringify(shell) },
  });
  return Buffer.from(result.outputFiles[0].contents);
}

/** The page with the hashed names in place of `app.js` and `app.css`. */
function page(bundles) {
  const named = (ending) => [...bundles.keys()].find((name) => name.startsWith("app-") && name.endsWith(ending));
  const html = readFileSync(join(HERE, "index.html"), "utf8");
  for (const name of ["app.js", "app.css"]) {
    if (!html.includes(`"${name}"`) && !html.includes(`"/app/${name}"`)) throw new Error(`index.html does not name ${name}`);
  }
  if (named(".js") === undefined || named(".css") === undefined) throw new Error("src/main.tsx gave no script or no styles");
  return Buffer.from(html.replaceAll("app.js\"", `${named(".js")}"`).replaceAll("app.css\"", `${named(".css")}"`));
}

function versionOf(files) {
  const hash = createHash("sha256");
  for (const name of [...files.keys()].sort()) hash.update(`${name}\0${files.get(name).length}\0`).update(files.get(name));
  return hash.digest("hex").slice(0, 16);
}

/** Name → bytes of every file of the app. */
async function everything() {
  const bundles = await bundleApp();
  const files = new Map([
    ["index.html", page(bundles)],
    ["manifest.webmanifest", readFileSync(join(HERE, "manifest.webmanifest"))],
    ...bundles,
    ...icons(),
  ]);
  // The worker's own code is part of the version too: built once with an empty list only to be hashed.
  const version = versionOf(new Map([...files, [WORKER, await bundleWorker({ version: "", files: [] })]]));
  files.set(WORKER, await bundleWorker({ version, files: [...files.keys()].sort() }));
  const names = [...files.keys()].sort();
  files.set("files.json", Buffer.from(`${JSON.stringify({ version, files: names }, null, 1)}\n`));
  return files;
}

function report(files) {
  const first = [...files.keys()].filter((name) => /\.(html|js|css)$/.test(name) && name !== WORKER);
  const bytes = first.reduce((sum, name) => sum + gzipSync(files.get(name), { level: 9 }).length, 0);
  console.log(`first load: ${(bytes / 1024).toFixed(1)} kB gzip in ${first.join(", ")}`);
  if (bytes > FIRST_LOAD_GZIP_BYTES_MAX) throw new Error(`the first load is above ${FIRST_LOAD_GZIP_BYTES_MAX} bytes`);
}

function write(files, out) {
  rmSync(out, { recursive: true, force: true });
  for (const [name, data] of files) {
    mkdirSync(dirname(join(out, name)), { recursive: true });
    writeFileSync(join(out, name), data);
  }
}

function outFolder(given) {
  const place = given.indexOf("--out");
  const out = resolve(place >= 0 ? (given[place + 1] ?? "") : join(HERE, "dist"));
  // The folder is emptied first, so it must be ours: new, or one that an earlier build filled.
  if (existsSync(out) && !existsSync(join(out, "files.json"))) {
    throw new Error(`${out} exists and holds no build of ours; name an empty place with --out`);
  }
  return out;
}

const given = process.argv.slice(2);
const files = await everything();
report(files);
if (!given.includes("--check")) write(files, outFolder(given));
