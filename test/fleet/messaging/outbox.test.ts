// Envelopes of a fleet: sealed, whole, in order and once, however the way between the two treats them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fleetKey } from "../../../src/fleet/messaging/fleet-key.js";
import { type Envelope, Inbox, Outbox } from "../../../src/fleet/messaging/outbox.js";

const SALT = Buffer.from("0123456789abcdef");
const key = fleetKey("a secret of many characters, by chance").draw("run", SALT);

function pair(ownKey = key): { readonly outbox: Outbox; readonly inbox: Inbox } {
  return { outbox: new Outbox(key, "a to b"), inbox: new Inbox(ownKey, "a to b") };
}

function taken(inbox: Inbox, envelopes: readonly Envelope[]): readonly unknown[] {
  return envelopes.flatMap((envelope) => {
    const whole = inbox.take(envelope);
    return whole ? [whole.message] : [];
  });
}

describe("envelopes", () => {
  it("carry what a structured clone carries, of any size", () => {
    const { outbox, inbox } = pair();
    const samples = Uint32Array.from({ length: 400_000 }, (_, at) => (at * 2_654_435_761) >>> 0);
    const message = { samples, limit: Number.POSITIVE_INFINITY, none: undefined, text: "ä€" };
    const envelopes = outbox.put(message);
    expect(envelopes.length).toBeGreaterThan(3);
    expect(taken(inbox, envelopes)).toEqual([message]);
  });

  it("arrive once and in order, whatever is lost, doubled or swapped, once they are sent again", () => {
    const order = fc.array(fc.tuple(fc.nat(29), fc.boolean()), { maxLength: 80 });
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 30 }), order, (numbers, way) => {
        const { outbox, inbox } = pair();
        const envelopes = numbers.flatMap((number) => outbox.put({ number }));
        const got: unknown[] = [];
        for (const [at, acknowledge] of way) {
          const envelope = envelopes[at];
          if (envelope) got.push(...taken(inbox, [envelope]));
          if (acknowledge) outbox.acknowledged(inbox.last);
        }
        got.push(...taken(inbox, outbox.unacknowledged));
        expect(got).toEqual(numbers.map((number) => ({ number })));
        outbox.acknowledged(inbox.last);
        expect([outbox.unacknowledged.length, outbox.bytes]).toEqual([0, 0]);
      }),
    );
  });

  it("are not taken with another key, for another way, with another number, or when one bit was changed", () => {
    const { outbox } = pair();
    const [envelope] = outbox.put({ password: "orange-harbour" });
    if (!envelope) throw new Error("no envelope");
    expect(envelope.sealed.includes("orange-harbour")).toBe(false);
    const other = fleetKey("another secret of many characters").draw("run", SALT);
    const otherRun = fleetKey("a secret of many characters, by chance").draw("run", Buffer.from("other"));
    for (const wrong of [other, otherRun])
      expect(() => pair(wrong).inbox.take(envelope)).toThrow(/not sealed/);
    expect(() => new Inbox(key, "b to a").take(envelope)).toThrow(/not sealed/);
    const second = outbox.put({ next: 1 })[0];
    if (!second) throw new Error("no envelope");
    expect(() => pair().inbox.take({ ...second, number: 1 })).toThrow(/not sealed/);
    expect(() => pair().inbox.take({ ...envelope, more: true })).toThrow(/not sealed/);
    const changed = Buffer.from(envelope.sealed);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    expect(() => pair().inbox.take({ ...envelope, sealed: changed })).toThrow(/not sealed/);
  });

  it("are sealed with a nonce of their own each", () => {
    const sealed = Array.from({ length: 500 }, () => key.seal(Buffer.from("same"), "x").subarray(0, 12));
    expect(new Set(sealed.map((nonce) => nonce.toString("hex"))).size).toBe(500);
  });
});
