// From the folded records of a run to the messages of its live page: its state, and the new or changed seconds.
import type { RunFold } from "../../metrics/run-fold.js";
import type { RunHeader } from "../../model/log/run-log.js";
import type { LiveLists, LiveMessage, LivePageData, LiveState } from "../../model/report/live.js";
import type { RunReport } from "../../model/report/report.js";
import type { KeptTurn } from "../../model/turn/turn.js";
import type { ProgressSla } from "../../progress/state.js";
import { faultReports } from "../../report/build/faults.js";
import { phaseReports, timelinePoint } from "../../report/build/timeline.js";
import { errorsOf, liveRule } from "../../run/coordinator/progress-source.js";
import { defined } from "../../support/defined.js";

/** Six hours; older points are only in the report. */
const MAX_POINTS = 21_600;
const MAX_NOTES = 100;

/** The state of rules as the page shows it. */
export function liveRules(results: readonly ProgressSla[]): LiveState["rules"] {
  return results.map(({ metric, rule, currentText, holds, missing }) => ({
    ...{ metric, rule, observed: currentText, ...defined({ holds, missing }) },
  }));
}

/** What the records do not say, and the watcher adds. */
export type Standing = Pick<LiveState, "phase" | "rules"> &
  Partial<Pick<LiveState, "elapsedMs" | "leftMs" | "ended">> &
  Pick<LiveLists, "open"> & {
    /** The last turn that failed, which may not be settled yet. */
    readonly lastFailed?: KeptTurn;
  };

/** What a run is known as once it has ended and was judged. */
export function endedAs({ sla, verdict, summary }: RunReport): Pick<Standing, "phase" | "rules" | "ended"> {
  return {
    phase: "ended",
    rules: liveRules(sla.map((rule) => liveRule(rule, true))),
    ended: { verdict, summary },
  };
}

export class LiveFeed {
  readonly #header: RunHeader;
  #told = 0;
  /** Second → turns whose goodput was sent. */
  readonly #goodput = new Map<number, number>();
  /** Each list as it was last told, as JSON. */
  readonly #lists = new Map<string, string>();

  constructor(header: RunHeader) {
    this.#header = header;
  }

  /** What has changed since the last call. */
  next(fold: RunFold, standing: Standing): LiveMessage {
    const changed = new Set<number>();
    for (const [second, [turns]] of fold.goodput) {
      if (this.#goodput.get(second) !== turns) changed.add(second);
      this.#goodput.set(second, turns);
    }
    const from = this.#told;
    this.#told = fold.points.length;
    const points = fold.points.filter(({ second }, index) => index >= from || changed.has(second));
    const lists = Object.entries(listsOf(fold, standing)).filter(([name, list]) => {
      const text = JSON.stringify(list);
      const changed = this.#lists.get(name) !== text;
      this.#lists.set(name, text);
      return changed;
    });
    return {
      all: false,
      points: points.map(pointsOf(fold)),
      state: this.#state(fold, standing),
      lists: Object.fromEntries(lists),
    };
  }

  /** Everything, for a page opened later. */
  all(fold: RunFold, standing: Standing): LiveMessage {
    const points = fold.points.slice(-MAX_POINTS).map(pointsOf(fold));
    return { all: true, points, state: this.#state(fold, standing), lists: listsOf(fold, standing) };
  }

  #state({ points }: RunFold, { lastFailed: _, open: __, ...standing }: Standing): LiveState {
    const last = points.at(-1);
    return {
      ...standing,
      usersPlanned: this.#header.plannedUsers,
      usersLive: last?.usersLive ?? 0,
      turnsEnded: points.reduce((sum, { turnsEnded }) => sum + turnsEnded, 0),
      turnsInFlight: last?.turnsInFlight ?? 0,
      errors: errorsOf(points),
      workers: (last?.generator ?? []).map(({ worker, cpu, loopDelayP99Us, sendLagP99Us }) => ({
        name: this.#header.servedBy?.[worker] ?? `worker ${worker}`,
        cpu,
        loopDelayMs: loopDelayP99Us / 1000,
        sendLagMs: sendLagP99Us / 1000,
      })),
    };
  }
}

function listsOf(fold: RunFold, { open, lastFailed: seen }: Standing): LiveLists {
  const durationMs = ((fold.points.at(-1)?.second ?? -1) + 1) * 1000;
  const settled = fold.kept.findLast(({ why }) => why === "failed");
  const failed = settled && seen && settled.intendedMs < seen.intendedMs ? seen : (settled ?? seen);
  return {
    phases: phaseReports(fold, durationMs),
    faults: faultReports(fold).map(({ label, beginMs, endMs }) => ({ label, beginMs, endMs })),
    notes: fold.notes.slice(-MAX_NOTES).map(({ atMs, text }) => ({ atMs, text })),
    failed: failed ? [failed] : [],
    ...defined({ open }),
  };
}

function pointsOf(fold: RunFold): (point: RunFold["points"][number]) => LiveMessage["points"][number] {
  return (point) => timelinePoint(point, fold.goodput.get(point.second));
}

export function livePageData({ scenario, target, rules }: RunHeader, stoppable: boolean): LivePageData {
  const limits = new Map<string, number[]>();
  for (const { metric, unit, limit } of rules)
    if (unit === "us") limits.set(metric, [...(limits.get(metric) ?? []), limit / 1000]);
  return {
    scenario: scenario.name,
    target: `${target.name} (${target.url})`,
    limitsMs: Object.fromEntries(limits),
    stoppable,
  };
}
