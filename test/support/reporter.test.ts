// What is said at the end of a run of tests: skips by their reason, tests of the whole set, and every retry.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../docs/markdown.js";

/** Runs the fixture on a machine without services. */
function run(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const config = join(ROOT, "test", "support", "fixtures", "vitest.config.ts");
  const { status, stdout } = spawnSync(process.execPath, [vitest, "run", "--config", config, ...args], {
    cwd: ROOT,
    env: { PATH: "", ...env },
    encoding: "utf8",
  });
  return { status, lines: stdout.split("\n").filter((line) => line.trim() !== "") };
}

const NO_REDIS = "no redis-server (apt-get install redis-server)";
const RETRIED = " tried 2 times: remarks.fixture.ts > passes at its second try";
const BUSY = " skipped 1 test: this machine was too busy to measure";
const FORBIDDEN = " skipped 1 test: the kernel forbids it";

describe("the end of a run of tests", () => {
  it("says once per reason how many tests were skipped, and which were tried again", () => {
    expect(run({})).toEqual({
      status: 0,
      lines: [` skipped 2 tests: ${NO_REDIS}`, FORBIDDEN, BUSY, RETRIED],
    });
  });

  it("says how many tests only the whole set runs", () => {
    const left = " left out 1 test that only `npm run test:full` runs";
    const { lines } = run({}, "--tags-filter=!full");
    expect(lines).toEqual([` skipped 2 tests: ${NO_REDIS}`, FORBIDDEN, BUSY, left, RETRIED]);
  });

  it("is red if a service is missing and none may be", () => {
    const only = ["-t", "a suite"];
    expect(run({ GP_LOAD_TEST_ALL: "1" }, ...only).status).toBe(1);
    expect(run({ GP_LOAD_TEST_ALL: "1", GP_LOAD_TEST_WITHOUT: "redis" }, ...only).status).toBe(0);
  });

  it("is red if the machine was too busy to measure and has to", () => {
    const only = ["-t", "too busy"];
    expect(run({}, ...only).status).toBe(0);
    expect(run({ GP_LOAD_TEST_MEASURE: "1" }, ...only).status).toBe(1);
  });
});
