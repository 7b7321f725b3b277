// A worker that counts as one of another machine: its clock is measured over a real Redis, and what needs one machine refused.
import { expect, it, onTestFinished } from "vitest";
import { serveFleet } from "../../src/fleet/agent/agent.js";
import { gatherFleet, refuseApart } from "../../src/fleet/coordinator/fleet.js";
import { fleetKey } from "../../src/fleet/messaging/fleet-key.js";
import type { FromWorker } from "../../src/run/process/messages.js";
import type { StartWorker } from "../../src/run/process/worker-link.js";
import type { Scenario } from "../../src/scenarios/scenario.js";
import { nowUs } from "../../src/support/clock.js";
import { waitUntil } from "../e2e/support/wait.js";
import { startRedis } from "../real-stores/support/redis.js";
import { describeWith } from "../support/services.js";

const KEY = fleetKey("k3v9XcYt0pLk2mNb8sDf7gHj4aZw1eRu");
const SCENARIO = {
  name: "s",
  target: { url: "http://127.0.0.1:9", embedded: false },
  load: { kind: "users", stages: [{ users: 4, rampUs: 0, holdUs: 1e6 }], baseline: false },
} as unknown as Scenario;

describeWith(["redis"], "a worker on another machine", () => {
  it("starts at the coordinator's instant in its own clock, and its instants come back in the coordinator's", async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.close());
    const heard: number[] = [];
    // Says the start that it was told as the instant of a fault.
    const startWorker: StartWorker = (number, _users, { onMessage }) => ({
      number,
      tell(message) {
        if (message.type !== "start") return;
        heard.push(message.startUs);
        const fault = { type: "fault", worker: number, fault: 0, occurrence: 0, edge: "begin" } as const;
        onMessage({ ...fault, atUs: message.startUs, users: 1, hits: message.userIds.length });
      },
      end: async () => {},
    });
    const stop = new AbortController();
    const common = { key: KEY, version: "1.2.3", secretUrl: redis.url };
    const agent = { capacity: 10, labels: [], allowedHosts: [], once: false, note: () => {} };
    const serving = serveFleet({
      ...{ ...common, ...agent, name: "alpha", signal: stop.signal, startWorker },
      place: { machine: "the kernel of another machine", network: "its network" },
    });
    const lines: string[] = [];
    const wish = { ...common, agents: 1, waitMs: 20_000 };
    const note = (text: string): void => void lines.push(text);
    const fleet = await gatherFleet(
      SCENARIO,
      { runId: "run1", users: 4, signal: new AbortController().signal },
      wish,
      note,
    );
    expect([fleet.workers, fleet.elsewhere, fleet.apart]).toEqual([1, ["alpha"], ["alpha"]]);
    expect(lines.at(-1)).toMatch(/^fleet: alpha serves worker 0, its clock known to ±/);
    const messages: FromWorker[] = [];
    const link = fleet.startWorker(0, 4, {
      onMessage: (message) => messages.push(message),
      onExit: () => {},
    });
    link.tell({ type: "prepare", plan: { scenario: SCENARIO } as never });
    const startUs = nowUs() + 30_000_000;
    link.tell({
      type: "start",
      startUs,
      startWallUs: 0,
      rampUs: startUs,
      userIds: [
        ["a", 0],
        ["b", 1],
      ],
    });
    await waitUntil("it answers", () => messages.length > 0);
    // One kernel in truth: the measured offset is next to nothing, and not exactly nothing as on one that is known to be.
    expect(Math.abs((heard[0] ?? 0) - startUs)).toBeLessThan(1_000_000);
    expect(messages).toMatchObject([{ type: "fault", atUs: startUs, hits: 2 }]);
    await link.end();
    const embedded = { ...SCENARIO, target: { ...SCENARIO.target, embedded: true } };
    expect(() => refuseApart(embedded, fleet)).toThrow("the worker alpha runs on another");
    expect(() => refuseApart({ ...SCENARIO, via: "proxy" }, fleet)).toThrow(
      "the worker alpha runs on another",
    );
    refuseApart(SCENARIO, fleet);
    await fleet.close();
    stop.abort();
    await serving;
  });
});
