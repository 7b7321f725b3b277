import { defineConfig } from "vitest/config";

// Most suites wait on real sockets rather than on the CPU, so files run side by side in forked
// processes; e2e files need the built CLI, which `npm run check` builds first.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: process.env.CI ? ["default"] : ["default"],
  },
});
