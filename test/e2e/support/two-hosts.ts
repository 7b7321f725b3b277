// Two hosts of a test's own on one machine: network namespaces with a cable between them, and a firewall to cut it.
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { FromReference, ToReference } from "../../../src/reference/messages.js";
import type { ReferenceOptions } from "../../../src/reference/options.js";
import { isAlive } from "./processes.js";

/** Addresses for benchmarks between two hosts (RFC 2544): they lead nowhere, and only these two namespaces have them. */
const USERS = "198.18.0.1";
const TARGET = "198.18.0.2";
const PREFIX = "gpl-";
const ENTRY = fileURLToPath(new URL("../../../dist/reference/main.js", import.meta.url));

export interface TwoHosts {
  /** Command that starts another in the host of the users. */
  readonly asUsers: readonly string[];
  /** Shell commands for the users' host: packets vanish, in both directions, and come through again. */
  readonly drop: string;
  readonly restore: string;
  /** Starts the reference backend on the other host. Its address is reached only from the users' host. */
  backend(options?: ReferenceOptions): Promise<RemoteBackend>;
  /** Ends the backend and takes both hosts away. */
  remove(): Promise<void>;
}

export interface RemoteBackend {
  readonly url: string;
  /** The backend's own account. */
  stats(): Readonly<Record<string, number>>;
}

export function twoHosts(): TwoHosts {
  sweep();
  const { users, target, unmake } = makeHosts();
  let child: ChildProcess | undefined;
  const nft = (rules: string): string => `nft '${rules}'`;
  return {
    asUsers: inside(users),
    drop: nft("add rule inet cut in drop; add rule inet cut out drop"),
    restore: nft("flush table inet cut"),
    async backend(options = {}) {
      const [program = "ip", ...args] = inside(target);
      child = spawn(program, [...args, process.execPath, ENTRY], {
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      const { url, controlUrl, controlToken } = await ready(child, { ...options, host: TARGET });
      return { url, stats: () => statsFrom(target, controlUrl, controlToken) };
    },
    async remove() {
      try {
        await end(child);
      } finally {
        unmake();
      }
    },
  };
}

function makeHosts() {
  const id = `${process.pid.toString(36)}-${Math.floor(Math.random() * 1296).toString(36)}`;
  const [users, target] = [`${PREFIX}${id}-u`, `${PREFIX}${id}-t`];
  const unmake = (): void => {
    // The cable goes with either of its ends.
    for (const name of [users, target]) spawnSync("ip", ["netns", "del", name], { stdio: "ignore" });
  };
  try {
    ip("netns", "add", users);
    ip("netns", "add", target);
    ip("link", "add", "cable", "netns", users, "type", "veth", "peer", "name", "cable", "netns", target);
    for (const [name, address] of [
      [users, USERS],
      [target, TARGET],
    ] as const) {
      ip("-n", name, "addr", "add", `${address}/30`, "dev", "cable");
      ip("-n", name, "link", "set", "cable", "up");
      ip("-n", name, "link", "set", "lo", "up");
    }
    const chain = (hook: string): string => `{ type filter hook ${hook} priority 0; }`;
    const rules = `add table inet cut; add chain inet cut in ${chain("input")}; add chain inet cut out ${chain("output")}`;
    ip(...inside(users).slice(1), "nft", rules);
  } catch (error) {
    unmake();
    throw error;
  }
  return { users, target, unmake };
}

/** What a test that was killed could not take away: its process is no more. */
function sweep(): void {
  const list = execFileSync("ip", ["netns", "list"], { encoding: "utf8" });
  for (const [, name = "", owner = ""] of list.matchAll(/^(gpl-([0-9a-z]+)-[0-9a-z]+-[ut])\b/gm))
    if (!isAlive(Number.parseInt(owner, 36))) spawnSync("ip", ["netns", "del", name], { stdio: "ignore" });
}

function inside(name: string): readonly string[] {
  return ["ip", "netns", "exec", name];
}

function ip(...args: readonly string[]): void {
  execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
}

async function ready(child: ChildProcess, options: ReferenceOptions) {
  const gone = once(child, "exit").then(() => undefined);
  for (;;) {
    const said = await Promise.race([
      gone,
      once(child, "message").then(([message]) => message as FromReference),
    ]);
    if (said?.type === "ready") return said.address;
    if (said?.type !== "listening")
      throw new Error(`the backend did not start: ${said?.message ?? "it ended"}`);
    child.send({ type: "start", options } satisfies ToReference);
  }
}

/** Asked from within its host: the control server listens on loopback only. */
function statsFrom(host: string, url: string, token: string): Readonly<Record<string, number>> {
  const script = `fetch(process.argv[1] + "/stats", { headers: { authorization: "Bearer " + process.argv[2] } }).then(async (answer) => console.log(await answer.text()))`;
  const [program = "ip", ...args] = inside(host);
  return JSON.parse(
    execFileSync(program, [...args, process.execPath, "-e", script, url, token], { encoding: "utf8" }),
  );
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  if (child.connected) child.send({ type: "stop" } satisfies ToReference, () => undefined);
  const kill = setTimeout(() => child.kill("SIGKILL"), 5000);
  await gone;
  clearTimeout(kill);
}
