// What a worker is started with to collect its garbage.
import { describe, expect, it } from "vitest";
import { gcArguments } from "../../../src/run/process/gc-tuning.js";

describe("the collector of a worker", () => {
  it("has room where users are few, and looks for garbage early where they are thousands", () => {
    const early = "--heap-growing-percent=20";
    expect(gcArguments(999)).not.toContain(early);
    expect(gcArguments(1000)).toContain(early);
    const young = (users: number): number =>
      Number(/max-semi-space-size=(\d+)/.exec(gcArguments(users).join(" "))?.[1]);
    expect(young(999)).toBeGreaterThan(young(1000));
  });
});
