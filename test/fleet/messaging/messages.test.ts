// What comes over Redis is taken only where it is what an agent or a coordinator says.
import { describe, expect, it } from "vitest";
import { fleetKey } from "../../../src/fleet/messaging/fleet-key.js";
import {
  beatSchema,
  fromAgentSchema,
  orderSchema,
  toAgentSchema,
} from "../../../src/fleet/messaging/messages.js";
import { foundIn } from "../../../src/fleet/messaging/offers.js";
import { fromWorker, toWorker } from "../../../src/run/process/messages.js";
import { done, prepared, snapshot } from "../../support/scripted-workers.js";

describe("messages of a worker", () => {
  const batches = { hold: { login: { samples: Uint32Array.of(1, 2), censored: 0 } } };

  it("come through unchanged, with typed arrays, infinities, and keys that are new", () => {
    const second = { ...snapshot(0, 3, { batches }), extra: { kept: true } };
    const windows = [[1, Number.NEGATIVE_INFINITY, Number.NaN]] as const;
    const whole = { ...second, state: { ...second.state, clock: { ...second.state.clock, windows } } };
    for (const message of [whole, done(1), prepared(0, { stored: { stored: 1, why: undefined } })])
      expect(fromWorker(message)).toEqual(message);
  });

  it("are refused if a field that steers the run is not what it should be", () => {
    for (const message of [
      { ...snapshot(0, 3), second: -1 },
      { ...snapshot(0, 3), worker: "0" },
      { ...snapshot(0, 3), batches: { hold: { login: { samples: [1, 2], censored: 0 } } } },
      { ...prepared(0), userIds: [["a"]] },
      { type: "unheard-of" },
      null,
    ])
      expect(() => fromWorker(message)).toThrow();
  });

  it("to a worker are held to the same", () => {
    const start = { type: "start", startUs: 5, startWallUs: 7, rampUs: undefined, userIds: [["a", 0]] };
    expect(toWorker(start)).toEqual(start);
    expect(() => toWorker({ ...start, startUs: "5" })).toThrow();
    expect(() => toWorker({ type: "prepare", plan: [] })).toThrow();
  });
});

describe("messages of a fleet", () => {
  it("carry those of the workers, and are refused with them", () => {
    const from = { type: "from", slice: 0, message: snapshot(0, 3) };
    expect(fromAgentSchema.parse(from)).toEqual(from);
    expect(fromAgentSchema.safeParse({ ...from, message: { type: "unheard-of" } }).success).toBe(false);
    const to = { type: "to", slice: 0, users: 2.5, message: { type: "stop" } };
    expect(toAgentSchema.parse(to)).toEqual(to);
    expect(toAgentSchema.safeParse({ ...to, slice: -1 }).success).toBe(false);
  });

  it("are whole: an order names its slices, and a beat counts", () => {
    const order = { runId: "r", agent: "a", version: "1", slices: [0], givenUs: 5 };
    expect(orderSchema.parse(order)).toEqual(order);
    expect(orderSchema.safeParse({ ...order, slices: "0" }).success).toBe(false);
    expect(beatSchema.safeParse({ beat: "1", last: 0 }).success).toBe(false);
    expect(beatSchema.parse({ beat: 1, last: 0 })).toEqual({ beat: 1, last: 0 });
  });
});

describe("an offer", () => {
  const key = fleetKey("k3v9XcYt0pLk2mNb8sDf7gHj4aZw1eRu");
  const offer = { id: "a", name: "a", machine: "m", capacity: 5, labels: [], allowedHosts: [], busy: false };
  const notice = (sealed: unknown) => {
    const text = Buffer.from(JSON.stringify(sealed));
    const bytes = key.draw("offer", Buffer.alloc(0)).seal(text, "a");
    return JSON.stringify({
      id: "a",
      format: 1,
      version: "1",
      key: key.name,
      sealed: bytes.toString("base64"),
    });
  };

  it("is read, and known as another key's if it cannot be opened", () => {
    expect(foundIn(notice(offer), key)).toMatchObject([{ id: "a", offer }]);
    const other = fleetKey("z3v9XcYt0pLk2mNb8sDf7gHj4aZw1eRu");
    expect(foundIn(notice(offer), other)).toMatchObject([{ id: "a", offer: undefined }]);
  });

  it("is passed over if it is none, whatever someone wrote there", () => {
    for (const text of [
      null,
      "",
      "{",
      "[]",
      "7",
      JSON.stringify({ id: 7 }),
      notice({ ...offer, capacity: "5" }),
    ])
      expect(foundIn(text, key)).toEqual([]);
  });
});
