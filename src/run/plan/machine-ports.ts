// Source ports: how many connections to one target this machine can hold, and further loopback addresses for more.
import { readFileSync } from "node:fs";
import { hostOf } from "../../scenarios/accounts/hosts.js";
import { tried, UserError } from "../../support/errors.js";
import { formatCount } from "../../support/units.js";

/** HTTP connections that one worker may have besides its users' sockets. */
export const HTTP_CONNECTIONS = 128;

/** Share of a source address's ports to plan with: closed connections keep theirs for a minute. */
const USABLE = 0.9;
/** Where Linux reports the range of source ports. */
export const PORT_RANGE_PATH = "/proc/sys/net/ipv4/ip_local_port_range";
/** Last bytes of 127.0.0.x. */
const LOOPBACK_ADDRESSES = 254;

export interface PortQuestion {
  readonly users: number;
  readonly workers: number;
  readonly url: string;
  readonly proxy: string | undefined;
  /** Text of `net.ipv4.ip_local_port_range`; empty if the system does not say. */
  readonly range?: string;
  /** `process.platform`: only Linux has all of 127.0.0.0/8 without configuration. */
  readonly platform?: string;
}

/**
 * Source addresses to spread the users' sockets over; empty if the system's own choice is enough.
 * Throws a `UserError` with the numbers and the remedy if that many users could not reach the target.
 */
export function sourceAddresses(question: PortQuestion): readonly string[] {
  const { users, workers, url, proxy, platform = process.platform } = question;
  const ports = portsOf(question.range ?? tried(() => readFileSync(PORT_RANGE_PATH, "utf8")) ?? "");
  const wanted = users + workers * HTTP_CONNECTIONS;
  if (ports === undefined || wanted <= ports) return [];
  const addresses = Math.ceil(wanted / Math.floor(ports * USABLE));
  const host = hostOf(url) ?? "";
  const local = /^127\.\d+\.\d+\.\d+$/.test(host) && proxy === undefined && platform === "linux";
  if (local && addresses <= LOOPBACK_ADDRESSES)
    return Array.from({ length: addresses }, (_, at) => `127.0.0.${at + 1}`);
  throw new UserError(
    `${formatCount(users)} users need ${formatCount(wanted)} source ports, and this machine has ${formatCount(ports)} for one target`,
    host === "localhost" && platform === "linux"
      ? "write 127.0.0.1 instead of localhost: then further loopback addresses are used"
      : "use fewer users, more machines, or widen the range (sysctl net.ipv4.ip_local_port_range='1024 65535')",
  );
}

/** Ports in a range such as `32768	60999`, both ends included. */
export function portsOf(range: string): number | undefined {
  const match = /^\s*(\d+)\s+(\d+)/.exec(range);
  return match ? Number(match[2]) - Number(match[1]) + 1 : undefined;
}
