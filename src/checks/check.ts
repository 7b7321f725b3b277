// What a check is: a rule about correctness, fed with settled turns on every worker, judged once for all.

import { z } from "zod";
import type { ModelCallSeen, ModelTurnSeen } from "../model/log/model-call.js";
import type { Lookup, Probe, Recall, StoreReading } from "../model/log/observation.js";
import type { CheckResult } from "../model/log/run-log.js";
import type { MetricName } from "../model/metric.js";
import type { AnsweredTurn } from "../model/turn/answer.js";
import {
  type Evidence,
  type Finding,
  MAX_EVIDENCE,
  mergeFindings,
  type Severity,
} from "../model/turn/finding.js";
import type { SettledTurn } from "../model/turn/turn.js";
import type { Capabilities } from "../profiles/profile.js";
import type { GroupSpec } from "../scenarios/scenario.js";
import type { Leak, Repeat } from "../session/turn/observer.js";
import { defined } from "../support/defined.js";
import type { Judged } from "./quality/judged.js";

/** The counts of one worker's part of a check. Plain data; parts merge by adding. */
export interface CheckPart {
  readonly counters: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  /** What is needed to find problems across workers; bounded, and read by `conclude`. */
  readonly memo?: Readonly<Record<string, string>>;
}

/** One worker's running part of a check. */
export interface CheckState {
  turn(turn: SettledTurn): void;
  leak?(leak: Leak): void;
  /** Repeated work, or a repeated event. */
  repeated?(repeat: Repeat): void;
  /**
   * Each completed turn of a known prompt, at its end, analysed once for all checks. Synchronous and during the load: be
   * quick.
   */
  answer?(answered: AnsweredTurn, judged: Judged): void;
  /** A frame unknown to the profile, by its shape. */
  unrecognised?(frame: { readonly shape: string; readonly user: number; readonly atUs: number }): void;
  /** A search or paged reading, compared with what its user knows. */
  lookup?(lookup: Lookup): void;
  /** An attempt at forbidden access. */
  probe?(probe: Probe): void;
  /** An answered question about a fact. */
  recall?(recall: Recall): void;
  /** One look into a store of the target. */
  stored?(reading: StoreReading): void;
  /** A call of the run's model endpoint, when it started. Only at the coordinator. */
  modelCall?(call: ModelCallSeen): void;
  /** A turn that ended for its user, with its model calls; again for each later call. Only at the coordinator. */
  modelTurn?(turn: ModelTurnSeen): void;
  part(): CheckPart;
}

export interface Check<Options = unknown> {
  readonly summary: string;
  readonly schema: z.ZodType<Options>;
  /** Why it cannot be checked on this target, or `undefined`. */
  readonly unavailable?: (capabilities: Capabilities) => string | undefined;
  /** It judges calls of the run's model endpoint. */
  readonly needsModel?: true;
  /** It judges completed turns: without any planned there is nothing to check. */
  readonly ofAnswers?: true;
  /** @param groupOf the group of a user, if there are groups */
  readonly start: (
    options: Options,
    startUs: () => number,
    groupOf?: (user: number) => GroupSpec | undefined,
  ) => CheckState;
  /** Adds what only the merged memos of all workers show. */
  readonly conclude?: (merged: CheckPart) => CheckPart;
  /** Adds what only the whole shows, given the check's options and the smallest upper limit on a metric, in its unit. */
  readonly weigh?: (
    whole: CheckPart,
    options: Options,
    limitOf: (metric: MetricName) => number | undefined,
  ) => CheckPart;
  readonly judge: (merged: CheckPart) => CheckResult;
  /** For a check with several results, each with its own name. */
  readonly judgeEach?: (merged: CheckPart) => readonly CheckResult[];
}

/** Why checks cannot read answers; `undefined` if the profile knows their text. */
export function unreadable({ emptyAnswers }: Pick<Capabilities, "emptyAnswers">): string | undefined {
  const read = emptyAnswers === undefined || emptyAnswers === "legal";
  return read ? undefined : "the profile does not know where the answer's text is";
}

export function defineCheck<Options>(check: Check<Options>): Check {
  return check as Check;
}

/** A check that counts and finds with a tally, and is judged as usual unless it says more. */
interface TallyCheck<Options> extends Omit<Check<Options>, "schema" | "start" | "judge" | "judgeEach"> {
  /** Without it the check has no options. */
  readonly schema?: z.ZodType<Options>;
  /** What it listens to. */
  readonly start: (
    tally: CheckTally,
    options: Options,
    groupOf?: (user: number) => GroupSpec | undefined,
  ) => Partial<CheckState>;
  /** Counters that add up to what it judged; `turns` by default. */
  readonly counts?: readonly string[];
  /** The note if it judged nothing. */
  readonly noData?: string;
  /** What differs from the usual judgement. */
  readonly judge?: (merged: CheckPart, usual: CheckResult) => Partial<CheckResult> | undefined;
}

