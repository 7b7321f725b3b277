// Compiles src/ to dist/, copies its data files, declares the types of its exports, bundles the scripts of the report's pages, and marks the CLI executable. `--if-stale` does so only when a source is newer.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writePages } from "./bundle-pages.mjs";
import { copyDataFiles } from "./data-files.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "dist", ".built");

if (process.argv.includes("--if-stale") && isFresh()) process.exit(0);

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
rmSync(join(root, "dist"), { recursive: true, force: true });
for (const project of ["tsconfig.json", "tsconfig.types.json"])
  if (spawnSync(process.execPath, [tsc, "-p", join(root, project)], { stdio: "inherit" }).status !== 0)
    process.exit(1);
dropUnreachableTypes(join(root, "dist", "index.d.ts"));
copyDataFiles(join(root, "src"), join(root, "dist"));
writePages(join(root, "dist"));
chmodSync(join(root, "dist", "cli.js"), 0o755);
writeFileSync(stamp, "");

/** The compiler declares the types of every module; programs only ever read those that the package's own lead to. */
function dropUnreachableTypes(index) {
  const reached = new Set([index]);
  for (const file of reached)
    for (const [, path] of readFileSync(file, "utf8").matchAll(/(?:from|import\()\s*"(\.[^"]+)\.js"/g)) {
      const declared = `${join(dirname(file), path)}.d.ts`;
      if (existsSync(declared)) reached.add(declared);
    }
  const dist = dirname(index);
  for (const path of readdirSync(dist, { recursive: true }))
    if (path.endsWith(".d.ts") && !reached.has(join(dist, path))) rmSync(join(dist, path));
}

function isFresh() {
  if (!existsSync(stamp)) return false;
  const builtAt = statSync(stamp).mtimeMs;
  const sources = readdirSync(join(root, "src"), { recursive: true, withFileTypes: true });
  const files = sources.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return [...files, join(root, "tsconfig.json")].every((file) => statSync(file).mtimeMs <= builtAt);
}
