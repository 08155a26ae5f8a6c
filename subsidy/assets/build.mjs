/* Builds one stylesheet and one script from subsidy/assets into subsidy/static.

   File names carry a digest of their content, so a browser may keep them for ever; manifest.json maps
   the plain name to the real one. The style sheets of the design system hold far more than we use: what
   no template names is cut away. The build fails when the stylesheet outgrows its budget. */
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import esbuild from "esbuild";
import { prune } from "./prune.mjs";

const CSS_BUDGET = 60 * 1024; // bytes after gzip
const FONT = /\.woff2$/;

const assets = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(assets, "../..");
const target = path.join(root, "subsidy/static");
const digest = (content) => createHash("sha256").update(content).digest("hex").slice(0, 12);

async function filesBelow(folder, ending) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/* Every word in the templates and scripts: a class that is none of them cannot be on a page. */
async function wordsInUse() {
  const sources = [
    ...(await filesBelow(path.join(root, "templates"), /\.html$/)),
    ...(await filesBelow(path.join(assets, "js"), /\.js$/)),
  ];
  const texts = await Promise.all(sources.map((file) => readFile(file, "utf8")));
  return new Set(texts.join("\n").match(/[a-zA-Z][\w-]*/g));
}

const bundled = await esbuild.build({
  absWorkingDir: root,
  entryPoints: { app: "subsidy/assets/css/app.css", main: "subsidy/assets/js/app.js" },
  bundle: true,
  write: false,
  outdir: target,
  format: "iife",
  target: ["es2022", "chrome110", "firefox115", "safari16"],
  minify: true,
  legalComments: "none",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file" },
});

const outputs = new Map();
for (const file of bundled.outputFiles) outputs.set(path.basename(file.path), Buffer.from(file.contents));

const pruned = prune(outputs.get("app.css").toString("utf8"), await wordsInUse());
const css = (await esbuild.transform(pruned, { loader: "css", minify: true })).code;
const cssSize = gzipSync(css).length;
if (cssSize > CSS_BUDGET) {
  console.error(`The stylesheet is ${cssSize} bytes after gzip; the budget is ${CSS_BUDGET}.`);
  process.exit(1);
}

const manifest = {};
const written = new Set(["manifest.json"]);
await mkdir(target, { recursive: true });
async function write(name, content) {
  written.add(name);
  await writeFile(path.join(target, name), content);
}
async function emit(name, content) {
  const { name: stem, ext } = path.parse(name);
  manifest[name] = `${stem}-${digest(content)}${ext}`;
  await write(manifest[name], content);
}
await emit("app.css", css);
await emit("app.js", outputs.get("main.js"));
for (const [name, content] of outputs) if (FONT.test(name)) await write(name, content);
for (const file of await filesBelow(path.join(assets, "images"), /\.(svg|png)$/)) {
  await emit(path.basename(file), await readFile(file));
}
// The manifest comes after the files it names, and what it no longer names goes last: a server that runs
// meanwhile never points at nothing.
await writeFile(path.join(target, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
for (const name of await readdir(target)) if (!written.has(name)) await rm(path.join(target, name));
console.log(`Assets built: app.css ${(cssSize / 1024).toFixed(1)} kB, app.js ${(gzipSync(outputs.get("main.js")).length / 1024).toFixed(1)} kB after gzip.`);
