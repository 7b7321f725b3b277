// How the tests run: unit tests first; then what only counts, side by side; at last what measures, alone.
import { defineConfig } from "vitest/config";
import { bundlePages } from "./scripts/bundle-pages.mjs";
import { RemarksReporter } from "./test/support/reporter.js";
import { FULL_ONLY, NEEDS_SERVICE } from "./test/support/tags.js";

/**
 * The one place where a failed test is tried again, and each retry is printed at the end. Tests with real servers hold
 * them to their times, and a neighbour on the machine can spoil that: a measurement sooner than a count.
 */
const RETRIES = { unit: 1, counts: 2, measures: 5 };

const MEASURES = "test/e2e/latency/**/*.test.ts";

/** Two cores are kept busy by four runs that wait most of the time. */
const SIDE_BY_SIDE = 4;

const BUILT = "test/support/built.ts";

const counts = {
  pool: "forks",
  maxWorkers: SIDE_BY_SIDE,
  maxConcurrency: 3,
  retry: RETRIES.counts,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  sequence: { groupOrder: 1 },
} as const;

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
    reporters: ["default", ...(process.env.GITHUB_ACTIONS ? ["github-actions"] : []), new RemarksReporter()],
    tags: [
      { name: FULL_ONLY, description: "Runs in `npm run test:full` only." },
      { name: NEEDS_SERVICE, description: "Is skipped where a service is missing." },
    ],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/real-stores/**", "test/real-fleet/**", "test/real-agents/**"],
          globalSetup: [BUILT],
          pool: "forks",
          maxWorkers: 4,
          // A worker imports a module once for all of its files: half the time of the whole project.
          isolate: false,
          retry: RETRIES.unit,
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
          exclude: [MEASURES],
          globalSetup: [BUILT],
          ...counts,
        },
      },
      {
        extends: true,
        test: {
          name: "stores",
          include: ["test/real-stores/**/*.test.ts"],
          globalSetup: [BUILT, "test/real-stores/support/global-setup.ts"],
          ...counts,
        },
      },
      {
        extends: true,
        test: { name: "fleet", include: ["test/real-fleet/**/*.test.ts"], globalSetup: [BUILT], ...counts },
      },
      // Real agent servers bring packages of their own, 390 MB: only where they are asked for (npm run test:agents).
      ...(process.env.GP_LOAD_TEST_AGENTS
        ? [
            {
              extends: true as const,
              test: {
                name: "agents",
                // Not below its node_modules, where packages have tests of their own.
                include: ["test/real-agents/*.test.ts"],
                globalSetup: [BUILT, "test/real-agents/support/installed.ts"],
                ...counts,
              },
            },
          ]
        : []),
      {
        extends: true,
        test: {
          name: "latency",
          include: [MEASURES],
          globalSetup: [BUILT],
          pool: "forks",
          maxWorkers: 1,
          fileParallelism: false,
          retry: RETRIES.measures,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
