// The search for the largest load that holds: up by doubling, down by halving the gap, then confirmed at full length.
//
//   climb ──broke──▶ bisect ──gap ≤ precision──▶ confirm ──held as often as asked──▶ found
//     │                 ▲                           │broke, or what broke briefly holds
//     └─at the maximum──┼──────────▶ confirm        └──▶ bisect below, or above
//
// It is a pure function of the results so far, which can be tested without a clock.

import type { CapacityEnd } from "../../model/report/capacity.js";

export type ProbePurpose = "climb" | "bisect" | "confirm";

/** One try: hold this load for this long. */
export interface Probe {
  readonly load: number;
  readonly purpose: ProbePurpose;
  readonly holdUs: number;
}

/**
 * `held`: every SLA passed. `broke`: at least one failed. `generator`: this machine was the limit.
 * `unknown`: it could not be judged for another reason.
 */
export type ProbeOutcome = "held" | "broke" | "generator" | "unknown";

export interface ProbeResult {
  readonly probe: Probe;
  readonly outcome: ProbeOutcome;
  /** The SLAs that broke, in order. */
  readonly boundBy: readonly string[];
  /** Duration with ramp, drain and settling, microseconds. */
  readonly tookUs: number;
}

export interface SearchSettings {
  readonly start: number;
  readonly maximum: number;
  /** The search ends at this gap between what holds and what breaks, as a share of what holds. */
  readonly precision: number;
  /** Full-length holds that the answer must pass. */
  readonly confirmations: number;
  readonly probeHoldUs: number;
  readonly confirmHoldUs: number;
  /** Assumed time of a probe in addition to its hold, before the first one. */
  readonly overheadUs: number;
  readonly budgetUs: number;
}

type SearchEnd = Exclude<CapacityEnd, "interrupted">;

export interface SearchAnswer {
  readonly end: SearchEnd;
  /** The largest load that held, if any. */
  readonly holds: number | undefined;
  /** The smallest larger load that did not, if any. */
  readonly breaks: number | undefined;
  readonly confirmed: number;
  readonly boundBy: readonly string[];
}

export type SearchStep =
  | { readonly kind: "probe"; readonly probe: Probe }
  | { readonly kind: "done"; readonly answer: SearchAnswer };

/** Loads are whole numbers from 1. */
export function nextStep(settings: SearchSettings, results: readonly ProbeResult[]): SearchStep {
  const seen = summaryOf(results, settings.confirmHoldUs);
  const done = (end: SearchEnd): SearchStep => ({
    kind: "done",
    answer: { end, ...knownSoFar(settings, results) },
  });
  // Twice in a row without a judgement: a third try would not know more.
  if (results.at(-1)?.outcome === "unknown" && results.at(-2)?.outcome === "unknown") return done("unknown");
  const probe = again(results) ?? nextProbe(settings, seen);
  if (typeof probe === "string") return done(probe);
  const spentUs = results.reduce((sum, { tookUs }) => sum + tookUs, 0);
  if (spentUs + costUs(settings, results, probe) > settings.budgetUs) return done("budget");
  return { kind: "probe", probe };
}

/** One break may be an accident, of a neighbour or the target: a load only breaks if it does so twice. */
function again(results: readonly ProbeResult[]): Probe | undefined {
  const latest = results.at(-1);
  if (latest?.outcome !== "generator" && latest?.outcome !== "broke") return undefined;
  const same = results.filter(
    ({ probe, outcome }) => probe.load === latest.probe.load && outcome === latest.outcome,
  );
  return same.length === 1 ? latest.probe : undefined;
}

/** The answer of a search that was interrupted. */
export function knownSoFar(
  settings: SearchSettings,
  results: readonly ProbeResult[],
): Omit<SearchAnswer, "end"> {
  const { holds, breaks, confirmed, boundBy } = summaryOf(results, settings.confirmHoldUs);
  return { holds, breaks, confirmed, boundBy };
}

