// A service that slows down while its load stays the same is found by the halves of the hold.
import { setTimeout } from "node:timers/promises";
import { describe, it } from "vitest";
import { type Backend, startBackend } from "../reference/backend.js";
import { runHere } from "../support/run-here.js";

const HOLD_MS = 16_000;

/** Holds 16 users, who begin at once; `inTheMiddle` is done after half of the hold. */
async function judged(inTheMiddle: (backend: Backend) => Promise<void> = async () => {}) {
  const backend = await startBackend();
  try {
    const run = runHere(
      { url: backend.url },
      {
        load: { users: 16, ramp: "0s", hold: `${HOLD_MS}ms`, baseline: false },
        journey: ["connect", { loop: [{ send: {} }, { think: "100ms..200ms" }] }],
        sla: { "degradation.over-time": "<= 1.5x" },
      },
    );
    while (Number((await backend.control("GET", "/stats")).body.messagesAccepted) === 0) await setTimeout(50);
    await setTimeout(HOLD_MS / 2);
    await inTheMiddle(backend);
    const { sla } = await run;
    return sla.find(({ metric }) => metric === "degradation.over-time");
  } finally {
    await backend.close();
  }
}

describe.concurrent("a hold of one load", { timeout: 60_000 }, () => {
  it("passes if the service stays as it is", async ({ expect }) => {
    expect(await judged()).toMatchObject({ verdict: "pass" });
  });

  it("fails if every turn waits longer in its second half", async ({ expect }) => {
    const slow = { name: "slow-processing", params: { ms: 1200 } };
    const result = await judged((backend) => backend.switchOn(slow));
    expect(result).toMatchObject({ verdict: "fail", rule: "<= 1.5x" });
    expect(result?.note).toMatch(/^message\.processing p95 .* → .*s$/);
  });
});
