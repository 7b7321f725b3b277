// Processes as the operating system shows them: who is alive, and whose child.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface ProcessInfo {
  readonly pid: number;
  readonly command: string;
}

/** The children of a process: the workers, and the embedded backend, of a command line. */
export function childrenOf(pid: number): readonly ProcessInfo[] {
  return all()
    .filter((one) => one.parent === pid)
    .map(({ pid: child, command }) => ({ pid: child, command }));
}

/** The pids of a command line's workers, oldest first. */
export function workersOf(pid: number): readonly number[] {
  return childrenOf(pid)
    .filter(({ command }) => command.includes("run/worker/main.js"))
    .map((child) => child.pid)
    .sort((a, b) => a - b);
}

/** Whether the process runs; a dead one that nobody has collected yet does not. */
export function isAlive(pid: number): boolean {
  return all().some((one) => one.pid === pid && !one.state.startsWith("Z"));
}

interface Row extends ProcessInfo {
  readonly parent: number;
  /** One letter as in ps(1): Z is a zombie. */
  readonly state: string;
}

/** From /proc where there is one: a bare Linux has no ps. */
function all(): readonly Row[] {
  if (process.platform !== "linux") return listed();
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (rowOf(Number(name)) ?? []) : []));
}

function rowOf(pid: number): Row | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name is in parentheses and may hold some itself; state and parent follow the last one.
    const [state = "", parent = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trimEnd();
    return { pid, parent: Number(parent), state, command };
  } catch {
    // It ended in the meantime.
    return undefined;
  }
}

function listed(): readonly Row[] {
  const table = execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,stat=,args="], { encoding: "utf8" });
  return table.split("\n").flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (!pid || !parent || !state || command === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), state, command }];
  });
}
