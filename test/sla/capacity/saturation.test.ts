import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSaturated } from "../../../src/sla/capacity/saturation.js";
import { randomFrom } from "../../../src/support/random.js";

const noise = randomFrom("saturation");
const around = (value: number, share = 0.2): number => value * (1 - share + 2 * share * noise.next());

describe("over-saturation", () => {
  it("is seen if turns pile up and fewer of them end", () => {
    const points = Array.from({ length: 10 }, (_, second) => ({
      inFlight: around(20 + 30 * second),
      ended: around(50),
    }));
    expect(isSaturated(points)).toBe(true);
  });

  it("is not seen in a steady load, however noisy", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomFrom("steady", seed);
        const points = Array.from({ length: 30 }, () => ({
          inFlight: 50 * (0.5 + random.next()),
          ended: 40 * (0.5 + random.next()),
        }));
        return !isSaturated(points);
      }),
    );
  });

  it("is not seen if more are under way and as many more end, as when users join", () => {
    const points = Array.from({ length: 20 }, (_, second) => ({
      inFlight: 10 * (second + 1),
      ended: around(30 * (second + 1)),
    }));
    expect(isSaturated(points)).toBe(false);
  });

  it("is not seen in a growth too small to matter", () => {
    const points = Array.from({ length: 20 }, (_, second) => ({ inFlight: 100 + second, ended: 50 }));
    expect(isSaturated(points)).toBe(false);
  });

  it("is not believed from a few seconds, nor from seconds in which nothing ended", () => {
    const steep = (length: number, ended: number) =>
      Array.from({ length }, (_, second) => ({ inFlight: 1 + 50 * second, ended }));
    expect(isSaturated(steep(7, 20))).toBe(false);
    expect(isSaturated(steep(20, 0))).toBe(false);
    expect(isSaturated(steep(8, 20))).toBe(true);
  });
});
