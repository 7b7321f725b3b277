// Check `fairness`: users who were there first do not have to wait for those who come later.
import { z } from "zod";
import { isJudged } from "../model/log/phase.js";
import type { SettledTurn } from "../model/turn/turn.js";
import type { GroupSpec } from "../scenarios/scenario.js";
import { NEGLIGIBLE_SHARE } from "../sla/degradation.js";
import { minimumSamples, violatesForCertain } from "../sla/samples.js";
import { formatUs } from "../support/units.js";
import { type CheckPart, CheckTally, defineTallyCheck } from "./check.js";

const NAME = "fairness";
/** Times are counted in powers of this: a p95 is exact to half a percent, over any number of workers. */
const STEP = 1.005;
const NEVER = "never";
const NEEDED = minimumSamples(95_000);

const options = z
  .strictObject({
    factor: z.number().min(1).max(100).default(2).describe("Most that p95 may be of what it was alone"),
  })
  .prefault({});

export const fairness = defineTallyCheck(NAME, {
  summary: "users who were there alone are not made to wait by the groups that stay out of the baseline step",
  schema: options,
  start: (tally, _options, groupOf) => ({ turn: (turn) => count(turn, groupOf?.(turn.user), tally) }),
  weigh(merged, { factor }, limitOf) {
    const limitUs = limitOf("agent.response");
    if (limitUs === undefined) return { ...merged, counters: { ...merged.counters, unlimited: 1 } };
    const { alone, together } = comparison(merged);
    const mostUs = Math.max(factor * alone.p95Us, alone.p95Us + NEGLIGIBLE_SHARE * limitUs);
    if (lackOf(merged) !== undefined || !isBeyond(together, mostUs)) return merged;
    const tally = new CheckTally(NAME, () => 0);
    tally.find("held-up", "fail", "users waited for the heavy work of others", 1, {
      expected: `p95 of agent.response at most ${factor} × ${formatUs(alone.p95Us)}, as alone (n = ${alone.n})`,
      seen: `${timeText(together.p95Us)} next to the others (n = ${together.n})`,
    });
    return { ...merged, findings: [...merged.findings, ...tally.part().findings] };
  },
  judge(merged) {
    const { alone, together } = comparison(merged);
    const judged = together.n;
    const note = `p95 of agent.response ${timeText(alone.p95Us)} alone (n = ${alone.n}), ${timeText(together.p95Us)} next to the others (n = ${together.n})`;
    if (merged.findings.length > 0) return { judged, note };
    const lack =
      lackOf(merged) ?? (together.n < NEEDED ? tooFew(together.n, "next to the others") : undefined);
    return lack === undefined ? { status: "clean", judged, note } : { status: "no-data", judged, note: lack };
  },
});

/** Whether the p95 exceeds a time; with too few turns for a p95, whether that many above it cannot be chance. */
function isBeyond({ n, p95Us, beyond }: Times, us: number): boolean {
  return n < NEEDED ? violatesForCertain(95_000, n, beyond(us)) : p95Us > us;
}

/**
 * Turns by the phase of their intended start; turns that never completed rank above every time. A user's first turn does
 * not count: a service just started is slow, which would make the time alone look long.
 */
function count(turn: SettledTurn, group: GroupSpec | undefined, tally: CheckTally): void {
  if (!group || turn.outcome === "inFlightAtEnd" || (group.baseline && turn.turn === 0)) return;
  const held = isJudged(turn.phase);
  if (!group.baseline) {
    if (held) tally.add("beside");
    return;
  }
  if (!held && turn.phase !== "baseline") return;
  const tookUs = turn.outcome === "completed" ? turn.terminalUs - turn.intendedUs : Number.NaN;
  const bucket = tookUs > 0 ? String(Math.round(Math.log(tookUs) / Math.log(STEP))) : NEVER;
  tally.add(`${held ? "together" : "alone"} ${bucket}`);
}

interface Times {
  readonly n: number;
  /** Infinity if the rank falls on a turn that never completed. */
  readonly p95Us: number;
  /** Turns that took longer. */
  beyond(us: number): number;
}

function comparison({ counters }: CheckPart): { readonly alone: Times; readonly together: Times } {
  return { alone: timesOf("alone ", counters), together: timesOf("together ", counters) };
}

function timesOf(prefix: string, counters: CheckPart["counters"]): Times {
  const buckets = Object.entries(counters)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, turns]) => {
      const bucket = key.slice(prefix.length);
      return { us: bucket === NEVER ? Number.POSITIVE_INFINITY : STEP ** Number(bucket), turns };
    })
    .sort((a, b) => a.us - b.us);
  const n = buckets.reduce((sum, { turns }) => sum + turns, 0);
  let left = Math.ceil((95 * n) / 100);
  const at = buckets.find(({ turns }) => {
    left -= turns;
    return left <= 0;
  });
  return {
    n,
    p95Us: at?.us ?? Number.NaN,
    beyond: (most) => buckets.reduce((sum, { us, turns }) => sum + (us > most ? turns : 0), 0),
  };
}

/** What is missing for a judgement. */
function lackOf(merged: CheckPart): string | undefined {
  const { alone } = comparison(merged);
  const { beside = 0, unlimited = 0 } = merged.counters;
  if (unlimited > 0) return "no rule limits agent.response, so no growth can be called too large";
  if (beside === 0) return "no one worked next to them: mark the heavy group `baseline: false`";
  if (alone.n < NEEDED) return `${tooFew(alone.n, "alone")}: switch the load's baseline on`;
  return Number.isFinite(alone.p95Us) ? undefined : "turns alone never completed: nothing to compare with";
}

function tooFew(n: number, where: string): string {
  return `${n} turns ${where}, ${NEEDED} needed`;
}

function timeText(us: number): string {
  if (Number.isNaN(us)) return "–";
  return Number.isFinite(us) ? formatUs(us) : "endless";
}
