// The rules that apply where a scenario says nothing else.
import { describe, expect, it } from "vitest";
import { METRIC_NAMES } from "../../src/model/metric.js";
import { effectiveRules } from "../../src/sla/defaults.js";
import { rule } from "../support/records.js";

const ALL = {
  produced: new Set<string>(METRIC_NAMES),
  users: 100,
  baseline: true,
  checks: new Set<string>(),
};
const texts = (rules: ReturnType<typeof effectiveRules>) =>
  rules.map(({ metric, text }) => `${metric} ${text}`);

describe("the default rules", () => {
  it("are the five of the brief and what goes with them", () => {
    expect(texts(effectiveRules({ rules: [], off: [] }, ALL))).toEqual([
      "message.processing p99 < 5s",
      "event.delivery p99 < 1s",
      "agent.response p99 < 60s",
      "history.query p99 < 100ms",
      "users.live min >= 100",
      "search.query p99 < 100ms",
      "store.query p99 < 100ms",
      "http.request p99 < 5s",
      "wait.time p99 < 60s",
      "step.time p99 < 60s",
      "turns.success >= 99%",
      "turns.lost == 0",
      "events.duplicate == 0",
      "events.out-of-order == 0",
      "events.leaked == 0",
      "degradation <= 3x",
    ]);
  });

  it("apply only to what the journey produces", () => {
    const rules = effectiveRules({ rules: [], off: [] }, { ...ALL, produced: new Set(["history.query"]) });
    expect(texts(rules)).toEqual(["history.query p99 < 100ms"]);
    expect(rules[0]?.origin).toBe("default");
  });

  it("give way to what the scenario writes of the same metric, and to off", () => {
    const own = [rule("agent.response", "p95 < 9s"), rule("agent.response", "max < 20s")];
    const rules = effectiveRules({ rules: own, off: ["history.query"] }, ALL);
    expect(texts(rules).filter((text) => text.startsWith("agent.response"))).toEqual([
      "agent.response p95 < 9s",
      "agent.response max < 20s",
    ]);
    expect(texts(rules).some((text) => text.startsWith("history.query"))).toBe(false);
  });

  it("judge degradation only if a baseline step runs", () => {
    const rules = effectiveRules({ rules: [], off: [] }, { ...ALL, baseline: false });
    expect(texts(rules).some((text) => text.startsWith("degradation"))).toBe(false);
  });

  it("compare the halves of a hold only if one is long", () => {
    const long = effectiveRules({ rules: [], off: [] }, { ...ALL, longHold: true });
    expect(texts(long)).toContain("degradation.over-time <= 1.5x");
    expect(texts(effectiveRules({ rules: [], off: [] }, ALL)).join()).not.toContain("over-time");
  });

  it("judge the quality of answers only if the check is on", () => {
    const on = effectiveRules({ rules: [], off: [] }, { ...ALL, checks: new Set(["quality"]) });
    expect(texts(on).filter((text) => text.startsWith("quality."))).toEqual([
      "quality.substantive >= 95%",
      "quality.relevant >= 95%",
      "quality.complete >= 99%",
    ]);
    expect(texts(effectiveRules({ rules: [], off: [] }, ALL)).join()).not.toContain("quality.");
  });
});
