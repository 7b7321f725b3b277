// What the machine itself allows: Node, cores, memory, open files, ports, clock, network, folders.
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { mkdtemp, rmdir } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isOf } from "../../run/plan/calibration.js";
import { descriptorLimit, SPARE_DESCRIPTORS } from "../../run/plan/machine-limits.js";
import { PORT_RANGE_PATH, portsOf } from "../../run/plan/machine-ports.js";
import { thisMachine } from "../../run/plan/this-machine.js";
import { defined } from "../../support/defined.js";
import { messageOf, tried } from "../../support/errors.js";
import { listen } from "../../support/listen.js";
import { formatBytes, formatCount, formatUs } from "../../support/units.js";
import { calibrationPath, readCalibration } from "../calibration-file.js";
import type { Check, Examined, Finding, Machine } from "./check.js";

const OLDEST_NODE = [20, 19] as const;
/** A worker with fewer sockets soon runs out. */
const FEW_DESCRIPTORS = 4096;
const FEW_PORTS = 10_000;
const LITTLE_MEMORY = 512 * 1024 * 1024;
/** Clock sources that cost a system call or more per reading. */
const SLOW_CLOCKS = ["acpi_pm", "hpet", "jiffies", "pit", "refined-jiffies"];
const COARSE_CLOCK_US = 100;

export const MACHINE_CHECKS: readonly Check[] = [
  { name: "node", look: ({ machine }) => nodeFinding(machine.node) },
  { name: "cores", look: ({ machine }) => coresFinding(machine) },
  { name: "memory", look: ({ machine }) => memoryFinding(machine) },
  { name: "open files", look: ({ machine }) => filesFinding(machine) },
  { name: "ports", look: ({ machine }) => portsFinding(machine) },
  { name: "clock", look: ({ machine }) => clockFinding(machine) },
  { name: "loopback", look: loopbackFinding },
  { name: "network", look: ({ machine }) => networkFinding(machine) },
  { name: "temporary files", look: temporaryFinding },
  { name: "reports", look: ({ context }) => reportsFinding(context.cwd) },
  { name: "calibration", look: calibrationFinding },
  { name: "terminal", look: terminalFinding },
];

const ok = (found: string): Finding => ({ state: "ok", found });
const warn = (found: string, todo: string): Finding => ({ state: "warn", found, todo });
const note = (found: string, todo?: string): Finding => ({ state: "note", found, ...defined({ todo }) });
const problem = (found: string, todo: string): Finding => ({ state: "problem", found, todo });

function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [least, leastMinor] = OLDEST_NODE;
  const old = major < least || (major === least && minor < leastMinor);
  if (!old) return ok(version);
  return problem(version, `install Node ${least}.${leastMinor} or newer`);
}

function coresFinding({ cores, load }: Machine): Finding {
  const count = cores();
  const busy = load();
  const found = `${count}, load ${busy.toFixed(1)}`;
  if (busy > count) return warn(found, "stop whatever else is running here: a busy machine measures itself");
  if (count > 1) return ok(found);
  return warn(found, "run gp-load on a different machine than the target: here they share one core");
}

function memoryFinding({ memory }: Machine): Finding {
  const { totalBytes, freeBytes } = memory();
  const found = `${formatBytes(freeBytes)} free of ${formatBytes(totalBytes)}`;
  if (freeBytes >= LITTLE_MEMORY) return ok(found);
  return warn(found, "stop whatever else is running here, or use fewer users");
}

function filesFinding({ platform, read, shell }: Machine): Finding {
  if (platform === "win32") return ok("no limit on this system");
  const limit = descriptorLimit(tried(() => read("/proc/self/limits")) ?? "") ?? limitOfShell(shell);
  if (limit === undefined)
    return { state: "unknown", found: "this system does not say", todo: "see `ulimit -n`" };
  if (limit === Number.POSITIVE_INFINITY) return ok("no limit");
  const found = `${formatCount(limit)} a process: ${formatCount(Math.max(0, limit - SPARE_DESCRIPTORS))} users a worker`;
  if (limit <= SPARE_DESCRIPTORS) return problem(found, "raise the limit: ulimit -n 20000");
  if (limit >= FEW_DESCRIPTORS) return ok(found);
  return warn(found, "to run more users, raise the limit: ulimit -n 20000");
}

