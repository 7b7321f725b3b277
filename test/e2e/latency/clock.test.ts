// Delivery against a clock that is not ours: judged where it can be known, and never guessed.
import { describe, expect, type TestContext, test } from "vitest";
import type { RunReport } from "../../../src/model/report/report.js";
import { FULL_ONLY } from "../../support/tags.js";
import { neutralServer } from "../support/neutral-server.js";
import type { NeutralOptions } from "../support/neutral-service.js";
import { load, scenarioFile } from "../support/scenario.js";
import { expectTimeToMeasure } from "../support/too-busy.js";
import { type RunResult, workspace } from "../support/workspace.js";

const HOURS_MS = 3_600_000;

/** Channels are pinged often, so that the stamped answers tell where the server's clock stands. */
async function run(
  context: TestContext,
  options: NeutralOptions,
  args: readonly string[] = [],
): Promise<RunResult> {
  const { url } = await neutralServer(options);
  const place = workspace(scenarioFile({ url, connect: { ping: "300ms" } }, { load: load(12, "2s", "0s") }));
  const result = await place.run(["e2e", ...args]);
  expectTimeToMeasure(context, result.report);
  return result;
}

function deliveryOf({ sla }: RunReport) {
  return sla.find(({ metric }) => metric === "event.delivery");
}

describe("event.delivery of a server whose clock is unknown", () => {
  for (const [what, stamps] of [
    ["float seconds", "seconds"],
    ["milliseconds", "milliseconds"],
    ["ISO texts", "iso"],
  ] as const) {
    test(`is judged although the clock is hours off, with stamps in ${what}`, {
      tags: FULL_ONLY,
    }, async (context) => {
      const { report } = await run(context, { clockAheadMs: 5 * HOURS_MS, stamps });
      expect(report.verdict).toBe("PASS");
      expect(deliveryOf(report)).toMatchObject({ verdict: "pass" });
      expect(deliveryOf(report)?.observed).toBeLessThan(50);
      const { offsetLowMs, offsetHighMs } = report.clock;
      expect(offsetLowMs).toBeLessThanOrEqual(5 * HOURS_MS + 1);
      expect(offsetHighMs).toBeGreaterThanOrEqual(5 * HOURS_MS - 1);
      expect(Number(offsetHighMs) - Number(offsetLowMs)).toBeLessThan(10);
    });
  }

  for (const [what, options] of [
    ["a stamped welcome", { pong: false }],
    ["stamped answers to pings", { welcome: false }],
    ["answers to pings that are stamped in milliseconds", { welcome: false, stamps: "milliseconds" }],
  ] as const) {
    test(`fails for a constant delay of 1.5 s between stamp and wire, which ${what} told from a shifted clock`, {
      tags: what === "a stamped welcome" ? [] : FULL_ONLY,
    }, async (context) => {
      const { report, code } = await run(context, {
        clockAheadMs: -3 * HOURS_MS,
        wireDelayMs: 1500,
        startsAfterMs: () => 700,
        ...options,
      });
      expect(deliveryOf(report)).toMatchObject({ verdict: "fail" });
      expect(deliveryOf(report)?.observed).toBeGreaterThan(1490);
      expect(deliveryOf(report)?.observed).toBeLessThan(1600);
      expect(report.verdict).toBe("FAIL");
      expect(code).toBe(1);
    });
  }

  test("is no-data, and the run INVALID, if only the delayed events are stamped and it cannot be told", {
    tags: FULL_ONLY,
  }, async (context) => {
    const { report, code } = await run(context, {
      clockAheadMs: -3 * HOURS_MS,
      wireDelayMs: 1500,
      welcome: false,
      pong: false,
      startsAfterMs: () => 1200,
    });
    expect(deliveryOf(report)).toMatchObject({ verdict: "no-data" });
    expect(report.verdict).toBe("INVALID");
    expect(code).toBe(3);
  });

  test("is not checked without stamps: in plain sight, PASS all the same, and INVALID with --strict", {
    tags: FULL_ONLY,
  }, async (context) => {
    const { report, stdout } = await run(context, { stamps: "none" });
    expect(deliveryOf(report)).toMatchObject({ verdict: "not-checked" });
    expect(report.verdict).toBe("PASS");
    expect(report.notChecked.map(({ name }) => name)).toEqual(["event.delivery p99 < 1s"]);
    expect(stdout).toMatch(/not checked: 1 .*event\.delivery/);
    const strict = await run(context, { stamps: "none" }, ["--strict"]);
    expect(strict.report.verdict).toBe("INVALID");
    expect(strict.code).toBe(3);
  });

  test("is no-data if no event fell into the hold, however well the clock is known", {
    tags: FULL_ONLY,
  }, async () => {
    const { url } = await neutralServer({ startsAfterMs: () => 1500 });
    const place = workspace(scenarioFile({ url }, { load: load(4, "1s", "400ms") }));
    const { report, code } = await place.run(["e2e"]);
    expect(deliveryOf(report)).toMatchObject({ verdict: "no-data", n: 0, note: "no samples" });
    expect(report.verdict).toBe("INVALID");
    expect(code).toBe(3);
  });

  test("is no-data, and the run INVALID, if the stamps contradict each other", {
    tags: FULL_ONLY,
  }, async (context) => {
    const { report, code } = await run(context, { stamps: "nonsense" });
    expect(deliveryOf(report)).toMatchObject({ verdict: "no-data" });
    expect(report.findings).toMatchObject([{ check: "frames", code: "stamps" }]);
    expect(report.verdict).toBe("INVALID");
    expect(code).toBe(3);
  });
});
