// Services of tests: found by PATH or environment, named with the way to get them when missing, and never needed to collect.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ROOT } from "../docs/markdown.js";
import { mayMiss, missing } from "./services.js";

const folder = mkdtempSync(join(tmpdir(), "gp-load-services-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A PATH on which there is nothing but these programs. */
function pathWith(...programs: readonly string[]): NodeJS.ProcessEnv {
  const bin = mkdtempSync(join(folder, "bin-"));
  for (const name of programs) {
    writeFileSync(join(bin, name), "");
    chmodSync(join(bin, name), 0o755);
  }
  return { PATH: bin };
}

describe("a service", () => {
  it.each([
    ["chromium", "google-chrome", /no Chromium \(apt-get install chromium/],
    ["redis", "redis-server", /no redis-server \(apt-get install redis-server/],
    ["clickhouse", "clickhouse-server", /no clickhouse-server \(apt-get install clickhouse-server/],
    ["victoria-metrics", "victoria-metrics", /no victoria-metrics .*\(bash \.ci\/receiver/],
    ["bash", "bash", /no bash/],
  ] as const)(
    "%s is there where the PATH has %s, and else it is said how to get it",
    (name, program, how) => {
      expect(missing([name], pathWith(program))).toBeUndefined();
      expect(missing([name], pathWith("ls"))).toMatch(how);
      expect(missing([name], {})).toMatch(how);
    },
  );

  it("may be named by the environment", () => {
    expect(missing(["chromium"], { CHROMIUM_PATH: "/opt/chrome" })).toBeUndefined();
    expect(missing(["redis store"], { REDIS_URL: "redis://127.0.0.1" })).toBeUndefined();
    expect(missing(["redis"], { REDIS_URL: "redis://127.0.0.1" })).toMatch(/redis-server/);
  });

  it("is not a file that cannot be run", () => {
    const env = pathWith();
    writeFileSync(join(env.PATH ?? "", "bash"), "", { mode: 0o644 });
    expect(missing(["bash"], env)).toMatch(/no bash/);
  });

  it("is named next to others that are missing too", () => {
    expect(missing(["redis", "chromium"], {})).toMatch(/redis-server.*; no Chromium/);
    expect(missing(["redis", "chromium"], pathWith("redis-server"))).toMatch(/^no Chromium/);
  });

  it("may be missing, unless all are required and it is not excused", () => {
    expect(mayMiss(["redis"], {})).toBe(true);
    expect(mayMiss(["redis"], { GP_LOAD_TEST_ALL: "1" })).toBe(false);
    expect(mayMiss(["redis"], { ...pathWith("redis-server"), GP_LOAD_TEST_ALL: "1" })).toBe(true);
    expect(mayMiss(["redis"], { GP_LOAD_TEST_ALL: "1", GP_LOAD_TEST_WITHOUT: "bash,redis" })).toBe(true);
    expect(mayMiss(["redis", "bash"], { GP_LOAD_TEST_ALL: "1", GP_LOAD_TEST_WITHOUT: "redis" })).toBe(false);
  });
});

describe("collecting the tests", () => {
  const files = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join("test", name));
  /** What the unit tests do not show by running themselves on such a machine. */
  const subjects = files.filter(
    (file) =>
      /^test\/(e2e|real-)/.test(file) ||
      /describeWith/.test(readFileSync(join(ROOT, file), "utf8")) !== file.endsWith("services.test.ts"),
  );

  it("needs no program, no environment and no service", { timeout: 180_000 }, () => {
    expect(subjects.length).toBeGreaterThan(35);
    const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
    // Nothing but Node, which is started by its own path. Fails where a file cannot be collected.
    const listed = execFileSync(process.execPath, [vitest, "list", ...subjects], {
      cwd: ROOT,
      env: { PATH: "" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    expect(listed.split("\n").length).toBeGreaterThan(150);
  });
});
