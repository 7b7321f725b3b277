// Before the tests with real agents: their packages, which are too large to be the project's own, are installed once.
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("..", import.meta.url));

export default function setup(): void {
  const lock = `${FOLDER}package-lock.json`;
  const made = `${FOLDER}node_modules/.package-lock.json`;
  if (existsSync(made) && statSync(made).mtimeMs >= statSync(lock).mtimeMs) return;
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"];
  execFileSync("npm", args, { cwd: FOLDER, stdio: "inherit", timeout: 600_000 });
}