function limitOfShell(shell: Machine["shell"]): number | undefined {
  const text = tried(() => shell("ulimit -n"))?.trim();
  if (text === "unlimited") return Number.POSITIVE_INFINITY;
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function portsFinding({ read }: Machine): Finding {
  const ports = portsOf(tried(() => read(PORT_RANGE_PATH)) ?? "");
  if (ports === undefined)
    return { state: "unknown", found: "this system does not say how many one target can use" };
  const found = `${formatCount(ports)} for one target`;
  if (ports >= FEW_PORTS) return ok(found);
  return warn(found, "widen the range: sysctl net.ipv4.ip_local_port_range='1024 65535'");
}

function clockFinding({ read, nowUs }: Machine): Finding {
  const source = tried(() =>
    read("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
  )?.trim();
  const stepUs = smallestStep(nowUs);
  const found = `${source ?? "source unknown"}, resolution ${formatUs(stepUs)}`;
  if (stepUs > COARSE_CLOCK_US)
    return warn(found, "times cannot be finer than that: measure on another machine");
  if (source === undefined || !SLOW_CLOCKS.includes(source)) return ok(found);
  return warn(found, "reading this clock is slow: boot with clocksource=tsc if the machine has it");
}

/** Smallest difference between two different readings, microseconds; includes the time of the loop itself. */
function smallestStep(nowUs: () => number): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 20; round++) {
    const beginUs = nowUs();
    let endUs = beginUs;
    for (let spins = 0; endUs === beginUs && spins < 1_000_000; spins++) endUs = nowUs();
    smallest = Math.min(smallest, endUs - beginUs);
  }
  return smallest;
}

async function loopbackFinding(): Promise<Finding> {
  const server = createServer();
  try {
    await connected(await listen(server));
    return ok("127.0.0.1 can be reached");
  } catch (error) {
    const found = `127.0.0.1 cannot be reached: ${messageOf(error)}`;
    return problem(found, "bring the interface up (ip link set lo up): the embedded backend needs it");
  } finally {
    server.close();
  }
}

function connected(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
  });
}

function networkFinding({ interfaces }: Machine): Finding {
  const names = interfaces();
  if (names.length > 0) return ok(names.join(", "));
  return note("none: only targets on this machine can be loaded");
}

async function temporaryFinding(): Promise<Finding> {
  const folder = tmpdir();
  try {
    await rmdir(await mkdtemp(join(folder, "gp-load-")));
    return ok(folder);
  } catch (error) {
    return warn(messageOf(error), "set TMPDIR to a writable folder: the embedded backend needs one");
  }
}

function reportsFinding(cwd: string): Finding {
  if (mayWrite(cwd)) return ok("this folder is writable");
  return warn("this folder is not writable", "change to another folder, or choose one with --reports");
}

function calibrationFinding({ context: { env } }: Examined): Finding {
  const path = calibrationPath(env);
  const kept = readCalibration(env);
  if (!kept && !mayWrite(nearestFolder(path)))
    return note(
      `none, and ${path} is not writable`,
      "set GP_LOAD_CALIBRATION to a writable file, then run `gp-load calibrate`",
    );
  const todo = "run `gp-load calibrate`, so that `run` warns beyond what this machine can measure";
  if (!kept) return note("none", todo);
  if (!isOf(kept, thisMachine())) return note("made on another machine or Node version", todo);
  const { turnsPerSecond, users } = kept;
  return ok(`${formatCount(turnsPerSecond)} turns a second, ${formatCount(users)} users`);
}

function terminalFinding({ context: { terminal, env } }: Examined): Finding {
  if (!terminal) return ok("none: progress comes as plain lines");
  if (env.TERM === "dumb" || env.CI) return ok("plain lines (TERM=dumb or CI)");
  return ok("live view");
}

/** The folder of a file, or its nearest parent that exists. */
function nearestFolder(path: string): string {
  const folder = dirname(path);
  return existsSync(folder) || folder === path ? folder : nearestFolder(folder);
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}
