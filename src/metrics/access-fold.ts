// Access probes folded into groups: exact counts of who tried what and what was answered, and the first probes of each.

import { PROBE_RESULTS } from "../model/log/observation.js";
import type { ProbeRecord } from "../model/log/run-log.js";
import type { AccessGroup, AccessReport } from "../model/report/report.js";
import { defined } from "../support/defined.js";

/** Probes kept per group; the run log has all of them. */
export const MAX_PROBES_SHOWN = 100;
/** A target whose answers never repeat must not fill the report. */
const MAX_GROUPS = 500;
const OTHER = "(further answers)";

type OpenGroup = { -readonly [K in keyof AccessGroup]: AccessGroup[K] } & {
  probes: AccessGroup["probes"][number][];
};

export class AccessFold {
  readonly #groups = new Map<string, OpenGroup>();

  add({ probe }: ProbeRecord): void {
    const { kind, seeker, attempt, expected, result, user, owner, thread, atMs } = probe;
    const key = (answer: string): string => `${result}\n${kind}\n${answer}`;
    const known = this.#groups.has(key(probe.answer)) || this.#groups.size < MAX_GROUPS;
    const answer = known ? probe.answer : OTHER;
    let group = this.#groups.get(key(answer));
    if (!group) {
      group = { kind, seeker, attempt, expected, answer, result, count: 0, probes: [] };
      this.#groups.set(key(answer), group);
    }
    group.count++;
    if (group.probes.length >= MAX_PROBES_SHOWN) return;
    group.probes.push({
      user,
      ...defined({ owner, thread }),
      atMs,
    });
  }

  /** Worst first, then by name; `undefined` if nothing was probed. */
  report(): AccessReport | undefined {
    if (this.#groups.size === 0) return undefined;
    const groups = [...this.#groups.values()].sort(
      (a, b) =>
        PROBE_RESULTS.indexOf(a.result) - PROBE_RESULTS.indexOf(b.result) ||
        a.kind.localeCompare(b.kind, "en") ||
        a.answer.localeCompare(b.answer, "en"),
    );
    const sum = (result: AccessGroup["result"]): number =>
      groups.reduce((all, group) => (group.result === result ? all + group.count : all), 0);
    return {
      probes: sum("breach") + sum("unclear") + sum("refused"),
      refused: sum("refused"),
      breaches: sum("breach"),
      unclear: sum("unclear"),
      groups,
    };
  }
}
