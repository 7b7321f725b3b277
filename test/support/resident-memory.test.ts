// Resident memory is told also where the system hides it.
import { expect, it } from "vitest";
import { residentBytes } from "../../src/support/resident-memory.js";

it("resident memory is what the system says, and without it the most that it ever was", () => {
  expect(residentBytes(() => 42)).toBe(42);
  const bytes = residentBytes(() => {
    throw new Error("ENOENT: no such file or directory, uv_resident_set_memory");
  });
  expect(bytes).toBeGreaterThan(10 * 2 ** 20);
  expect(bytes).toBeGreaterThanOrEqual(process.memoryUsage.rss() / 2);
});
