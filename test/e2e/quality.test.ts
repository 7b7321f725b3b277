// Answers spoilt by the reference backend an exact number of times are found just as often, and its good ones are good.
import { describe, expect, test } from "vitest";
import type { RunReport } from "../../src/model/report.js";
import type { DefectOrder } from "../../src/reference/defects/book.js";
import { PROMPTS } from "../../src/scenarios/prompts/library.js";
import { reference } from "./support/reference.js";
import { countedJourney, scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

const COUNT = 3;
const USERS = 5;
const TURNS = 6;

/** Defects that do not touch each other's answers, seeded into one run; defect → the finding that must count it. */
interface Spoilt {
  readonly defects: Readonly<Record<string, string>>;
  readonly workers: number;
  /** Findings that the defect may bring with it: an answer to another question has that question's figures. */
  readonly besides?: readonly string[];
}

const SPOILT: readonly Spoilt[] = [
  {
    defects: {
      "echo-prompt": "quality/echo",
      "canned-answer": "quality/canned",
      "empty-answer": "quality/empty",
      "cut-off-answer": "quality/not-complete",
    },
    workers: 1,
  },
  { defects: { "contradicting-figures": "consistency/contradicting-figures" }, workers: 1 },
  { defects: { "contradicting-figures": "consistency/contradicting-figures" }, workers: 2 },
  {
    defects: { "cached-answer": "quality/cached" },
    workers: 1,
    besides: ["consistency/contradicting-figures"],
  },
  {
    defects: { "cached-answer": "quality/cached" },
    workers: 2,
    besides: ["consistency/contradicting-figures"],
  },
];

async function run(
  defects: readonly DefectOrder[],
  {
    journey = countedJourney(TURNS),
    workers = 1,
  }: { readonly journey?: readonly unknown[]; readonly workers?: number } = {},
) {
  const backend = await reference({ defects });
  const place = workspace(
    scenarioFile(
      { url: backend.url },
      {
        load: { users: USERS, ramp: "0s", hold: "30s", baseline: false },
        journey,
        checks: ["quality", "consistency"],
        sla: { "users.live": "off" },
      },
    ),
  );
  const result = await place.run(["e2e", "--workers", String(workers)]);
  const injected = await Promise.all(defects.map(({ name }) => backend.injected(name)));
  return { ...result, injected, accepted: await backend.accepted() };
}

const failingRules = ({ sla }: RunReport): readonly string[] =>
  sla.filter(({ verdict }) => verdict === "fail").map(({ metric }) => metric);

describe(`answers that were spoilt ${COUNT} times are found just as often`, () => {
  for (const { defects, workers, besides = [] } of SPOILT) {
    const names = Object.keys(defects);
    test(`${names.join(", ")}, with ${workers} worker(s)`, async () => {
      const orders = names.map((name) => ({ name, count: COUNT }));
      const { report, code, injected, accepted } = await run(orders, { workers });
      expect(injected).toEqual(names.map(() => COUNT));
      expect(accepted).toBe(USERS * TURNS);
      const wanted = Object.values(defects);
      const told = report.findings
        .map(({ check, code: finding, severity, count, evidence }) => ({
          key: `${check}/${finding}`,
          severity,
          count,
          evidence,
        }))
        .filter(
          ({ key, severity }) => wanted.includes(key) || (severity === "fail" && !besides.includes(key)),
        );
      expect(Object.fromEntries(told.map(({ key, count }) => [key, count]))).toEqual(
        Object.fromEntries(wanted.map((key) => [key, COUNT])),
      );
      for (const { user, turn, expected, seen } of told.flatMap(({ evidence }) => evidence)) {
        expect(user).toBeLessThan(USERS);
        expect(turn).toBeLessThan(TURNS);
        expect(expected).toBeTruthy();
        expect(seen).toBeTruthy();
      }
      if (names.includes("cut-off-answer")) expect(failingRules(report)).toContain("quality.complete");
      expect(report.verdict).toBe("FAIL");
      expect(code).toBe(1);
    });
  }
});

test("good answers to every prompt of the library are clean, and reach every threshold", async () => {
  const each = PROMPTS.map(({ id }) => ({ send: { prompt: id } }));
  const { report, accepted } = await run([], {
    journey: ["connect", { loop: { steps: each, times: 1 } }],
    workers: 2,
  });
  expect(accepted).toBe(USERS * PROMPTS.length);
  expect(report.findings).toEqual([]);
  expect(report.checks.map(({ check, status, judged }) => [check, status, judged])).toEqual([
    ["quality", "clean", accepted],
    ["consistency", "clean", accepted],
  ]);
  const shares = report.sla.filter(({ metric }) => metric.startsWith("quality."));
  expect(shares.map(({ metric, verdict, observed, n }) => [metric, verdict, observed, n])).toEqual([
    ["quality.substantive", "pass", 1, accepted],
    ["quality.relevant", "pass", 1, accepted],
    ["quality.complete", "pass", 1, accepted],
  ]);
  expect(report.verdict, report.summary).not.toBe("FAIL");
});

test("a mix of prompts, asked as fast as they are answered, is clean", async () => {
  const { report } = await run([]);
  expect(report.findings).toEqual([]);
  expect(report.verdict, report.summary).not.toBe("FAIL");
});

test("an unknown rule of quality is refused by name", async () => {
  const place = workspace(
    scenarioFile({ url: "http://127.0.0.1:9" }, { checks: [{ quality: { politeness: 0.9 } }] }),
  );
  const refused = await place.start(["e2e"]).finished;
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("politeness");
});
