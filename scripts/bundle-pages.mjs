// Bundles the scripts of the report's pages (src/report/html/client/pages), each with all that it imports.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const pages = join(
  dirname(dirname(fileURLToPath(import.meta.url))),
  "src",
  "report",
  "html",
  "client",
  "pages",
);

/** Name of a file (`run.js`, `run.css`) → its text. */
export function bundlePages() {
  const { outputFiles } = buildSync({
    entryPoints: readdirSync(pages).map((file) => join(pages, file)),
    bundle: true,
    write: false,
    outdir: pages,
    format: "iife",
    target: ["chrome111", "firefox113", "safari16.4"],
    minify: true,
    charset: "utf8",
    legalComments: "inline",
    // uPlot's licence wants to be where the code goes, and its own comment is not marked to be kept.
    banner: { js: "/*! Plots: uPlot, (c) Leon Sorokin, MIT licence, https://github.com/leeoniya/uPlot */" },
    logLevel: "warning",
  });
  return Object.fromEntries(outputFiles.map(({ path, text }) => [basename(path), text]));
}

/** Writes the bundles where the compiled src/report/html/page-code.ts of `compiled` looks for them. */
export function writePages(compiled) {
  const folder = join(compiled, "report", "html", "pages");
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(bundlePages())) writeFileSync(join(folder, file), text);
}
