// The verdict of a run: PASS, FAIL or INVALID, from thresholds, checks, ledger and the generator's own health.

import type { Distribution } from "../metrics/distribution.js";
import type { CheckResult, InvalidReason, NotChecked } from "../model/log/run-log.js";
import type { StartCounts } from "../model/log/starts.js";
import { imbalance, type Ledger } from "../model/turn/ledger.js";
import type { SlaResult, Verdict } from "../model/verdict.js";
import { EXIT, type ExitCode, worstExit } from "../support/errors.js";
import { formatCount, formatUs } from "../support/units.js";
import { remedy, stuckSockets, type WorkerHealth } from "./generator.js";
import { MIN_OFFERED, type Standstill } from "./own-delay.js";
import { minimumSamples, toleratedViolations, violatesForCertain } from "./samples.js";
import { generatorDroppedTooMany } from "./starts.js";

/** One of the generator's own delays in the hold: its p99, and whether that certainly exceeds the limit. */
export interface OwnDelay {
  readonly p99Us: number | undefined;
  readonly exceeded: boolean;
}

/** With few samples, only what cannot be chance counts. */
export function ownDelay(delays: Distribution | undefined): OwnDelay {
  if (!delays || delays.attempts === 0) return { p99Us: undefined, exceeded: false };
  const late = delays.violations.at(-1) ?? 0;
  const enough = delays.attempts >= minimumSamples(P99);
  const exceeded = enough
    ? late > toleratedViolations(P99, delays.attempts)
    : violatesForCertain(P99, delays.attempts, late);
  return { p99Us: delays.valueAt(0.99), exceeded };
}

const P99 = 99_000;

export interface VerdictInput {
  readonly sla: readonly SlaResult[];
  readonly checks: readonly CheckResult[];
  readonly ledger: Ledger;
  readonly generator: {
    readonly standstills: readonly Standstill[];
    /** Share of the planned load offered in the hold; `undefined` without a hold. */
    readonly offered: number | undefined;
    /** Starts of the hold; a closed load plans none. */
    readonly starts: StartCounts;
    readonly workers: readonly WorkerHealth[];
  };
  /** Reasons known already: no user ready, a worker lost, a clock that jumped … */
  readonly causes: readonly InvalidReason[];
  readonly usersReady: number;
  readonly interrupted: boolean;
  /** The broken rule that ended the run early. */
  readonly aborted?: string;
  readonly notChecked: readonly NotChecked[];
  readonly strict: boolean;
  /** A bug of ours ended it, according to its last record. */
  readonly crashed: boolean;
  /** The log has no last record: the run was killed, ended by a second Ctrl-C, or the file was cut off. */
  readonly cutOff: boolean;
}

export interface VerdictResult {
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
  readonly invalidReasons: readonly InvalidReason[];
  /** One sentence for people. */
  readonly summary: string;
}

export function judgeRun(input: VerdictInput): VerdictResult {
  const invalidReasons = invalidReasonsOf(input);
  // Without a ready user, nothing could have failed.
  const judgeable = input.usersReady > 0;
  const failures = judgeable ? failuresOf(input) : [];
  const codes: ExitCode[] = [EXIT.pass];
  if (input.crashed) codes.push(EXIT.bug);
  if (input.interrupted) codes.push(EXIT.interrupted);
  if (failures.length > 0) codes.push(EXIT.fail);
  if (invalidReasons.length > 0) codes.push(EXIT.invalid);
  const verdict: Verdict = failures.length > 0 ? "FAIL" : invalidReasons.length > 0 ? "INVALID" : "PASS";
  return {
    verdict,
    exitCode: worstExit(codes),
    invalidReasons,
    summary: summaryOf(verdict, failures, invalidReasons, input),
  };
}

function failuresOf({ sla, checks }: VerdictInput): readonly string[] {
  const thresholds = sla
    .filter(({ verdict }) => verdict === "fail")
    .map(({ metric, step }) => (step ? `${metric} (${step})` : metric));
  const found = checks.filter(({ status }) => status === "found").map(({ check }) => `check ${check}`);
  return [...thresholds, ...found];
}

