// Slices of a load over machines of different size, and who is chosen to serve.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseAgents } from "../../../src/fleet/coordinator/choose.js";
import { dealSlices } from "../../../src/fleet/coordinator/slices.js";
import { FLEET_FORMAT, type Offer } from "../../../src/fleet/messaging/messages.js";
import type { Found } from "../../../src/fleet/messaging/offers.js";
import type { Target } from "../../../src/scenarios/scenario.js";
import { TARGET } from "../../support/scenario.js";

const rooms = (...capacities: number[]) => capacities.map((capacity, at) => ({ id: String(at), capacity }));
const sizes = (dealt: readonly (readonly number[])[] | undefined) => dealt?.map((own) => own.length);

describe("slices", () => {
  it("are one for each machine if the load is small", () => {
    expect(dealSlices(20, rooms(5000, 5000))).toEqual([[0], [1]]);
  });

  it("are no more than users", () => {
    expect(sizes(dealSlices(2, rooms(10, 10, 10)))?.reduce((sum, one) => sum + one, 0)).toBe(2);
  });

  it("are dealt out by capacity", () => {
    expect(sizes(dealSlices(30_000, rooms(20_000, 10_000)))).toEqual([8, 4]);
  });

  it("cannot be had of machines that are too small together", () => {
    expect(dealSlices(30_001, rooms(20_000, 10_000))).toBeUndefined();
  });

  it("never exceed anyone's capacity, and each is given exactly once", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60_000 }),
        fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 12 }),
        (users, capacities) => {
          const dealt = dealSlices(users, rooms(...capacities));
          if (!dealt) {
            // Whole users and whole slices leave some room unused, never as much as one machine in two.
            expect(capacities.filter((one) => one >= users)).toEqual([]);
            return;
          }
          const all = dealt.flat().toSorted((a, b) => a - b);
          expect(all).toEqual(all.map((_, at) => at));
          for (const [at, own] of dealt.entries()) {
            const carried = own.reduce((sum, slice) => sum + Math.ceil((users - slice) / all.length), 0);
            expect(carried).toBeLessThanOrEqual(capacities[at] ?? 0);
          }
        },
      ),
    );
  });
});

const offer = (name: string, more: Partial<Offer> = {}): Offer => ({
  ...{ id: name, name, machine: "m", capacity: 100, labels: [], allowedHosts: [], busy: false },
  ...more,
});
const found = (one: Offer, more: Partial<Found> = {}): Found => ({
  ...{ id: one.id, format: FLEET_FORMAT, version: "1.0.0", key: "aaaa", offer: one },
  ...more,
});
const targetAt = (url: string): Target => ({ ...TARGET, url });

const QUESTION = {
  users: 50,
  agents: undefined,
  version: "1.0.0",
  key: "aaaa",
  patient: false,
  target: targetAt("http://127.0.0.1:1"),
};

describe("who serves", () => {
  it("is everyone who is free, unless a number is asked for", () => {
    const all = [found(offer("a")), found(offer("b", { capacity: 200 })), found(offer("c", { busy: true }))];
    const names = (agents: number | undefined) => {
      const chosen = chooseAgents(all, { ...QUESTION, agents });
      return typeof chosen === "string" ? chosen : chosen.map((one) => one.offer.name);
    };
    expect(names(undefined)).toEqual(["b", "a"]);
    expect(names(1)).toEqual(["b"]);
    expect(names(3)).toBe("2 of 3 workers are available, 1 busy");
  });

  it("is waited for while busy, if no number is asked for: it may just be ending the run before", () => {
    const all = [found(offer("a")), found(offer("b", { busy: true }))];
    expect(chooseAgents(all, { ...QUESTION, patient: true })).toBe("1 of 2 workers are available, 1 busy");
    expect(chooseAgents(all, { ...QUESTION, patient: true, agents: 1 })).toHaveLength(1);
    expect(chooseAgents(all, QUESTION)).toHaveLength(1);
  });

  it("is waited for while they are too few or too small together", () => {
    expect(chooseAgents([], QUESTION)).toBe("0 of 1 workers are available");
    expect(chooseAgents([found(offer("a"))], { ...QUESTION, users: 101 })).toBe(
      "1 workers take at most 100 users, and 101 are needed",
    );
  });

  it("is nobody of another version: refused, with both named", () => {
    const old = found(offer("a"), { version: "0.9.0" });
    expect(() => chooseAgents([old], QUESTION)).toThrow("the worker a is gp-load 0.9.0, and this is 1.0.0");
  });

  it("is nobody with another key: refused, with both keys named", () => {
    const { offer: _, ...rest } = found(offer("a"));
    const other: Found = { ...rest, key: "bbbb", offer: undefined };
    expect(() => chooseAgents([other], QUESTION)).toThrow(
      "the worker a has the fleet key bbbb, and this run has aaaa",
    );
  });

  it("is nobody whose owner does not allow the host", () => {
    const hosts = ["api.example.com", "staging.example.com"];
    const target = { ...targetAt("https://api.example.com"), proxy: "http://staging.example.com:3128" };
    const only = offer("a", { allowedHosts: ["api.example.com"] });
    expect(() => chooseAgents([found(only)], { ...QUESTION, target })).toThrow(
      "the worker a does not load staging.example.com",
    );
    const both = offer("a", { allowedHosts: hosts });
    expect(chooseAgents([found(both)], { ...QUESTION, target })).toHaveLength(1);
  });
});
