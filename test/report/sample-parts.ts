// The parts of which made-up reports are put together: rules, findings, the machine.

import type { MetricName } from "../../src/model/metric.js";
import type { TimelinePoint } from "../../src/model/report/measured.js";
import type { Finding } from "../../src/model/turn/finding.js";
import type { SlaResult } from "../../src/model/verdict.js";
import { parseRule } from "../../src/sla/grammar.js";
import { HOSTILE } from "./sample-load.js";

export const LIMITS = {
  "message.processing": 5_000,
  "event.delivery": 1_000,
  "agent.response": 60_000,
  "history.query": 100,
};

export const machine = {
  node: "v20.20.2",
  platform: "linux x64",
  cpus: 8,
  cpuModel: "Sample CPU 3.0 GHz",
  memoryBytes: 16 * 1024 ** 3,
};

export function rule(
  metric: MetricName,
  text: string,
  observed: number,
  observedText: string,
  extra: Partial<SlaResult> = {},
): SlaResult {
  const parsed = parseRule(metric, text, "default");
  if ("problem" in parsed) throw new Error(parsed.problem);
  const { comparison, limit, unit } = parsed.rule;
  return {
    metric,
    rule: text,
    verdict: "pass",
    observed,
    observedText,
    comparison,
    limit: unit === "us" ? limit / 1000 : limit,
    limitText: text.split(" ").slice(-2).join(" "),
    n: 1_020,
    violations: 0,
    censored: 0,
    origin: "default",
    ...extra,
  };
}

export function passingRules(): SlaResult[] {
  return [
    rule("message.processing", "p99 < 5s", 114, "114ms"),
    rule("event.delivery", "p99 < 1s", 9.6, "9.60ms", { n: 7_140 }),
    rule("agent.response", "p99 < 60s", 4_350, "4.35s"),
    rule("history.query", "p99 < 100ms", 28.2, "28.2ms", { origin: "scenario" }),
    rule("users.live", "min >= 100", 100, "100", { n: 30 }),
    rule("turns.success", ">= 99%", 1, "100 %"),
    rule("turns.lost", "== 0", 0, "0"),
    rule("events.leaked", "== 0", 0, "0"),
    rule("degradation", "<= 3x", 1.1, "1.10×", {
      n: 59,
      judgedAs: "max <= 3x",
      note: "p95 of agent.response against the baseline step",
    }),
  ];
}

/** The same second, had its slowest turn of `agent.response` never ended. */
export function censorP99(point: TimelinePoint): TimelinePoint {
  const response = point.metrics["agent.response"];
  if (response === undefined) return point;
  return { ...point, metrics: { ...point.metrics, "agent.response": { ...response, p99: null, max: null } } };
}

/** Of one piece of evidence, to be looked for on the pages. */
export const TRACE_OF_EVIDENCE = "0af7651916cd43dd8448eb211c80319c";

export function hostileFindings(): Finding[] {
  return [
    {
      check: "isolation",
      code: "leaked",
      severity: "fail",
      count: 3,
      message: `3 frames held another user's nonce: ${HOSTILE}`,
      evidence: [
        {
          user: 12,
          turn: 3,
          thread: `t-${HOSTILE}`,
          runId: "run-12-3",
          atMs: 21_412.5,
          expected: "mango-zebra-lamp-417c",
          seen: `\x1b[31m${HOSTILE}\u2028&"'`,
        },
        { user: 40, turn: 1, atMs: 22_000, seen: "| pipes | and `ticks` for @someone" },
      ],
    },
    {
      check: "history",
      code: "answer-missing",
      severity: "fail",
      count: 7,
      message: "7 answers are not in the history",
      evidence: [{ user: 5, turn: 2, thread: "t-5", traceId: TRACE_OF_EVIDENCE }],
    },
    {
      check: "critical-events",
      code: "burst",
      severity: "warn",
      count: 31,
      message: "all events of a turn came in one burst",
      evidence: [],
    },
    {
      check: "clock",
      code: "offset",
      severity: "info",
      count: 1,
      message: "the target's clock is 240ms ahead",
      evidence: [],
    },
  ];
}

/** The same rules, four of them broken and one not checked. */
export function failingRules(): SlaResult[] {
  return [
    ...passingRules().map((one): SlaResult => {
      if (one.metric === "history.query")
        return { ...one, verdict: "fail", observed: 212, observedText: "212ms", violations: 61 };
      if (one.metric === "turns.success")
        return { ...one, verdict: "fail", observed: 0.981, observedText: "98.1 %", violations: 19 };
      if (one.metric === "events.leaked")
        return { ...one, verdict: "fail", observed: 3, observedText: "3", violations: 3 };
      if (one.metric === "agent.response")
        return {
          ...one,
          observed: null,
          observedText: "> 60s",
          verdict: "fail",
          censored: 12,
          violations: 2,
        };
      return one;
    }),
    rule("event.delivery", "p50 < 100ms", 0, "–", {
      verdict: "not-checked",
      observed: null,
      n: 0,
      note: `no stamps: ${HOSTILE}`,
    }),
  ];
}
