// What a worker that ends before it has looked everything up says of its stores.
import { describe, expect, it } from "vitest";
import type { StoreReading } from "../../../../src/model/log/observation.js";
import { nonceCodec } from "../../../../src/model/turn/nonce.js";
import type { SettledTurn } from "../../../../src/model/turn/turn.js";
import { PhaseClock } from "../../../../src/run/worker/phase-clock.js";
import { WorkerStores } from "../../../../src/run/worker/stores/worker-stores.js";
import { FakeClock } from "../../../support/fake-clock.js";
import { scenario, TARGET } from "../../../support/scenario.js";
import { settled } from "../../../support/turns.js";

const POSTGRES = {
  store: "postgres",
  secretUrl: "postgres://reader@127.0.0.1:1/app",
  place: "127.0.0.1:1/app",
  byThread: "SELECT 1",
  byMessage: undefined,
  holds: "both",
  windowUs: 1_000_000,
  timeoutUs: 1_000_000,
  keep: undefined,
} as const;

function stores(checks: readonly string[], turns: readonly SettledTurn[]) {
  const told: StoreReading[] = [];
  const given = scenario({
    target: { ...TARGET, stores: { list: [POSTGRES], probesPerSecond: 1 } },
    checks: checks.map((check) => ({ check, options: {} })),
  });
  const plan = {
    runSeed: 1,
    runLabel: "1",
    scenario: given,
    worker: 0,
    workers: 1,
    sources: [],
    goodLimits: {},
    recalls: false,
    slowQueryUs: Number.POSITIVE_INFINITY,
    turnBudget: undefined,
  };
  const made = new WorkerStores({
    plan,
    schedule: new PhaseClock(new FakeClock(0), given.load),
    codec: nonceCodec(1),
    ackStores: true,
    userIdOf: () => undefined,
    tell: (reading) => told.push(reading),
  });
  for (const turn of turns) made.turnSettled(turn);
  return { made, told };
}

describe("a worker that ends before all is looked up", () => {
  const texts = { acked: true, message: undefined, answer: undefined };
  const turns = [0, 1, 2].map((turn) => settled({ turn, texts }));

  it("reports the rest as not looked up", () => {
    const { made, told } = stores(["persistence"], turns);
    made.leave();
    const cause = "the run was interrupted";
    expect(told).toEqual([{ kind: "unread", store: "postgres", turns: 3, cause }]);
  });

  it("reports nothing twice, looked up or not", async () => {
    const { made, told } = stores(["persistence"], turns);
    await made.open();
    made.hurry();
    await made.verify(() => {});
    made.leave();
    await made.close();
    expect(told.map((one) => (one.kind === "unread" ? one.turns : one.kind))).toEqual(["configured", 3]);
  });

  it("reports nothing without a request, or if nothing is left", () => {
    for (const { made, told } of [stores([], turns), stores(["persistence"], [])]) {
      made.leave();
      expect(told).toEqual([]);
    }
  });
});
