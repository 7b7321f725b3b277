// What an agent takes for an order, and what it refuses: of another key, for another agent, too old, or played again.
import { describe, expect, it } from "vitest";
import { OrderBook } from "../../../src/fleet/agent/agent.js";
import { fleetKey } from "../../../src/fleet/messaging/fleet-key.js";
import type { JobData } from "../../../src/fleet/messaging/jobs.js";
import { keyOfRun, orderAbout } from "../../../src/fleet/messaging/run-keys.js";

const KEY = fleetKey("a key of the fleet that is long enough");
const SECOND = 1_000_000;
const NOW = 1_700_000_000 * SECOND;

function job(runId: string, { key = KEY, agent = "ab", version = "1.0.0", givenUs = NOW } = {}): JobData {
  const salt = Buffer.from("salt");
  const order = { runId, agent, version, slices: [0, 1], givenUs };
  const sealed = keyOfRun(key, salt).seal(Buffer.from(JSON.stringify(order)), orderAbout(runId, agent));
  return { runId, salt: salt.toString("base64"), sealed: sealed.toString("base64") };
}

const book = () => new OrderBook({ key: KEY, agent: "ab", version: "1.0.0" });

describe("an agent", () => {
  it("takes one order of each run", () => {
    const orders = book();
    expect(orders.open(job("one"), NOW)).toMatchObject({ runId: "one", slices: [0, 1] });
    expect(orders.open(job("two"), NOW + SECOND)).toMatchObject({ runId: "two" });
  });

  it("refuses one that is played again within its minute, and after it", () => {
    const orders = book();
    const kept = job("one");
    orders.open(kept, NOW);
    for (const second of [0, 1, 30, 60])
      expect(() => orders.open(kept, NOW + second * SECOND)).toThrow("given before");
    expect(() => orders.open(kept, NOW + 61 * SECOND)).toThrow("too old");
  });

  it("refuses one that is played again ahead of a clock that stood still, as long as it would be new", () => {
    const orders = book();
    const ahead = job("one", { givenUs: NOW + 59 * SECOND });
    orders.open(ahead, NOW);
    orders.open(job("two", { givenUs: NOW + 100 * SECOND }), NOW + 100 * SECOND);
    expect(() => orders.open(ahead, NOW + 118 * SECOND)).toThrow("given before");
  });

  it("refuses what is of another key, for another agent, under another run's name, or of another version", () => {
    const other = fleetKey("another key of another fleet, as long");
    expect(() => book().open(job("one", { key: other }), NOW)).toThrow("not sealed with the key");
    expect(() => book().open(job("one", { agent: "cd" }), NOW)).toThrow("not sealed with the key");
    expect(() => book().open({ ...job("one"), runId: "two" }, NOW)).toThrow("not sealed with the key");
    expect(() => book().open(job("one", { version: "2.0.0" }), NOW)).toThrow("gp-load 2.0.0");
    expect(() => book().open(job("one", { givenUs: NOW - 61 * SECOND }), NOW)).toThrow("too old");
  });

  it("that refused an order takes it once it is right", () => {
    const orders = book();
    expect(() => orders.open(job("one", { version: "2.0.0" }), NOW)).toThrow();
    expect(orders.open(job("one"), NOW)).toMatchObject({ runId: "one" });
  });
});
