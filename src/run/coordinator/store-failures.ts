// What the probes of the stores mean for the run: a store that was not there, and the plan of a slow look-up.

import type { InvalidReason } from "../../model/log/run-log.js";
import { STORE_NAMES, type StoreName } from "../../model/log/store.js";
import type { Finding } from "../../model/turn/finding.js";
import type { SlaRule } from "../../model/verdict.js";
import { formatUs } from "../../support/units.js";
import type { ProbeState, WorkerState } from "../process/messages.js";

/** Share of the probes that may find nobody there, as the p99 that they are for. */
const MOST_UNREACHABLE = 0.01;

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

/** A threshold on look-ups says nothing of a store that was away: what it would have taken cannot be known. */
export function storeCauses(rules: readonly SlaRule[], probes: Probes): readonly InvalidReason[] {
  return [...probes].flatMap(([store, { probes: asked, unreachable, cause }]) => {
    const judged = rules.some(({ metric }) => metric === "store.query" || metric.endsWith(`.${store}`));
    if (!judged || unreachable <= Math.floor(asked * MOST_UNREACHABLE)) return [];
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

/** The slowest look-up of each store that explains itself, for people. */
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
