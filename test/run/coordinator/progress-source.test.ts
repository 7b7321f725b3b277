// What a live view can say of the time that is left.
import { expect, it } from "vitest";
import { prepareLeftUs } from "../../../src/run/coordinator/progress-source.js";

it("the log-ins' remaining time follows from those so far, once enough of them are known", () => {
  expect(prepareLeftUs(10_000_000, 1000, 15_000)).toBe(140_000_000);
  expect(prepareLeftUs(10_000_000, 15_000, 15_000)).toBe(0);
  expect(prepareLeftUs(999_999, 1000, 15_000)).toBeUndefined();
  expect(prepareLeftUs(5_000_000, 19, 15_000)).toBeUndefined();
});
