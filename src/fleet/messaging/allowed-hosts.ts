// Hosts that a scenario makes a machine connect to, which its owner must allow.
import { hostOf, isLoopback } from "../../scenarios/accounts/hosts.js";
import type { Target } from "../../scenarios/scenario.js";

/** Parts of a target with URLs that nothing connects to. */
const NEVER_CALLED: readonly string[] = ["name", "origin", "headers", "allowedHosts", "accounts", "tls"];

/** Hosts off loopback that users or stores of this target connect to and that the machine's owner does not allow. */
export function refusedHosts(target: Target, allowed: readonly string[]): readonly string[] {
  const called = Object.entries(target).flatMap(([name, value]) =>
    NEVER_CALLED.includes(name) ? [] : urlsIn(value),
  );
  // An embedded backend has no URL yet; it listens on loopback.
  const hosts = called.filter((url) => url !== "").flatMap(hostsOf);
  return [...new Set(hosts)].filter((host) => !allowed.includes(host));
}

function urlsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(urlsIn) : [];
}

/** Off loopback. A database's connection URL may name another host as a parameter. */
function hostsOf(url: string): readonly string[] {
  const host = hostOf(url);
  if (host === undefined) return ["(a URL that cannot be read)"];
  const others = ["host", "hostaddr"].flatMap((name) => new URL(url).searchParams.getAll(name));
  const own = isLoopback(url) ? [] : [host];
  return [
    ...own,
    ...others.filter((other) => !isLoopback(`http://${other}`)).map((one) => one.toLowerCase()),
  ];
}
