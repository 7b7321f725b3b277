// What failed, since when and for whom, in words: what readers of a report want to know first.
import { isJudged } from "../../model/log/phase.js";
import type { TimelinePoint } from "../../model/report/measured.js";
import type { RunReport } from "../../model/report/report.js";
import type { Evidence, Finding } from "../../model/turn/finding.js";
import type { SlaResult } from "../../model/verdict.js";
import { formatCount } from "../../support/units.js";
import { plural } from "./wording.js";

/** A plot over time that shows a failure: the percentiles of a metric, or one of the plots of the load. */
export type FailurePlot =
  | { readonly kind: "latency"; readonly metric: string }
  | { readonly kind: "users" | "turns" | "errors" };

export interface Failure {
  readonly name: string;
  readonly what: string;
  /** Empty if unknown. */
  readonly since: string;
  readonly whom: string;
  /** The first few turns that show it. */
  readonly examples: readonly Pick<Evidence, "user" | "turn">[];
  readonly plot?: FailurePlot;
}

/** A plot next to a failure: its place on the page, and the failure's number. */
export type FailurePlace = FailurePlot & { readonly place: string; readonly failure: number };

/** The others are in the tables of rules and findings. */
export const MAX_SHOWN_FAILURES = 8;
const MAX_EXAMPLES = 3;

/** Broken rules, then failed findings, each in the order of the report. */
export function failuresOf(report: RunReport): readonly Failure[] {
  const rules = report.sla.filter(({ verdict }) => verdict === "fail");
  const findings = report.findings.filter(({ severity }) => severity === "fail");
  const covered = new Set<Finding>();
  const broken = rules.map((rule) => {
    const finding = findings.find((one) => ANOMALY_RULES[rule.metric] === `${one.check}/${one.code}`);
    if (!finding) return brokenRule(rule, report);
    covered.add(finding);
    const { since, whom, examples } = failedFinding(finding);
    return { ...brokenRule(rule, report), since, whom, examples };
  });
  return [...broken, ...findings.filter((one) => !covered.has(one)).map(failedFinding)];
}

/** Rules on the same events as a finding, which knows when and for whom. */
const ANOMALY_RULES: Readonly<Record<string, string>> = {
  "events.duplicate": "critical-events/duplicate",
  "events.out-of-order": "critical-events/out-of-order",
};

/** The plots of the shown failures: each once, next to the first failure that it shows. */
export function failurePlaces(report: RunReport): readonly FailurePlace[] {
  const seen = new Set<string>();
  return failuresOf(report)
    .slice(0, MAX_SHOWN_FAILURES)
    .flatMap(({ plot }, failure) => {
      const key = JSON.stringify(plot);
      if (plot === undefined || seen.has(key)) return [];
      seen.add(key);
      return [{ place: `failed-${failure}`, failure, ...plot }];
    });
}

function brokenRule(rule: SlaResult, report: RunReport): Failure {
  const plot = plotOf(rule.metric, report);
  const step = rule.step === undefined ? "" : ` (${rule.step})`;
  return {
    name: `${rule.metric} ${rule.rule}${step}`,
    what: `${rule.metric}${statisticOf(rule)} was ${rule.observedText}; ${limitOf(rule)}`,
    since: sinceWhen(rule, report),
    whom: forWhom(rule, report),
    examples: examplesOf(rule, report),
    ...(plot ? { plot } : {}),
  };
}

const COMPARISON_WORDS = {
  "<": "below ",
  "<=": "at most ",
  ">": "above ",
  ">=": "at least ",
  "==": "",
} as const satisfies Record<SlaResult["comparison"], string>;

/** `it must be below 100ms`. */
function limitOf({ comparison, limitText }: SlaResult): string {
  return `it must be ${COMPARISON_WORDS[comparison]}${limitText.replace(/^[<>=]+ */, "")}`;
}

/** ` p95`; nothing for metrics that are one number. */
function statisticOf({ rule }: SlaResult): string {
  const [, statistic] = /^(p[\d.]+|max|min|mean) /.exec(rule) ?? [];
  return statistic === undefined ? "" : ` ${statistic}`;
}

function failedFinding({ check, code, message, count, evidence }: Finding): Failure {
  const instants = evidence.flatMap(({ atMs }) => atMs ?? []);
  const users = [...new Set(evidence.flatMap(({ user }) => user ?? []))];
  const named = users
    .slice(0, 5)
    .map((user) => `${user}`)
    .join(", ");
  const more = users.length > 5 || evidence.length < count ? ", and perhaps others" : "";
  return {
    name: `${check} / ${code}`,
    what: message,
    since: instants.length === 0 ? "" : `first seen ${runTime(Math.min(...instants) / 1000)} into the run`,
    whom:
      users.length === 0
        ? plural(count, "time")
        : `${plural(count, "time")}, ${users.length === 1 ? "user" : "users"} ${named}${more}`,
    examples: evidence
      .filter(({ user, turn }) => user !== undefined && turn !== undefined)
      .slice(0, MAX_EXAMPLES),
  };
}

function plotOf(metric: string, report: RunReport): FailurePlot | undefined {
  if (report.timeline.some((point) => point.metrics[metric])) return { kind: "latency", metric };
  if (report.timeline.length === 0) return undefined;
  if (metric === "users.live") return { kind: "users" };
  if (metric === "turns.rate" || metric.startsWith("goodput")) return { kind: "turns" };
  if (metric.startsWith("turns.") || metric === "errors.over-time") return { kind: "errors" };
  return undefined;
}

