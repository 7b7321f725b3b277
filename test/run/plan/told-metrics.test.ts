// Every default rule on every profile: judged where the target can tell its metric, and else no reason for INVALID.
import { describe, expect, it } from "vitest";
import { offlineProtocol } from "../../../src/app/offline-protocol.js";
import { isComparison, sampledUnit } from "../../../src/model/metric.js";
import { emptyAnomalies } from "../../../src/model/turn/ledger.js";
import { PROFILES, profileNamed } from "../../../src/profiles/index.js";
import { runHeader } from "../../../src/run/plan/header.js";
import { planRun } from "../../../src/run/plan/plan.js";
import type { Scenario } from "../../../src/scenarios/scenario.js";
import { assess } from "../../../src/sla/assess.js";
import { NO_OWN_DELAY } from "../../../src/sla/own-delay.js";
import { defined } from "../../support/defined.js";
import { folded, ledger, second, times } from "../../support/records.js";
import { CONNECT, loop, SEND, scenario, TARGET } from "../../support/scenario.js";

const SOCKET = { send: { q: "{text}" }, events: [{ path: "t", kinds: { end: "agent_completed" } }] };
const HEARD = [
  { path: "t", kinds: { begin: "agent_started", word: "answer_delta", end: "agent_completed" } },
];
const QUALITY = ["quality.substantive", "quality.relevant", "quality.complete", "quality.recall"];

/** Profile, its options, and the defaults that it has nothing for. */
const TABLE: readonly (readonly [string, object, readonly string[]])[] = [
  ["golden-path", {}, []],
  ["netra", {}, []],
  ["ag-ui", {}, []],
  ["ai-sdk", {}, ["event.delivery"]],
  ["langgraph", {}, ["event.delivery"]],
  ["openai-responses", {}, ["event.delivery"]],
  ["openai-chat", {}, ["event.delivery"]],
  ["openai-realtime", {}, ["event.delivery"]],
  ["a2a", {}, []],
  ["anthropic-messages", {}, ["event.delivery"]],
  ["ollama", {}, ["message.processing"]],
  ["generic", SOCKET, ["event.delivery", "message.processing", ...QUALITY]],
  ["generic", { ...SOCKET, text: "a" }, ["event.delivery", "message.processing"]],
  ["generic", { ...SOCKET, text: "a", timestamp: "at" }, ["message.processing"]],
  ["generic", { ...SOCKET, events: HEARD, timestamp: "at" }, QUALITY],
  ["generic", { ...SOCKET, events: HEARD, timestamp: "at", text: "a" }, []],
];

function headerOf(profile: string, given: object) {
  const options = defined(profileNamed(profile)).schema.parse(given);
  const target = { ...TARGET, profile, options };
  const checks = ["quality", "context"].map((check) => ({ check, options: {} }));
  const asked: Scenario = scenario({ target, journey: [CONNECT, loop([SEND])], checks });
  const { capabilities } = offlineProtocol(target);
  const plan = planRun(asked);
  const fixed = { runId: "r", version: "0", workers: 1, strict: true, startedAt: new Date(0) };
  return runHeader({ scenario: asked, plan, capabilities, ...fixed });
}

/** A run of a sound target, which tells every metric but those. */
function judged({ rules, tells, target }: ReturnType<typeof headerOf>, untold: readonly string[]) {
  const told = rules.filter(({ metric }) => sampledUnit(metric) !== undefined && !untold.includes(metric));
  const hold = Object.fromEntries(told.map(({ metric }) => [metric, { samples: times(300, 1000) }]));
  const stamped = untold.includes("event.delivery") ? 0 : 300;
  const quality = untold.includes("quality.relevant")
    ? {}
    : {
        quality: { answers: 100, substantive: 100, relevant: 100, complete: 100 },
        context: { recalls: 10, recall: 10 },
      };
  const state = {
    ledgerByPhase: { hold: ledger({ attempted: 100, completed: 100 }) },
    starts: {},
    anomalies: emptyAnomalies(),
    clock: { mode: target.clock, stamped, lowUs: 0, highUs: 1000, future: 0, driftUs: 0 },
    checkCounters: quality,
    workersLost: 0,
  };
  const fold = folded([...rules], [second(0, [...rules], { hold }, { usersLive: 100 })]);
  const context = { plannedSamples: {}, own: NO_OWN_DELAY, turnTimeoutUs: 90_000_000 };
  return assess(fold, state, tells ? { ...context, tells } : context);
}

describe("the default rules on each profile", () => {
  it("are in the table", () => {
    expect([...new Set(TABLE.map(([profile]) => profile))].sort()).toEqual(Object.keys(PROFILES).sort());
  });

  it.each(TABLE)("of %s with %j that it has nothing for are not checked, and the others pass", (...line) => {
    const [profile, options, untold] = line;
    const header = headerOf(profile, options);
    const results = judged(header, untold).filter(({ metric }) => !isComparison(metric));
    const by = (verdict: string) =>
      results.filter((one) => one.verdict === verdict).map(({ metric }) => metric);
    expect(by("no-data")).toEqual([]);
    expect(by("fail")).toEqual([]);
    expect(by("not-checked").sort()).toEqual([...untold].sort());
    // By the profile's own words, so that --strict can be passed.
    expect(by("not-checked").filter((metric) => header.tells?.never[metric] === undefined)).toEqual([]);
  });

  it.each(TABLE.filter(([, , untold]) => untold.length === 0))(
    "of %s that promises the start of a turn miss it where no turn had one",
    (profile, options) => {
      const header = headerOf(profile, options);
      const processing = judged(header, ["message.processing"]).find(
        ({ metric }) => metric === "message.processing",
      );
      // An agent of A2A may answer at once, without a task that starts.
      const promised = profile !== "generic" && profile !== "a2a";
      expect(processing?.verdict).toBe(promised ? "no-data" : "not-checked");
    },
  );
});