interface Seen {
  readonly holds: number | undefined;
  readonly breaks: number | undefined;
  /** Whether the limit above is the generator's, not the target's. */
  readonly byGenerator: boolean;
  readonly boundBy: readonly string[];
  /** Full-length holds at the largest load that held. */
  readonly confirmed: number;
  /** A load that held briefly broke at full length: from then on only full-length holds count. */
  readonly briefMisleads: boolean;
  /** A load broke twice, or at full length: a brief hold may break because of its own start. */
  readonly breakIsSure: boolean;
}

function summaryOf(results: readonly ProbeResult[], fullUs: number): Seen {
  // The last result of a load counts: it is retried if the first may have been an accident.
  const last = [...new Map(results.map((result) => [result.probe.load, result])).values()];
  const limits = last.filter(({ outcome }) => outcome === "broke" || outcome === "generator");
  const limit = limits.reduce<ProbeResult | undefined>(
    (least, one) => (least === undefined || one.probe.load < least.probe.load ? one : least),
    undefined,
  );
  const breaks = limit?.probe.load;
  const held = last.filter(
    ({ outcome, probe }) => outcome === "held" && (breaks === undefined || probe.load < breaks),
  );
  const holds = held.length === 0 ? undefined : Math.max(...held.map(({ probe }) => probe.load));
  const atBreak = results.filter(({ probe, outcome }) => probe.load === breaks && outcome !== "held");
  return {
    holds,
    breaks,
    byGenerator: atBreak.length > 0 && atBreak.every(({ outcome }) => outcome === "generator"),
    boundBy: [...new Set(atBreak.flatMap(({ boundBy }) => boundBy))],
    confirmed: results.filter(
      ({ probe, outcome }) => outcome === "held" && probe.load === holds && probe.holdUs >= fullUs,
    ).length,
    briefMisleads: results.some(
      ({ probe, outcome }, at) =>
        outcome === "broke" &&
        results.slice(0, at).some((before) => before.outcome === "held" && before.probe.load === probe.load),
    ),
    breakIsSure: atBreak.length > 1 || atBreak.some(({ probe }) => probe.holdUs >= fullUs),
  };
}

function nextProbe(settings: SearchSettings, seen: Seen): Probe | SearchEnd {
  const { holds, breaks, byGenerator, confirmed } = seen;
  const short = (load: number, purpose: ProbePurpose): Probe => ({
    load,
    purpose,
    holdUs: seen.briefMisleads ? settings.confirmHoldUs : settings.probeHoldUs,
  });
  if (holds === undefined) {
    if (breaks === undefined) return short(clamp(settings.start, 1, settings.maximum), "climb");
    if (breaks <= 1) return byGenerator ? "generator" : "nothing";
    return short(Math.max(1, Math.floor(breaks / 2)), "bisect");
  }
  if (breaks === undefined && holds < settings.maximum)
    return short(Math.min(settings.maximum, holds * 2), "climb");
  if (breaks !== undefined && breaks - holds > Math.max(1, Math.floor(settings.precision * holds))) {
    return short(clamp(Math.round(Math.sqrt(holds * breaks)), holds + 1, breaks - 1), "bisect");
  }
  if (breaks !== undefined && !seen.breakIsSure)
    return { load: breaks, purpose: "confirm", holdUs: settings.confirmHoldUs };
  if (confirmed < settings.confirmations)
    return { load: holds, purpose: "confirm", holdUs: settings.confirmHoldUs };
  if (breaks === undefined) return "maximum";
  return byGenerator ? "generator" : "found";
}

/** The hold, and what probes so far took in addition to theirs. */
function costUs(settings: SearchSettings, results: readonly ProbeResult[], probe: Probe): number {
  const beside = results.map(({ tookUs, probe: { holdUs } }) => Math.max(0, tookUs - holdUs));
  return probe.holdUs + (beside.length === 0 ? settings.overheadUs : Math.max(...beside));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
