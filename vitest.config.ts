import { defineConfig } from "vitest/config";
import { bundlePages } from "./scripts/bundle-pages.mjs";

// Four groups, one after the other: what measures nothing runs side by side; what measures, and what needs real
// stores, runs alone, one file at a time, since neighbours on the same cores would disturb it (and gp-load would
// rightly call it INVALID).
// In CI a failed test that measures is tried once more, since a neighbour of the machine can spoil a measurement;
// what fails twice has failed. The others have no such excuse.
const retry = process.env.CI ? 1 : 0;

/** Tests run the sources, next to which no bundle lies: the module that reads it gets one made now. */
const pageCode = {
  name: "page-code",
  load: (id: string): string | undefined =>
    id.endsWith("/src/report/html/page-code.ts")
      ? `const files = ${JSON.stringify(bundlePages())};
export const pageCode = (page) => ({ script: files[page + ".js"], css: files[page + ".css"] ?? "" });`
      : undefined,
};

export default defineConfig({
  plugins: [pageCode],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/real-stores/**", "test/real-fleet/**"],
          pool: "forks",
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          pool: "forks",
          maxWorkers: 1,
          fileParallelism: false,
          // Of the tests that a file lets run side by side, since they only count.
          maxConcurrency: 3,
          retry,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "stores",
          include: ["test/real-stores/**/*.test.ts"],
          globalSetup: ["test/real-stores/support/global-setup.ts"],
          pool: "forks",
          maxWorkers: 1,
          fileParallelism: false,
          retry,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "fleet",
          include: ["test/real-fleet/**/*.test.ts"],
          pool: "forks",
          // They count, and measure nothing; each waits for leases and outages most of the time.
          maxWorkers: 3,
          retry,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
