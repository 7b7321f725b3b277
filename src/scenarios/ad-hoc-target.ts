// The target that `--target <url>` makes: treated like the scenario's own, at another address.
import { hostOf, isLoopback } from "./accounts/hosts.js";
import { type Entry, type Located, locate, nodeAt, plain } from "./parse/located.js";
import type { Place } from "./parse/problems.js";
import { DEFAULT_PROFILE } from "./schema/target.js";

const FLAG = "--target";
const AT: Place = { flag: FLAG };

/** Keys that say how to speak to such a backend, wherever it is. */
const MANNERS = ["profile", "options", "connect", "trace", "metrics", "limits"] as const;
/** Keys that may hold secrets, which only this machine and hosts named in the file may see. */
const PRIVATE = ["accounts", "headers", "tls", "origin"] as const;

/** Its name among the file's targets; there is one for each target that it is derived from. */
export function adHocName(own: string | undefined): string {
  return `${FLAG} ${own ?? ""}`;
}

/** No name in the file can start like this. */
export function isAdHoc(name: string): boolean {
  return name.startsWith(`${FLAG} `);
}

interface AdHoc {
  readonly url: string;
  /** The scenario's own target. */
  readonly own: Located | undefined;
  /** Of `--profile`; if it differs from the target's own, that target's options do not apply. */
  readonly profile: string | undefined;
  /** Named in the file. */
  readonly hosts: ReadonlySet<string | undefined>;
}

export function adHocTarget({ url, own, profile, hosts }: AdHoc): Located {
  const entries = new Map<string, Entry>();
  const put = (key: string, value: Located): void => {
    entries.set(key, { keyPlace: value.place, value });
  };
  const trusted = isLoopback(url) || hosts.has(hostOf(url));
  for (const key of [...MANNERS, ...(trusted ? PRIVATE : [])]) {
    const entry = own?.kind === "map" ? own.entries.get(key) : undefined;
    if (entry) entries.set(key, entry);
  }
  const ownProfile = nodeAt(own, ["profile"]);
  if (profile !== undefined && profile !== (ownProfile ? plain(ownProfile) : DEFAULT_PROFILE))
    entries.delete("options");
  if (profile !== undefined) put("profile", locate(profile, { flag: "--profile" }));
  put("url", locate(url, AT));
  return { kind: "map", place: AT, entries };
}
