// Users who go away and come back, log out and in, and page through what they missed find everything once.
import { expect, test } from "vitest";
import { reference } from "./support/reference.js";
import { scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

const JOURNEY = [
  "connect",
  {
    loop: {
      times: 2,
      steps: [
        { send: {} },
        { burst: { messages: 2, wait: false } },
        { think: "150ms" },
        { offline: { for: "700ms" } },
        { think: "1200ms" },
        "logout",
        { page: { limit: 3 } },
        { page: { limit: 2, order: "desc" } },
      ],
    },
  },
];
const CHECKS = ["paging", "ordering", "critical-events", "isolation", "history"];

test("going away, logging out and paging find nothing if nothing was seeded", async () => {
  const { url } = await reference();
  const place = workspace(
    scenarioFile(
      { url },
      {
        load: { users: 4, ramp: "0s", hold: "8s", baseline: false },
        journey: JOURNEY,
        checks: CHECKS,
        settle: "1s",
        sla: { "users.live": "off", "history.query": "max < 5s" },
      },
    ),
  );
  const { report } = await place.run(["e2e"]);
  expect(report.findings.filter(({ severity }) => severity === "fail")).toEqual([]);
  expect(report.checks.map(({ status }) => status)).toEqual(CHECKS.map(() => "clean"));
  expect(report.ledger.completed).toBe(report.ledger.attempted);
  expect(report.verdict, report.summary).not.toBe("FAIL");
});
