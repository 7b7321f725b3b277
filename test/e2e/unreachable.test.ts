// A target that cannot be loaded at all: INVALID within 15 seconds, with the cause and what to do next.
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { FULL_ONLY } from "../support/tags.js";
import type { Wishes } from "./support/neutral-behaviour.js";
import { neutralServer } from "./support/neutral-server.js";
import { load, scenarioFile } from "./support/scenario.js";
import { type RunResult, workspace } from "./support/workspace.js";

/** From the first attempt on, and with the start and the end of the processes on a busy machine. */
const WITHIN_MS = 15_000;
const ALTOGETHER_MS = 40_000;

function expectCause(
  { report, code, stdout, stderr, tookMs }: RunResult,
  reason: string,
  advice: RegExp,
): void {
  expect(report.verdict).toBe("INVALID");
  expect(report.invalidReasons[0]?.code).toBe(reason);
  expect(report.invalidReasons[0]?.advice).toMatch(advice);
  expect(stdout).toContain("INVALID");
  expect(stdout).toContain(report.invalidReasons[0]?.message);
  expect(stdout).toContain("what to do:");
  expect(stdout).toMatch(advice);
  expect(report.ledger.attempted).toBe(0);
  expect(stderr).not.toMatch(/^\s+at /m);
  // Its workers went home, since there was nothing to do.
  expect(stderr).not.toContain("was lost");
  expect(code).toBe(3);
  expect(report.durationMs).toBeLessThan(WITHIN_MS);
  expect(tookMs).toBeLessThan(ALTOGETHER_MS);
}

/** A port that was free a moment ago: nobody listens there. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

describe("a target that cannot be loaded is INVALID with exit code 3, with cause and advice", () => {
  test("nothing listens at its port", { tags: FULL_ONLY }, async () => {
    const place = workspace(scenarioFile({ url: `http://127.0.0.1:${await closedPort()}` }));
    expectCause(await place.run(["e2e"]), "ECONNREFUSED", /is the backend running/);
  });

  test("its name does not resolve", { tags: FULL_ONLY }, async () => {
    const place = workspace(scenarioFile({ url: "http://127.0.0.1:9" }));
    const url = "http://nonexistent.invalid";
    const result = await place.run(["e2e", "--target", url, "--allow-host", "nonexistent.invalid"]);
    expectCause(result, result.report.invalidReasons[0]?.code ?? "", /resol/);
    expect(["ENOTFOUND", "EAI_AGAIN"]).toContain(result.report.invalidReasons[0]?.code);
  });

  const behaviours: readonly (readonly [string, Wishes, string, RegExp])[] = [
    ["every log-in is answered 401", { logins: "refused" }, "login-refused", /accounts of the target/],
    ["an upgrade is never answered", { upgrades: "never" }, "upgrade-timeout", /own log/],
    [
      "an upgrade is answered 404",
      { upgrades: "refused", upgradeStatus: 404 },
      "upgrade-failed",
      /path of the socket/,
    ],
    ["an upgrade is answered 503", { upgrades: "refused", upgradeStatus: 503 }, "upgrade-failed", /socket/],
    [
      "an upgrade is answered 401",
      { upgrades: "refused", upgradeStatus: 401 },
      "upgrade-refused",
      /another carrier/,
    ],
    ["a socket closes at once", { upgrades: "closes-at-once" }, "closed-at-once", /backend's own log/],
  ];
  for (const [what, behaviour, reason, advice] of behaviours) {
    test(what, { tags: reason === "login-refused" ? [] : FULL_ONLY }, async () => {
      const { url } = await neutralServer(behaviour);
      const place = workspace(scenarioFile({ url }, { load: load(10, "5s") }));
      expectCause(await place.run(["e2e"]), reason, advice);
    });
  }
});
