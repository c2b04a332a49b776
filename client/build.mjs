/**
 * Builds the one bundle into ../src/allegedly/show/static: app.js, app.css, LICENSES.txt and bundle.json, which holds
 * the digest of everything the bundle is made from. `--check` builds in memory and fails where the committed files differ.
 */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync, mkdirSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "src", "allegedly", "show", "static");
const MADE_FROM = ["build.mjs", "package.json", "package-lock.json", "tsconfig.json"];
const LARGEST = 900 * 1024;

const sha256 = (data) => createHash("sha256").update(data).digest("hex");

/** SHA-256 over the lines `<sha256 of file>  <path>` of all sources, sorted by path. */
function sourceDigest() {
  const files = readdirSync(join(here, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(here.length + 1).replaceAll("\\", "/"));
  const lines = [...MADE_FROM, ...files].sort().map((path) => `${sha256(readFileSync(join(here, path)))}  ${path}\n`);
  return sha256(lines.join(""));
}

async function bundle() {
  const result = await build({
    absWorkingDir: here,
    entryPoints: { app: "src/main.tsx" },
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2022"],
    jsx: "automatic",
    jsxImportSource: "preact",
    charset: "utf8",
    legalComments: "none",
    write: false,
    metafile: true,
    outdir: target,
  });
  const style = await build({
    absWorkingDir: here,
    entryPoints: ["src/style.css"],
    minify: true,
    charset: "utf8",
    target: ["es2022", "safari16"],
    write: false,
  });
  return { "app.js": result.outputFiles[0].text, "app.css": style.outputFiles[0].text, "LICENSES.txt": licenses(result.metafile) };
}

/** The licence of every package of which a file went into the bundle. */
function licenses(metafile) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) packages.add(match[1]);
  }
  const parts = [...packages].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
  const land = "Land outlines: made with Natural Earth (public domain), 1:110m physical vectors, as packed by world-atlas.\n";
  return ["app.js holds code and data of these packages.\n", ...parts, land].join(`\n${"-".repeat(78)}\n\n`);
}

/** What may not stand inside an inline script or style. */
function safeInline(files) {
  const risky = /<\/script|<\/style|<!--|<script/i;
  for (const name of ["app.js", "app.css"]) {
    const found = risky.exec(files[name]);
    if (found) throw new Error(`${name} holds ${found[0]}, which would end or confuse the element it is put into`);
  }
  const size = Buffer.byteLength(files["app.js"]) + Buffer.byteLength(files["app.css"]);
  if (size > LARGEST) throw new Error(`the bundle has ${size} bytes, more than ${LARGEST}`);
}

const files = await bundle();
safeInline(files);
const digests = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sha256(text)]));
files["bundle.json"] = `${JSON.stringify({ sources: sourceDigest(), files: digests }, null, 2)}\n`;

if (process.argv.includes("--check")) {
  const stale = Object.keys(files).filter((name) => {
    const path = join(target, name);
    return !existsSync(path) || readFileSync(path, "utf8") !== files[name];
  });
  if (stale.length) {
    console.error(`Not current: ${stale.join(", ")}. Run "npm run build" in client/ and commit the result.`);
    process.exit(1);
  }
  console.log("The committed bundle is current.");
} else {
  mkdirSync(target, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(target, name), text);
  console.log(Object.entries(files).map(([name, text]) => `${name} ${Buffer.byteLength(text)} bytes`).join("\n"));
}
