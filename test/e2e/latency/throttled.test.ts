// A generator that gets a fifth of a CPU: what it measured is its own slowness, and it must say so.
import { expect, onTestFinished, test } from "vitest";
import { FULL_ONLY } from "../../support/tags.js";
import { neutralServer } from "../support/neutral-server.js";
import { isAlive, workersOf } from "../support/processes.js";
import { load, scenarioFile } from "../support/scenario.js";
import { expectTimeToMeasure } from "../support/too-busy.js";
import { waitUntil } from "../support/wait.js";
import { workspace } from "../support/workspace.js";

const PERIOD_MS = 250;
const RUNS_MS = 50;

async function place() {
  const { url } = await neutralServer();
  return workspace(
    scenarioFile(
      { url },
      {
        load: load(10, "5s", "0s"),
        journey: ["connect", { loop: [{ send: {} }, { think: "50ms..150ms" }] }],
        checks: [],
        sla: { "event.delivery": "off" },
      },
    ),
  );
}

test("the run passes when its generator has the CPU that it needs", { tags: FULL_ONLY }, async (context) => {
  const unhindered = await place();
  const { report } = await unhindered.run(["e2e", "--workers", "1"]);
  expectTimeToMeasure(context, report);
  expect(report.verdict).toBe("PASS");
  expect(report.generator.offeredShare).toBeGreaterThan(0.98);
});

test("it is INVALID when its generator was throttled, though all thresholds hold, and says what to do", async () => {
  const throttled = await place();
  const run = throttled.start(["e2e", "--workers", "1"]);
  await waitUntil("the worker runs", () => workersOf(run.pid).length === 1);
  throttle(Number(workersOf(run.pid)[0]));
  const { report, code } = throttled.resultOf(await run.finished);
  expect(report.sla.filter(({ verdict }) => verdict === "fail")).toEqual([]);
  expect([report.verdict, code]).toEqual(["INVALID", 3]);
  const reason = report.invalidReasons.find((one) => one.code === "generator-load");
  expect(report.generator.offeredShare).toBeLessThan(0.98);
  expect(reason?.advice).toMatch(/more workers.*fewer users.*more machines/);
  expect(report.generator.healthy).toBe(false);
});

/** Lets a process run for a fifth of the time, as a bound on its CPU would. */
function throttle(pid: number): void {
  let waking: NodeJS.Timeout | undefined;
  const stopping = setInterval(() => {
    if (!isAlive(pid)) return;
    process.kill(pid, "SIGSTOP");
    waking = setTimeout(() => isAlive(pid) && process.kill(pid, "SIGCONT"), PERIOD_MS - RUNS_MS);
  }, PERIOD_MS);
  onTestFinished(() => {
    clearInterval(stopping);
    clearTimeout(waking);
    if (isAlive(pid)) process.kill(pid, "SIGCONT");
  });
}