function invalidReasonsOf(input: VerdictInput): readonly InvalidReason[] {
  const reasons: InvalidReason[] = [...input.causes];
  const add = (code: string, message: string, advice?: string): void => {
    reasons.push(advice === undefined ? { code, message } : { code, message, advice });
  };
  const advice = "the report shows what was measured; run it again";
  if (input.crashed) add("crashed", "a bug in gp-load ended the run", advice);
  else if (input.cutOff) add("cut-off", "the run was cut off: its log ends without the final record", advice);
  if (input.interrupted)
    add("interrupted", "the run was interrupted", "the report shows what was measured until then");
  if (input.aborted !== undefined)
    add("aborted", `the run was ended early: ${input.aborted}`, "the rest of its plan was not measured");
  if (input.usersReady === 0)
    return reasons.length > 0 ? reasons : [{ code: "no-user", message: "no user was ever ready" }];
  generatorReasons(input, add);
  const off = imbalance(input.ledger);
  if (off !== 0)
    add(
      "ledger",
      `the ledger does not balance: ${off} turns have no outcome`,
      "this is a bug in gp-load: please report it",
    );
  if (input.ledger.inFlightAtEnd > 0 && !input.interrupted && input.aborted === undefined) {
    add("in-flight", `${input.ledger.inFlightAtEnd} turns were still in flight at the end`);
  }
  for (const result of input.sla) {
    if (result.verdict !== "no-data") continue;
    if (result.byGenerator) add("generator-lag", unknownRule(result), remedy(input.generator.workers));
    else add("no-data", unknownRule(result), result.advice);
  }
  for (const { check, status, note } of input.checks) {
    if (status === "no-data") add("no-data", `check ${check}: ${note ?? "nothing to judge"}`);
  }
  const missed = input.notChecked.filter(({ byProfile }) => !byProfile);
  if (input.strict && missed.length > 0)
    add("not-checked", `not checked (--strict): ${missed.map(({ name }) => name).join(", ")}`);
  return reasons;
}

/** What was observed, and why it is not enough. */
function unknownRule({ metric, rule, step, observedText, n, note = "no data" }: SlaResult): string {
  const name = `${metric} ${rule}${step === undefined ? "" : ` (${step})`}`;
  return n === 0 ? `${name}: ${note}` : `${name}: observed ${observedText}; ${note}`;
}

/**
 * What the generator did that may have changed the verdict: it stood still, or did not offer the load. Its delays only
 * affect rules, which report that themselves.
 */
function generatorReasons(
  { generator }: VerdictInput,
  add: (code: string, message: string, advice?: string) => void,
): void {
  const { standstills, offered, starts, workers } = generator;
  const advice = remedy(workers);
  for (const { message } of described(standstills))
    add("generator-stopped", message, "keep the machine awake and its processes running, and run it again");
  if (generatorDroppedTooMany(starts)) {
    add(
      "generator-dropped",
      `the generator dropped ${formatCount(starts.droppedByGenerator)} of ${formatCount(starts.planned)} planned starts`,
      advice,
    );
  } else if (offered !== undefined && offered < MIN_OFFERED) {
    const percent = Math.floor(offered * 1000) / 10;
    const message = `the generator was so late that it offered ${percent}% of the planned load; ${MIN_OFFERED * 100}% are needed`;
    add("generator-load", message, advice);
  }
  const stuck = stuckSockets(workers);
  if (stuck) add("generator-backpressure", stuck, advice);
}

/** Standstills listed individually. */
const MAX_STANDSTILLS = 3;

function described(standstills: readonly Standstill[]): readonly { readonly message: string }[] {
  const shown = standstills.slice(0, MAX_STANDSTILLS).map(({ worker, second, us }) => ({
    message: `worker ${worker} stood still for ${formatUs(us)}, from second ${second} of the run: nothing is known about that time`,
  }));
  const left = standstills.length - shown.length;
  return left > 0 ? [...shown, { message: `workers stood still ${formatCount(left)} times more` }] : shown;
}

function summaryOf(
  verdict: Verdict,
  failures: readonly string[],
  reasons: readonly InvalidReason[],
  { notChecked, sla, checks }: VerdictInput,
): string {
  if (verdict === "FAIL")
    return `${failures.length === 1 ? "failed" : `${failures.length} failed`}: ${failures.join(", ")}`;
  if (verdict === "INVALID") return reasons[0] ? reasons[0].message : "no verdict is possible";
  const passed = sla.filter((result) => result.verdict === "pass").length;
  const left = notChecked.length > 0 ? `; ${notChecked.length} not checked` : "";
  const clean = checks.length > 0 ? "every check is clean" : "no checks were requested";
  return `all ${passed} thresholds hold, ${clean}, the ledger balances${left}`;
}
