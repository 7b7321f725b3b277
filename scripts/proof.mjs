// Compiles the proof (test/proof) and runs it on the built program; `-- --help` tells how to limit it.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { copyDataFiles } from "./data-files.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiled = join(root, "node_modules", ".cache", "gp-load-proof");
const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");

mkdirSync(compiled, { recursive: true });
writeFileSync(join(compiled, "package.json"), '{ "type": "module" }\n');
execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.proof.json")], { stdio: "inherit" });
copyDataFiles(join(root, "src"), join(compiled, "src"));
const main = join(compiled, "test", "proof", "main.js");
const child = spawn(process.execPath, [main, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, GP_LOAD_ROOT: root },
});
// Whoever ends this ends the proof, which ends what it has started.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill("SIGTERM"));
const [status] = await once(child, "exit");
const page = join("docs", "proof.md");
if (existsSync(join(root, page))) {
  // The generated page is held to the format of all others.
  const biome = join(dirname(require.resolve("@biomejs/biome/package.json")), "bin", "biome");
  spawnSync(process.execPath, [biome, "format", "--write", page], { cwd: root, stdio: "ignore" });
}
process.exit(status ?? 1);
