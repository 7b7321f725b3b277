// Checks `paging` and `search`: what a user reads of its threads page by page, or finds by searching, is right and whole.
import type { Lookup } from "../model/log/observation.js";
import { type Check, type CheckTally, defineTallyCheck, whereOf } from "./check.js";

export const paging = lookupCheck("paging", {
  summary: "a thread read page by page shows every message once, in order, and no row twice",
  unavailable: (capabilities) => (capabilities.history ? undefined : "the profile knows no history"),
  noData: "no step `page` had anything to look for",
});

export const search = lookupCheck("search", {
  summary: "searches show every message that is there, within their filters, and nothing of others",
  unavailable: (capabilities) => (capabilities.search ? undefined : "the profile knows no search"),
  noData: "no step `search` had anything to look for",
});

function lookupCheck(
  kind: "paging" | "search",
  words: Pick<Check, "summary" | "unavailable"> & { readonly noData: string },
): Check {
  return defineTallyCheck(kind, {
    ...words,
    counts: ["lookups"],
    start: (tally) => ({
      lookup(lookup) {
        if (lookup.kind !== kind) return;
        tally.add("lookups");
        if (lookup.partial) tally.add("partial");
        tellFaults(lookup, tally);
      },
    }),
    judge: ({ counters: { partial = 0 } }, { status, judged }) =>
      status === "clean" && partial > 0
        ? {
            note: `${partial} of ${judged} showed only a part of what there is: what they left out is not known`,
          }
        : undefined,
  });
}

export function tellFaults({ user, threadId, atUs, faults }: Lookup, tally: CheckTally): void {
  for (const { code, message, turn, expected, seen } of faults) {
    tally.find(code, "fail", message, 1, {
      ...whereOf({ user, turn, threadId, atUs }),
      expected,
      seen,
    });
  }
}
