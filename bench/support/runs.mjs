// Runs of gp-load and of scripts for benchmarks: a folder of their own, their output, their end.
import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** A temporary folder for the time of `work`. */
export async function inBenchFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A script that prints its port first and ends when its parent disconnects. */
export async function startScript(path, env = {}) {
  const child = fork(path, [], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: { ...process.env, ...env },
  });
  const [line] = await once(child.stdout, "data");
  return {
    port: Number(String(line).trim()),
    pid: child.pid,
    stop: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

/** Runs any program to its end, whatever its exit code. */
export function program(path, args, options = {}) {
  return new Promise((resolve, reject) => {
    const settings = { maxBuffer: 64 * 1_048_576, ...options };
    execFile(path, args.map(String), settings, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") reject(error);
      else resolve({ stdout, stderr, code: error?.code ?? 0 });
    });
  });
}

export const node = (args, options) => program(process.execPath, args, options);

/** One scenario against one target; the report, whatever the verdict. */
export async function runGpLoad(folder, { target, args = [], ...scenario }) {
  const file = {
    version: 1,
    targets: { bench: target },
    scenarios: { bench: { target: "bench", ...scenario } },
  };
  // JSON is YAML as well.
  writeFileSync(join(folder, "scenarios.yaml"), JSON.stringify(file));
  const { stdout, stderr } = await node([CLI, "run", "bench", "--json", ...args], { cwd: folder });
  if (stdout === "") throw new Error(`no report: ${stderr.slice(-600)}`);
  return JSON.parse(stdout);
}
