// One server of a test: its process, its folder, and a watcher that outlives this process by a second.
import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, mkdtempSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const READY_MS = 20_000;
const STOP_MS = 5000;

/** Servers that refuse to run as root run as nobody. */
const NOBODY = 65_534;
export const OTHER_USER = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** A folder of its own that ends with this process, and a watch over servers. */
export interface Den {
  readonly folder: string;
  watch(pid: number): void;
  unwatch(pid: number): void;
  /** Removes the folder. */
  close(): Promise<void>;
}

export function openDen(name: string): Den {
  const folder = mkdtempSync(join(tmpdir(), `gp-load-${name}-`));
  if (OTHER_USER.uid !== undefined) chownSync(folder, OTHER_USER.uid, OTHER_USER.gid);
  const reaper = spawn(process.execPath, [fileURLToPath(new URL("./reaper.mjs", import.meta.url))], {
    stdio: ["pipe", "ignore", "inherit"],
    // A group of its own: a Ctrl-C that ends the tests must not end it first.
    detached: true,
  });
  reaper.unref();
  const tell = (line: string): void => {
    reaper.stdin?.write(`${line}\n`);
  };
  tell(folder);
  return {
    folder,
    watch: (pid) => tell(`+${pid}`),
    unwatch: (pid) => tell(`-${pid}`),
    close: () =>
      new Promise((resolve) => {
        reaper.ref();
        reaper.once("exit", () => resolve());
        reaper.stdin?.end();
      }),
  };
}

export interface ServerProcess {
  readonly pid: number;
  /** The signal, then KILL after five seconds; resolves when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a server and waits until its port is open. Rejects with the end of its log when it ends before. */
export async function startServer(
  den: Den,
  program: string,
  args: readonly string[],
  port: number,
): Promise<ServerProcess> {
  const child = spawn(program, args, {
    cwd: den.folder,
    stdio: ["ignore", "pipe", "pipe"],
    ...OTHER_USER,
    env: { ...process.env, LC_ALL: "C" },
  });
  let log = "";
  const note = (chunk: Buffer): void => {
    log = (log + chunk.toString()).slice(-4000);
  };
  child.stdout?.on("data", note);
  child.stderr?.on("data", note);
  let ended = false;
  const exit = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      log += String(error);
      ended = true;
      resolve();
    });
    child.once("exit", () => {
      ended = true;
      resolve();
    });
  });
  if (child.pid !== undefined) den.watch(child.pid);
  for (let waited = 0; !(await isOpen(port)); waited += 50) {
    if (ended) throw new Error(`${program} ended at its start:\n${log}`);
    if (waited > READY_MS) {
      child.kill("SIGKILL");
      throw new Error(`${program} did not listen within ${READY_MS / 1000} s:\n${log}`);
    }
    await pause(50);
  }
  return { pid: child.pid ?? 0, stop: (signal = "SIGTERM") => stopped(den, child, exit, signal) };
}

async function stopped(
  den: Den,
  child: ChildProcess,
  exit: Promise<void>,
  signal: NodeJS.Signals,
): Promise<void> {
  child.kill(signal);
  const kill = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await exit;
  clearTimeout(kill);
  if (child.pid !== undefined) den.unwatch(child.pid);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
