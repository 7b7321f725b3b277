// Runs commands against the contract server and reads what they cost: CPU of the whole process tree.
import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Starts the contract server; `stop` ends it. */
export async function startServer(env = {}) {
  const path = fileURLToPath(new URL("./contract-server.mjs", import.meta.url));
  const child = fork(path, [], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: { ...process.env, ...env },
  });
  const [line] = await once(child.stdout, "data");
  const port = Number(String(line).trim());
  return {
    port,
    pid: child.pid,
    stats: async () => (await fetch(`http://127.0.0.1:${port}/stats`)).json(),
    stop: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

/** Runs a script of node to its end, like {@link timedProgram}. */
export const timed = (args, options) => timedProgram(process.execPath, args, options);

/** Runs a command to its end. `cpuSeconds`: user and system time of it and all its children, by the shell's own account. */
export function timedProgram(path, args, options = {}) {
  const script = '"$@" >&3; code=$?; times >&2; exit $code';
  return new Promise((resolve, reject) => {
    const child = execFile(
      "bash",
      ["-c", `exec 3>&1; ${script}`, "bash", path, ...args],
      { maxBuffer: 64 * 1_048_576, ...options },
      (error, stdout, stderr) => {
        const last = stderr.trim().split("\n").at(-1) ?? "";
        const spans = [...last.matchAll(/(\d+)m([\d.]+)s/g)].map(
          ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
        );
        if (spans.length !== 2)
          reject(new Error(`no times in: ${stderr.slice(-400)} ${error?.message ?? ""}`));
        else resolve({ stdout, cpuSeconds: spans[0] + spans[1], code: child.exitCode });
      },
    );
  });
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
