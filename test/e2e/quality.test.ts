// Good answers are good: to every prompt of the library, and as fast as they come.
import { expect, test } from "vitest";
import { libraryPrompts } from "../../src/scenarios/prompts/library.js";
import { FULL_ONLY } from "../support/tags.js";
import { reference } from "./support/reference.js";
import { countedJourney, scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

const PROMPTS = libraryPrompts();

const USERS = 5;
const TURNS = 6;

async function run({
  journey = countedJourney(TURNS),
  workers = 1,
}: {
  readonly journey?: readonly unknown[];
  readonly workers?: number;
} = {}) {
  const backend = await reference();
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
  return { ...result, accepted: await backend.accepted() };
}

test("good answers to every prompt of the library are clean, and reach every threshold", {
  tags: FULL_ONLY,
}, async () => {
  const each = PROMPTS.map(({ id }) => ({ send: { prompt: id } }));
  const { report, accepted } = await run({
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

test("a mix of prompts, asked as fast as they are answered, is clean", { tags: FULL_ONLY }, async () => {
  const { report } = await run();
  expect(report.findings).toEqual([]);
  expect(report.verdict, report.summary).not.toBe("FAIL");
});

test("an unknown rule of quality is refused by name", { tags: FULL_ONLY }, async () => {
  const place = workspace(
    scenarioFile({ url: "http://127.0.0.1:9" }, { checks: [{ quality: { politeness: 0.9 } }] }),
  );
  const refused = await place.start(["e2e"]).finished;
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("politeness");
});
