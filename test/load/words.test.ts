// A load in words.
import { describe, expect, it } from "vitest";
import { loadText } from "../../src/load/words.js";
import type { ArrivalsLoad, UsersLoad } from "../../src/scenarios/scenario.js";

const closed = (...users: number[]): UsersLoad => ({
  kind: "users",
  baseline: false,
  stages: users.map((each) => ({ users: each, rampUs: 1_000_000, holdUs: 30_000_000 })),
});
const OPEN: ArrivalsLoad = {
  kind: "arrivals",
  sessions: 1200,
  joinUs: 0,
  stages: [{ rate: 72_000_000, rampUs: 0, holdUs: 60_000_000 }],
};

describe("a load in words", () => {
  it("says its users, the first and the last number of several, and how long they stay", () => {
    expect(loadText(closed(100))).toBe("100 users × 30s");
    expect(loadText(closed(25, 50, 1000))).toBe("25 → 1,000 users × 1m30s");
  });

  it("says the rate, the sessions, and how random its starts are", () => {
    expect(loadText(OPEN)).toBe("20/s over 1,200 sessions × 1m");
    const coming = { ...OPEN, sessions: 160, turns: { from: 3, to: 8 } };
    expect(loadText(coming)).toBe("sessions of 3 to 8 turns at 20/s, at most 160 at once × 1m");
    expect(loadText({ ...coming, turns: { from: 1, to: 1 } })).toMatch(/^sessions of 1 turn at/);
    expect(loadText({ ...OPEN, burstiness: 0.5 })).toBe("20/s over 1,200 sessions × 1m, burstiness 0.5");
  });
});
