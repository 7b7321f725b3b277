// What the store probes mean for the run: an unavailable store, and the query plan of a slow lookup.

import type { InvalidReason } from "../../model/log/run-log.js";
import { STORE_NAMES, type StoreName } from "../../model/log/store.js";
import type { Finding } from "../../model/turn/finding.js";
import type { SlaRule } from "../../model/verdict.js";
import { formatUs } from "../../support/units.js";
import type { ProbeState, WorkerState } from "../process/messages.js";

/** Share of probes that may go unanswered: what the p99 they serve allows. */
const MAX_UNREACHABLE = 0.01;

type Probes = ReadonlyMap<StoreName, ProbeState>;

/** The probes of all workers, by store. */
export function probesOf(states: readonly WorkerState[]): Probes {
  const merged = new Map<StoreName, ProbeState>();
  for (const store of STORE_NAMES) {
    for (const state of states) {
      const one = state.stores?.[store];
      if (!one) continue;
      const known = merged.get(store);
      const slower = (one.slowest?.us ?? 0) > (known?.slowest?.us ?? 0) ? one.slowest : known?.slowest;
      merged.set(store, {
        probes: one.probes + (known?.probes ?? 0),
        unreachable: one.unreachable + (known?.unreachable ?? 0),
        cause: known?.cause ?? one.cause,
        slowest: slower,
      });
    }
  }
  return merged;
}

/** A threshold on lookups says nothing about a store that was down: nobody knows how long they would have taken. */
export function storeCauses(rules: readonly SlaRule[], probes: Probes): readonly InvalidReason[] {
  return [...probes].flatMap(([store, { probes: asked, unreachable, cause }]) => {
    const judged = rules.some(({ metric }) => metric === "store.query" || metric.endsWith(`.${store}`));
    if (!judged || unreachable <= Math.floor(asked * MAX_UNREACHABLE)) return [];
    return [
      {
        code: "store-unreachable",
        message: `${store} could not be read in ${unreachable} of ${asked} probes: ${cause ?? "no answer"}`,
        advice:
          "check its URL under `stores`, its role's rights and its queries; or write `store.query: off`",
      },
    ];
  });
}

/** The slowest lookup of each store that provides a query plan, for people to read. */
export function slowQueries(probes: Probes): readonly Finding[] {
  return [...probes].flatMap(([store, { slowest }]): Finding[] => {
    if (!slowest?.plan) return [];
    const seen = `${formatUs(slowest.us)}\n${slowest.plan}`;
    const message = `a look-up in ${store} was slow: its plan`;
    return [
      { check: "stores", code: "slow-query", severity: "warn", count: 1, message, evidence: [{ seen }] },
    ];
  });
}
