// The built command line: where it is, and, as a global setup, that it is no older than the sources.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export const CLI = join(ROOT, "dist", "cli.js");

/** Runs once before the tests of a project. */
export default function setup(): void {
  execFileSync(process.execPath, [join(ROOT, "scripts", "build.mjs"), "--if-stale"], { stdio: "inherit" });
}
