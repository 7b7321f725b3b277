// The arithmetic of the model endpoint: delays, faults, and what conversations share.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModelRequest } from "../../src/llm/conversation.js";
import { Conversations } from "../../src/llm/conversations.js";
import { drawUs, logNormal } from "../../src/llm/delays.js";
import { certainFault, faultFor } from "../../src/llm/faults.js";
import { randomFrom } from "../../src/support/random.js";

function asked(...said: string[]): ModelRequest {
  return {
    model: "m",
    messages: said.map((text) => ({ role: "user", text })),
    tools: [],
    stream: false,
    json: false,
    streamUsage: false,
    user: undefined,
  };
}

describe("a delay", () => {
  it("keeps within its range, in whole microseconds, and is the same for the same seed", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), fc.string(), (minUs, more, seed) => {
        const delay = { kind: "even", minUs, maxUs: minUs + more } as const;
        const us = drawUs(delay, randomFrom(seed));
        expect(Number.isInteger(us)).toBe(true);
        expect(us).toBeGreaterThanOrEqual(minUs);
        expect(us).toBeLessThanOrEqual(minUs + more);
        expect(drawUs(delay, randomFrom(seed))).toBe(us);
      }),
    );
  });

  it("by median and p99 has that median and that p99", () => {
    const random = randomFrom("log-normal");
    const draws = Array.from({ length: 40_000 }, () => drawUs(logNormal(200_000, 1_000_000), random)).sort(
      (a, b) => a - b,
    );
    expect((draws[20_000] ?? 0) / 200_000).toBeCloseTo(1, 1);
    expect((draws[39_600] ?? 0) / 1_000_000).toBeCloseTo(1, 0);
  });
});

describe("a fault", () => {
  it("strikes within its time alone, and its share of the calls", () => {
    const fault = { ...certainFault("500"), fromUs: 1000, untilUs: 2000, share: 0.25 };
    const random = randomFrom("faults");
    const struck = (sinceUs: number): boolean => faultFor([fault], [], sinceUs, random) !== undefined;
    expect([struck(999), struck(2000)]).toEqual([false, false]);
    const hits = Array.from({ length: 10_000 }, () => struck(1500)).filter(Boolean).length;
    expect(hits).toBeGreaterThan(2300);
    expect(hits).toBeLessThan(2700);
  });
});

describe("a conversation", () => {
  it("shares what its last call began with, to whole blocks, and never more than there is", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3000 }), fc.string({ maxLength: 3000 }), (first, second) => {
        const conversations = new Conversations();
        const before = conversations.measure(asked(first));
        const after = conversations.measure(asked(first, second));
        expect(before.sharedBytes).toBeUndefined();
        expect(after.sharedBytes).toBe(Math.floor(before.bytes / 256) * 256);
        expect(after.sharedBytes).toBeLessThanOrEqual(after.bytes);
      }),
    );
  });

  it("whose first words changed shares nothing", () => {
    const conversations = new Conversations();
    const system = (text: string): ModelRequest => ({
      ...asked("question"),
      messages: [
        { role: "system", text },
        { role: "user", text: "question" },
      ],
    });
    conversations.measure(system(`A${"x".repeat(2000)}`));
    expect(conversations.measure(system(`B${"x".repeat(2000)}`)).sharedBytes).toBe(0);
  });
});
