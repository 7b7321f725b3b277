// Rules for a whole timeline: every fault can be undone, does not overlap itself or a similar one, and ends with the load.
import { loadDurationUs } from "../load/load.js";
import type { Fault } from "../scenarios/parse/explain.js";
import type { FaultSpec, LoadSpec } from "../scenarios/scenario.js";
import { formatUs } from "../support/units.js";
import type { FaultAction } from "./action.js";
import { MAX_OCCURRENCES, nominalBegins } from "./timeline.js";

type Actions = Readonly<Record<string, FaultAction>>;

/** What is wrong with the timeline for any target; paths start at the scenario. */
export function problemsOfTimeline(
  actions: Actions,
  faults: readonly FaultSpec[],
  load: LoadSpec,
): readonly Fault[] {
  const loadUs = loadDurationUs(load);
  const own = faults.flatMap((spec, at) => problemsOfOne(actions, spec, at, loadUs));
  return own.length > 0 ? own : overlaps(actions, faults, loadUs);
}

function problemsOfOne(actions: Actions, spec: FaultSpec, at: number, loadUs: number): readonly Fault[] {
  const { atUs, forUs, everyUs, jitterUs, action, options } = spec;
  const lasts = actions[action]?.lasts?.(options) ?? "lasting";
  const problems: Fault[] = [];
  const problem = (key: string | undefined, message: string, hint?: string): void => {
    problems.push({ path: key === undefined ? ["faults", at] : ["faults", at, key], message, hint });
  };
  if (lasts === "lasting" && forUs === 0)
    problem(undefined, `\`${action}\` would never be undone`, "say how long it lasts: for: 5s");
  if (lasts === "instant" && forUs > 0)
    problem("for", `\`${action}\` is over at once, so it cannot last`, "leave out `for`");
  const latestEndUs = atUs + jitterUs + forUs;
  if (atUs >= loadUs)
    problem("at", `starts at ${formatUs(atUs)}, after the end of the load at ${formatUs(loadUs)}`);
  else if (latestEndUs > loadUs) {
    const message = `may end at ${formatUs(latestEndUs)}, after the end of the load at ${formatUs(loadUs)}`;
    problem(forUs > 0 ? "for" : "jitter", message, "start earlier, or hold the load longer");
  }
  if (everyUs !== undefined && everyUs < forUs + jitterUs) {
    const message = `overlaps itself: it may last until ${formatUs(forUs + jitterUs)} after its start, and repeats every ${formatUs(everyUs)}`;
    problem("every", message, `every: ${Math.ceil((forUs + jitterUs) / 1_000_000)}s or more`);
  } else if (nominalBegins(spec, loadUs).length > MAX_OCCURRENCES) {
    problem("every", `happens more than ${MAX_OCCURRENCES.toLocaleString("en-US")} times in this load`);
  }
  return problems;
}

interface Stretch {
  readonly at: number;
  readonly fromUs: number;
  readonly toUs: number;
}

/** Faults that disturb the same thing must not be active at once: the end of one would undo the other. */
function overlaps(actions: Actions, faults: readonly FaultSpec[], loadUs: number): readonly Fault[] {
  const byClaim = new Map<string, Stretch[]>();
  for (const [at, spec] of faults.entries()) {
    if (spec.forUs === 0) continue;
    const claim = actions[spec.action]?.claim?.(spec.options) ?? spec.action;
    const stretches = nominalBegins(spec, loadUs).map((fromUs) => ({
      at,
      fromUs,
      toUs: fromUs + spec.jitterUs + spec.forUs,
    }));
    byClaim.set(claim, [...(byClaim.get(claim) ?? []), ...stretches]);
  }
  const found = new Map<number, Fault>();
  for (const stretches of byClaim.values()) {
    stretches.sort((a, b) => a.fromUs - b.fromUs);
    let last: Stretch | undefined;
    for (const next of stretches) {
      if (last && next.fromUs < last.toUs && !found.has(next.at)) {
        const message = `overlaps faults[${last.at}], which disturbs the same thing and may last from ${formatUs(last.fromUs)} to ${formatUs(last.toUs)}`;
        found.set(next.at, { path: ["faults", next.at], message });
      }
      if (!last || next.toUs > last.toUs) last = next;
    }
  }
  return [...found.values()];
}
