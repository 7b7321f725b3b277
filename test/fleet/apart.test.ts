// What listens on the coordinator's loopback is refused where a worker has another, and nothing else is.
import { describe, expect, it } from "vitest";
import { type Fleet, refuseApart } from "../../src/fleet/coordinator/fleet.js";
import { ownPlace } from "../../src/fleet/messaging/machine.js";
import type { Scenario } from "../../src/scenarios/scenario.js";

const SCENARIO = { name: "s", target: { url: "http://127.0.0.1:9", embedded: false } } as unknown as Scenario;
const EMBEDDED = { ...SCENARIO, target: { ...SCENARIO.target, embedded: true } };
const PROXIED: Scenario = { ...SCENARIO, via: "proxy" };
const fleet = (elsewhere: readonly string[], apart: readonly string[]) => ({ elsewhere, apart }) as Fleet;

describe("an embedded backend and the fault proxy", () => {
  it("are refused if a worker runs in another network of the same machine", () => {
    const containers = fleet([], ["alpha"]);
    const why = "loopback only, and the worker alpha has its own network";
    expect(() => refuseApart(EMBEDDED, containers)).toThrow(
      `s: the embedded backend listens on this machine's ${why}`,
    );
    expect(() => refuseApart(PROXIED, containers)).toThrow(
      `s: the fault proxy listens on this machine's ${why}`,
    );
    expect(() => refuseApart(SCENARIO, containers)).not.toThrow();
  });

  it("are refused if a worker runs on another machine", () => {
    const machines = fleet(["beta"], ["beta"]);
    for (const one of [EMBEDDED, PROXIED])
      expect(() => refuseApart(one, machines)).toThrow("the worker beta runs on another");
  });

  it("are served by workers that share the loopback", () => {
    for (const one of [EMBEDDED, PROXIED]) expect(() => refuseApart(one, fleet([], []))).not.toThrow();
  });
});

describe("where a party runs", () => {
  it("is the same each time that it is asked, and says it in hashes", () => {
    const { machine, network } = ownPlace();
    expect(ownPlace()).toEqual({ machine, network });
    for (const name of [machine, network]) expect(name).toMatch(/^[0-9a-f]{16}$/);
  });
});
