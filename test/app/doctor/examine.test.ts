// `gp-load doctor`: a line for each thing, also on a machine that tells nothing, and never a secret or a stack.
import { mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { writeCalibration } from "../../../src/app/calibration-file.js";
import type { AppContext } from "../../../src/app/context.js";
import type { Machine } from "../../../src/app/doctor/check.js";
import { doctorText, examine } from "../../../src/app/doctor/examine.js";
import { CALIBRATION_VERSION } from "../../../src/run/plan/calibration.js";
import { thisMachine } from "../../../src/run/plan/this-machine.js";
import { run } from "../../commands/command.fixture.js";
import { testContext } from "../../support/app-context.js";

const LIMITS = "Max open files            20000                20000                files\n";
const FILES: Readonly<Record<string, string>> = {
  "/proc/self/limits": LIMITS,
  "/proc/sys/net/ipv4/ip_local_port_range": "32768\t60999\n",
  "/sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc\n",
};

const gone = (): never => {
  throw Object.assign(new Error("ENOENT: no such file or directory"), { code: "ENOENT" });
};

function machine(
  fields: Partial<Machine> & { readonly files?: Readonly<Record<string, string>> } = {},
): Machine {
  let now = 0;
  const { files = FILES, ...more } = fields;
  return {
    ...{ platform: "linux", node: "22.11.0", cores: () => 8, load: () => 0.5, shell: gone },
    memory: () => ({ totalBytes: 16 * 2 ** 30, freeBytes: 8 * 2 ** 30 }),
    read: (path) => files[path] ?? gone(),
    interfaces: () => ["eth0"],
    nowUs: () => now++,
    ...more,
  };
}

async function found(
  name: string,
  fields: Parameters<typeof machine>[0] = {},
  context: Partial<AppContext> = {},
) {
  const report = await examine({ ...testContext(), ...context }, machine(fields));
  const one = report.checks.find((check) => check.name === name);
  if (!one) throw new Error(`no check ${name}`);
  return { ...one, exitCode: report.exitCode };
}

describe("a machine that is as it should be", () => {
  it("is ready, with a line for each thing", async () => {
    const report = await examine(testContext(), machine());
    const text = doctorText(report);
    expect(report.exitCode).toBe(0);
    expect(text).toMatch(/^gp-load \S+ on linux\n/);
    expect(text).toMatch(/^✓ node +22\.11\.0$/m);
    expect(text).toMatch(/^✓ open files +20,000 a process: 19,800 users a worker$/m);
    expect(text).toMatch(/^✓ ports +28,232 for one target$/m);
    expect(text).toMatch(/^✓ clock +tsc, resolution 1µs$/m);
    expect(text).toMatch(/^✓ pg +\d+\.\d+\.\d+$/m);
    expect(text).toMatch(/\nready to run\n$/);
    expect(text.trim().split("\n")).toHaveLength(report.checks.length + 2);
  });

  it("is reported as JSON as well", async () => {
    const { exit, stdout, stderr } = await run(["doctor", "--json"]);
    const told = JSON.parse(stdout) as { readonly checks: readonly object[]; readonly exitCode: number };
    expect([exit, stderr]).toEqual([told.exitCode, ""]);
    expect(told.checks).toContainEqual({ name: "node", state: "ok", found: process.versions.node });
  });
});

describe("what limits a run", () => {
  it.each([
    ["node", { node: "20.18.3" }, "problem", "install Node 20.19"],
    ["node", { node: "20.19.0" }, "ok", undefined],
    ["cores", { cores: () => 1 }, "warn", "a different machine"],
    ["cores", { load: () => 9 }, "warn", "stop whatever else is running"],
    ["memory", { memory: () => ({ totalBytes: 2 ** 30, freeBytes: 1000 }) }, "warn", "fewer users"],
    [
      "open files",
      { files: { "/proc/self/limits": LIMITS.replaceAll("20000", "1024") } },
      "warn",
      "ulimit -n",
    ],
    [
      "open files",
      { files: { "/proc/self/limits": LIMITS.replaceAll("20000", "100") } },
      "problem",
      "ulimit -n",
    ],
    ["ports", { files: { "/proc/sys/net/ipv4/ip_local_port_range": "60000 60999" } }, "warn", "sysctl"],
    ["clock", { files: { [Object.keys(FILES)[2] ?? ""]: "hpet" } }, "warn", "clocksource=tsc"],
    ["network", { interfaces: () => [] }, "note", undefined],
  ] as const)("is said with what to do: %s", async (name, fields, state, todo) => {
    const finding = await found(name, fields);
    expect(finding.state).toBe(state);
    if (todo === undefined) expect(finding.todo).toBeUndefined();
    else expect(finding.todo).toContain(todo);
    expect(finding.exitCode).toBe(state === "problem" ? 1 : 0);
  });

  it("is a clock that is coarse", async () => {
    let reads = 0;
    const nowUs = (): number => Math.floor(reads++ / 10) * 1000;
    expect(await found("clock", { nowUs })).toMatchObject({ state: "warn", found: "tsc, resolution 1.00ms" });
  });
});

describe("a machine that tells nothing", () => {
  const bare = { platform: "darwin", files: {} };

  it("is asked by the shell for its open files, and nothing is made up", async () => {
    expect(await found("open files", { ...bare, shell: () => "10240\n" })).toMatchObject({ state: "ok" });
    expect(await found("open files", { ...bare, shell: () => "unlimited\n" })).toMatchObject({
      found: "no limit",
    });
    expect(await found("open files", { ...bare, shell: () => "nonsense" })).toMatchObject({
      state: "unknown",
    });
    expect(await found("open files", bare)).toMatchObject({ state: "unknown", todo: "see `ulimit -n`" });
    expect(await found("open files", { ...bare, platform: "win32" })).toMatchObject({ state: "ok" });
    expect(await found("ports", bare)).toMatchObject({ state: "unknown", exitCode: 0 });
    expect(await found("clock", bare)).toMatchObject({ found: "source unknown, resolution 1µs" });
  });

  it("leaves unknown what cannot be looked at, with the reason on one line", async () => {
    const broken = (): never => {
      throw new Error("a system error\n    at somewhere");
    };
    const report = await examine(
      testContext(),
      machine({ cores: broken, memory: broken, interfaces: broken, read: broken, shell: broken }),
    );
    expect(report.checks.filter(({ state }) => state === "unknown").map(({ name }) => name)).toEqual(
      expect.arrayContaining(["cores", "memory", "network", "open files", "ports"]),
    );
    expect(doctorText(report)).not.toMatch(/^\s+at /m);
  });
});

describe("folders", () => {
  it("that cannot be written are said, with another way", async () => {
    const { cwd } = testContext();
    const file = join(cwd, "a-file");
    writeFileSync(file, "");
    const nowhere = { cwd: file, env: { HOME: file } };
    expect(await found("reports", {}, nowhere)).toMatchObject({ state: "warn" });
    expect(await found("reports")).toMatchObject({ state: "ok" });
    const kept = await found("calibration", {}, nowhere);
    expect(kept).toMatchObject({ state: "note", found: expect.stringContaining("is not writable") });
    expect(kept.todo).toContain("GP_LOAD_CALIBRATION");
  });

  it("hold a calibration, which may be of another machine", async () => {
    const context = testContext();
    mkdirSync(join(context.cwd, "gp-load"));
    expect(await found("calibration", {}, context)).toMatchObject({ state: "note", found: "none" });
    const calibration = {
      version: CALIBRATION_VERSION,
      at: "",
      workers: 1,
      steps: [],
      bytesPerUser: 1,
    } as const;
    const figures = { turnsPerSecond: 2000, users: 9000, errorP50Us: 1, errorP99Us: 1 };
    writeCalibration(context.env, { ...calibration, ...figures, machine: thisMachine() });
    expect(await found("calibration", {}, context)).toMatchObject({
      state: "ok",
      found: "2,000 turns a second, 9,000 users",
    });
    writeCalibration(context.env, {
      ...calibration,
      ...figures,
      machine: { ...thisMachine(), node: "1.0.0" },
    });
    expect(await found("calibration", {}, context)).toMatchObject({
      found: "made on another machine or Node version",
    });
  });
});

describe("servers that the environment names", () => {
  it("are asked, each by itself: one may be there and another not", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const env = {
      REDIS_URL: `redis://:geheim-pw@127.0.0.1:${port}/0`,
      DATABASE_URL: "postgres://u:geheim-pw@127.0.0.1:1/x",
      GP_LOAD_FLEET: "geheim-pw and no URL",
    };
    const report = await examine({ ...testContext(), env }, machine());
    const of = (name: string) => report.checks.find((check) => check.name === name);
    expect(of("Redis")).toEqual({ name: "Redis", state: "ok", found: `answers at 127.0.0.1:${port}` });
    expect(of("PostgreSQL")).toMatchObject({
      state: "warn",
      found: "no answer at 127.0.0.1:1: ECONNREFUSED",
    });
    expect(of("ClickHouse")).toMatchObject({
      state: "note",
      found: expect.stringContaining("CLICKHOUSE_URL"),
    });
    expect(of("fleet")).toMatchObject({ state: "warn", found: "GP_LOAD_FLEET is not a valid URL" });
    expect(report.exitCode).toBe(0);
    expect(JSON.stringify(report)).not.toContain("geheim");
  });
});

describe("a browser", () => {
  it("is looked for on the PATH and where the environment says, and is not needed", async () => {
    const { cwd } = testContext();
    const env = { PATH: cwd };
    expect(await found("Chromium", {}, { env })).toMatchObject({ state: "note" });
    writeFileSync(join(cwd, "chromium"), "");
    expect(await found("Chromium", {}, { env })).toMatchObject({ state: "ok", found: join(cwd, "chromium") });
    const named = { CHROMIUM_PATH: join(cwd, "chromium") };
    expect(await found("Chromium", {}, { env: named })).toMatchObject({ state: "ok" });
  });
});
