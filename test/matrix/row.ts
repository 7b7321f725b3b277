// One row of the defect matrix: a scenario, what is seeded into its backend, and what the report must count.
import type { Anomaly, Outcome } from "../../src/model/turn/ledger.js";
import type { DefectName } from "../../src/reference/defects/table.js";
import type { ReferenceOptions } from "../../src/reference/options.js";

/**
 * Where a report counts something: a finding as `check/code`, the sum of those whose code so begins, an anomaly of events, an outcome of turns, the violations
 * of a metric's rule; or only that a rule fails or that there is some finding whose code so begins, where what the defect does cannot be
 * counted by looking.
 */
export type Reading =
  | `${string}/${string}`
  | `anomaly ${Anomaly}`
  | `outcome ${Outcome}`
  | `violations ${string}`
  | `rule ${string}`
  | `some ${string}/${string}`
  | `sum ${string}/${string}`;

/** Keys of a scenario as a file has them. */
export type ScenarioKeys = Readonly<Record<string, unknown>>;

export interface Row {
  /** Name in scenarios.yaml. */
  readonly scenario: string;
  /** What is wrong with the backend, in the words of a reader. */
  readonly wrong: string;
  readonly defect: DefectName;
  readonly params?: Readonly<Record<string, unknown>>;
  /** How often it is seeded; `always` where the defect is a state rather than an event. Default 3. */
  readonly count?: number | "always";
  /** Each must count exactly what the backend did; the first is the one to show. */
  readonly finds: readonly [Reading, ...Reading[]];
  /** Metrics whose rules fail with it, beside those that `finds` implies. */
  readonly fails?: readonly string[];
  /** Findings that may come with it, in whatever number: they depend on the moment. */
  readonly mayFind?: readonly `${string}/${string}`[];
  /** Metrics whose rules may fail with it. */
  readonly mayFail?: readonly string[];
  /** Seeded only once the hold has begun, for rules that judge the hold. Otherwise from the start. */
  readonly from?: "hold";
  /** What the scenario says otherwise, in whatever size. */
  readonly change?: ScenarioKeys;
  /** What the target says otherwise. */
  readonly target?: ScenarioKeys;
  /** How the backend is started. */
  readonly backend?: ReferenceOptions;
  readonly workers?: number;
  /** What is otherwise in a short run. */
  readonly short?: {
    readonly params?: Readonly<Record<string, unknown>>;
    readonly count?: number | "always";
    readonly change?: ScenarioKeys;
    readonly backend?: ReferenceOptions;
    /** Rows of one scenario with the same word share a short run: they leave each other's traces alone. */
    readonly together?: string;
    /** Other tests that seed and count it in a short run of their own. */
    readonly provenBy?: string;
    /** Takes its time: only in the shipped size, in the proof. */
    readonly onlyInProof?: true;
  };
}

/** In short runs, for rows whose turns never end: they wait less long. */
export const IMPATIENT: ScenarioKeys = {
  turn: { timeout: "5s" },
  sla: { "agent.response": "max < 4900ms", "message.processing": "max < 4900ms" },
};

export type Size = "short" | "shipped";

export function nameOf({ scenario, wrong }: Row): string {
  return `${scenario}: ${wrong}`;
}

/** How often the row is seeded in a run of this size. */
export function countOf(row: Row, size: Size): number | "always" {
  return (size === "short" ? row.short?.count : undefined) ?? row.count ?? 3;
}

export function paramsOf(row: Row, size: Size): Readonly<Record<string, unknown>> {
  return { ...row.params, ...(size === "short" ? row.short?.params : {}) };
}