export const noOptions = z.strictObject({}).prefault({});

export function defineTallyCheck<Options = z.output<typeof noOptions>>(
  check: string,
  { schema, start, counts = ["turns"], noData = "no turn to judge", judge, ...more }: TallyCheck<Options>,
): Check {
  return defineCheck<Options>({
    ...more,
    schema: schema ?? (noOptions as z.ZodType<Options>),
    start(options, startUs, groupOf) {
      const tally = new CheckTally(check, startUs);
      return { turn() {}, part: () => tally.part(), ...start(tally, options, groupOf) };
    },
    judge(merged) {
      const judged = counts.reduce((sum, counter) => sum + (merged.counters[counter] ?? 0), 0);
      const usual = plainJudgement(check, merged, judged, noData);
      return { ...usual, ...judge?.(merged, usual) };
    },
  });
}

/** Counters and findings of a check: exact counts, bounded evidence. */
export class CheckTally {
  readonly #check: string;
  readonly #startUs: () => number;
  readonly #counters: Record<string, number> = {};
  readonly #findings = new Map<string, Finding>();

  constructor(check: string, startUs: () => number) {
    this.#check = check;
    this.#startUs = startUs;
  }

  add(counter: string, by = 1): void {
    this.#counters[counter] = (this.#counters[counter] ?? 0) + by;
  }

  /** Adds `count` to one kind of problem; converts `atUs` to milliseconds since the start barrier. */
  find(
    code: string,
    severity: Severity,
    message: string,
    count: number,
    evidence: Evidence & { readonly atUs?: number },
  ): void {
    let finding = this.#findings.get(code);
    if (!finding) {
      finding = { check: this.#check, code, severity, count: 0, message, evidence: [] };
      this.#findings.set(code, finding);
    }
    finding.count += count;
    if (finding.evidence.length >= MAX_EVIDENCE) return;
    const { atUs, ...rest } = evidence;
    finding.evidence.push(
      // What is found before the start barrier is known has no place after it.
      atUs === undefined ? rest : { ...rest, atMs: Math.round((atUs - this.#startUs()) / 1000) || 0 },
    );
  }

  part(): CheckPart {
    return { counters: { ...this.#counters }, findings: [...this.#findings.values()] };
  }
}

/** What is known of the place of a finding. */
interface Whereabouts {
  readonly user: number;
  readonly turn?: number | undefined;
  readonly threadId?: string | undefined;
  readonly runId?: string | undefined;
  readonly atUs?: number;
  readonly intendedUs?: number;
}

/** The place of a finding, as evidence: bounded ids, and its time or the intended start of its turn. */
export function whereOf(
  { user, turn, threadId, runId, intendedUs, atUs = intendedUs }: Whereabouts,
  foundUs = atUs,
) {
  const [thread, run] = [threadId?.slice(0, 64), runId?.slice(0, 64)];
  return { user, ...defined({ turn, thread, runId: run, atUs: foundUs }) };
}

/** Adds the parts of all workers; joins memo entries of several workers with a space. */
export function mergeParts(parts: readonly CheckPart[]): CheckPart {
  const counters: Record<string, number> = {};
  for (const part of parts) {
    for (const [name, count] of Object.entries(part.counters)) counters[name] = (counters[name] ?? 0) + count;
  }
  const findings = mergeFindings(parts.flatMap((part) => part.findings));
  return parts.some(({ memo }) => memo)
    ? { counters, findings, memo: mergeMemos(parts) }
    : { counters, findings };
}

function mergeMemos(parts: readonly CheckPart[]): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const { memo } of parts) {
    for (const [key, entry] of Object.entries(memo ?? {}))
      merged[key] = merged[key] === undefined ? entry : `${merged[key]} ${entry}`;
  }
  return merged;
}

/** The usual judgement: no-data if nothing was judged, found if anything failed, otherwise clean. */
export function plainJudgement(
  check: string,
  merged: CheckPart,
  judged: number,
  noData = "no turn to judge",
): CheckResult {
  if (merged.findings.some((finding) => finding.severity === "fail"))
    return { check, status: "found", judged };
  return judged === 0
    ? { check, status: "no-data", judged, note: noData }
    : { check, status: "clean", judged };
}
