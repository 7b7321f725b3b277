// The worker's share of the timeline of faults: what a fault does is told of the second that it begins.
import { expect, it } from "vitest";
import { UserFaults, type UserFaultsOptions } from "../../../src/run/worker/users/user-faults.js";
import { FakeClock } from "../../support/fake-clock.js";
import { scenario } from "../../support/scenario.js";

const FROZEN = {
  ...{ atUs: 1_000_000, forUs: 1_000_000, everyUs: undefined, jitterUs: 0 },
  ...{ action: "half-open", options: { share: 1 } },
} as const;

it("reports the second before a fault's start, and the one before its end, first", async () => {
  const stages = [{ users: 1, rampUs: 0, holdUs: 9_000_000 }];
  const load = { kind: "users", stages, baseline: false } as const;
  const clock = new FakeClock();
  const told: string[] = [];
  const freeze = (): (() => void) => {
    told.push("frozen");
    return () => told.push("thawed");
  };
  const faults = new UserFaults({
    ...{ scenario: scenario({ faults: [FROZEN], load }), everybody: [0], clock, worker: 0 },
    userOf: () => ({ number: 0, socket: { faults: { freeze } } }),
    tell: (message: { readonly edge: string }) => told.push(message.edge),
    closeSecond: () => told.push("second"),
  } as unknown as UserFaultsOptions);
  faults.begin(0);
  await clock.pass(5_000_000);
  expect(told).toEqual(["second", "begin", "frozen", "second", "thawed", "end"]);
});
