// The yardstick of growth tells linear work from quadratic work.
import { expect, it } from "vitest";
import { growthOf } from "./growth.js";

const letters = (size: number): string => "a".repeat(size);

it("sees a quadratic expression, and lets a linear one pass", () => {
  expect(growthOf(letters, (text) => /[a-z]+:/.exec(text), 4000)).toBeGreaterThan(12);
  expect(growthOf(letters, (text) => text.replace(/[a-z]+/g, ""), 4000)).toBeLessThan(12);
});
