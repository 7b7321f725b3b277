// The target that `--target <url>` makes: spoken to as the scenario's own, at another address.
import { hostOf, isLoopback } from "./accounts/hosts.js";
import { type Entry, type Located, locate, nodeAt, plain } from "./parse/located.js";
import type { Place } from "./parse/problems.js";
import { DEFAULT_PROFILE } from "./schema/target.js";

const FLAG = "--target";
const AT: Place = { flag: FLAG };

/** How to speak to such a backend, wherever it is. */
const MANNERS = ["profile", "options", "connect", "trace", "metrics", "limits"] as const;
/** What may hold secrets, which are for this machine and for hosts that the file names. */
const PRIVATE = ["accounts", "headers", "tls", "origin"] as const;

/** Name of that target among those of the file; it is another one for each target whose manners it takes over. */
export function adHocName(own: string | undefined): string {
  return `${FLAG} ${own ?? ""}`;
}

/** No name in the file may begin like that. */
export function isAdHoc(name: string): boolean {
  return name.startsWith(`${FLAG} `);
}

interface AdHoc {
  readonly url: string;
  /** The target that the scenario names in the file. */
  readonly own: Located | undefined;
  /** Of `--profile`; another one than the target's own has no use for the options of that. */
  readonly profile: string | undefined;
  /** Hosts that the file names. */
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