/** The seconds of the hold in which it was broken, if single seconds show it. */
function sinceWhen(rule: SlaResult, report: RunReport): string {
  if (rule.metric === "turns.lost") {
    const due = report.turns.filter(({ outcome }) => outcome === "lost").map(({ atMs }) => atMs);
    return due.length === 0 ? "" : `the first was due ${runTime(Math.min(...due) / 1000)} into the run`;
  }
  const broken = brokenIn(rule);
  if (!broken) return "";
  const phase = report.phases.find(({ key, label }) => isJudged(key) && (label ?? key) === rule.step)?.key;
  const held = report.timeline.filter((point) =>
    phase === undefined ? isJudged(point.phase) : point.phase === phase,
  );
  const known = held.filter((point) => broken(point) !== undefined);
  const bad = known.filter((point) => broken(point) === true);
  const [first] = bad;
  const last = bad.at(-1);
  if (!first || !last) return known.length === 0 ? "" : "in no single second, only over the hold as a whole";
  const where = `in ${formatCount(bad.length)} of ${plural(known.length, "second")} of the hold`;
  if (bad.length === known.length) return `from the start of the hold to its end, ${where}`;
  if (first === last) return `${runTime(first.second)} into the run, in a single second`;
  return last === known.at(-1)
    ? `since ${runTime(first.second)} into the run to the end of the hold, ${where}`
    : `from ${runTime(first.second)} to ${runTime(last.second)} into the run, ${where}`;
}

type Broken = (point: TimelinePoint) => boolean | undefined;

/** Whether a second broke the rule; `undefined` if it does not show it. No function if no second can. */
function brokenIn({ metric, rule, comparison, limit }: SlaResult): Broken | undefined {
  const beyond = (value: number): boolean =>
    comparison === "<"
      ? value >= limit
      : comparison === "<="
        ? value > limit
        : comparison === ">"
          ? value <= limit
          : value < limit;
  const statistic = timelineStatistic(rule);
  if (statistic !== undefined && (comparison === "<" || comparison === "<=")) {
    return ({ metrics }) => {
      const one = metrics[metric];
      if (!one) return undefined;
      const value = one[statistic];
      // A censored rank is beyond every limit.
      return value === null ? true : beyond(value);
    };
  }
  if (metric === "users.live") return ({ usersLive }) => beyond(usersLive);
  if (metric === "turns.rate") return ({ turnsEnded }) => beyond(turnsEnded);
  if (metric === "goodput")
    return ({ intended, good }) => (intended ? beyond((good ?? 0) / intended) : undefined);
  if (metric === "turns.success") return ({ errors }) => Object.values(errors).some((count) => count > 0);
  return undefined;
}

/** The next higher percentile in the timeline. */
function timelineStatistic(rule: string): "p50" | "p95" | "p99" | "max" | undefined {
  if (rule.startsWith("max")) return "max";
  const percent = Number(/^p([\d.]+)/.exec(rule)?.[1] ?? Number.NaN);
  if (Number.isNaN(percent)) return undefined;
  return percent <= 50 ? "p50" : percent <= 95 ? "p95" : "p99";
}

/** Why a turn was lost: reasons that no other outcome has. */
const LOST_REASONS: readonly string[] = ["no_events", "ack_only", "no_terminal", "closed"];

function forWhom(rule: SlaResult, { ledger }: RunReport): string {
  const { n, violations, censored, metric } = rule;
  const broken = violations + censored;
  if (broken === 0 || n === 0) return "";
  const unit = metric === "users.live" ? "seconds" : /^(turns|events)\./.test(metric) ? "turns" : "samples";
  const never = censored > 0 ? `, ${formatCount(censored)} of which never ended` : "";
  const reasons = metric.startsWith("turns.")
    ? Object.entries(ledger.reasons)
        .filter(([reason, count]) => count > 0 && (metric !== "turns.lost" || LOST_REASONS.includes(reason)))
        .sort((a, b) => b[1] - a[1])
        .slice(0, MAX_EXAMPLES)
        .map(([reason, count]) => `${reason} ${formatCount(count)}`)
    : [];
  const why = reasons.length > 0 ? ` (${reasons.join(", ")})` : "";
  // Events are counted, and there may be several in one turn.
  const among = metric.startsWith("events.") ? "in" : "of";
  return `${formatCount(broken)} ${among} ${formatCount(n)} ${unit}${never}${why}`;
}

/** Kept turns that show it, if the metric is about turns. */
function examplesOf(rule: SlaResult, { turns }: RunReport): Failure["examples"] {
  const shows = turns.filter(({ why, outcome, responseMs, phase }) => {
    if (rule.metric === "turns.lost") return outcome === "lost";
    if (!isJudged(phase)) return false;
    const unanswered = why === "failed" && outcome !== "completed";
    // A turn that ended otherwise is censored.
    if (rule.metric === "agent.response") return unanswered || responseMs === null || responseMs > rule.limit;
    return rule.metric.startsWith("turns.") && unanswered;
  });
  return shows.slice(0, MAX_EXAMPLES);
}

/** Seconds of the run as in the plots: `0:42`, `1:02:03`. */
function runTime(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  const rest = `${Math.floor((whole % 3600) / 60)}:${two(whole % 60)}`;
  return whole < 3600 ? rest : `${Math.floor(whole / 3600)}:${rest.padStart(5, "0")}`;
}

/** Turns per judged second, and the share that met every limit; `undefined` without such seconds. */
export function throughputOf({
  timeline,
}: Pick<RunReport, "timeline">): { readonly turns: number; readonly good: number | undefined } | undefined {
  const held = timeline.filter(({ phase }) => isJudged(phase));
  if (held.length === 0) return undefined;
  const sum = (of: (point: TimelinePoint) => number | null): number =>
    held.reduce((all, point) => all + (of(point) ?? 0), 0);
  const intended = sum((point) => point.intended);
  return {
    turns: sum((point) => point.turnsEnded) / held.length,
    good: intended === 0 ? undefined : sum((point) => point.good) / intended,
  };
}
