// The log's file: one JSON text a line, bounded, appended to, and no reason for a run to fail.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type LogFileOptions, openLogFile } from "../../src/support/log/log-file.js";
import type { LogLine } from "../../src/support/log/log-lines.js";

const line = (fields: LogLine["fields"] = {}, level: LogLine["level"] = "warn"): LogLine => ({
  ...{ level, event: "failed", timeMs: 1_700_000_000_123, fields },
});

function file(options: Partial<LogFileOptions> = {}, path?: string) {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const failures: string[] = [];
  const open = () =>
    openLogFile(path ?? join(folder, "log"), {
      ...{ level: "debug", common: { run: "r1" }, onFailure: (why) => failures.push(why) },
      ...options,
    });
  const text = (): string => readFileSync(join(folder, "log"), "utf8");
  const lines = () =>
    text()
      .trim()
      .split("\n")
      .map((one) => JSON.parse(one) as Record<string, unknown>);
  return { open, text, lines, failures };
}

describe("the file of a log", () => {
  it("has each line at once, with level, time and the fields of all", () => {
    const { open, lines } = file();
    const log = open();
    log.write(line({ user: 3 }), { worker: 1 });
    expect(lines()).toEqual([
      { level: "warn", time: 1_700_000_000_123, run: "r1", worker: 1, user: 3, msg: "failed" },
    ]);
    log.close();
  });

  it("leaves out what is beyond its level", () => {
    const { open, lines } = file({ level: "warn" });
    const log = open();
    for (const level of ["debug", "error", "info"] as const) log.write(line({}, level));
    expect(lines().map(({ level }) => level)).toEqual(["error"]);
    log.close();
  });

  it("is continued by the next run", () => {
    const { open, lines } = file();
    for (const _ of [1, 2]) {
      const log = open();
      log.write(line());
      log.close();
    }
    expect(lines()).toHaveLength(2);
  });

  it("stays one line for each, whatever a target said, and hides no text", () => {
    const { open, text, lines } = file();
    const log = open();
    const message = 'a\n{"level":"error"}\u2028\u202e\u001b[2J';
    log.write(line({ message }));
    log.close();
    expect(lines()).toMatchObject([{ message }]);
    for (const hidden of ["\u2028", "\u202e", "\u001b"]) expect(text()).not.toContain(hidden);
  });

  it("ends at its bound, and says how many lines were left out", () => {
    const { open, text, lines } = file({ mostBytes: 1000 });
    const log = open();
    for (let at = 0; at < 10_000; at++) log.write(line({ at }));
    log.close();
    expect(text().length).toBeLessThan(1300);
    const kept = lines();
    expect(kept.at(-1)).toMatchObject({
      msg: "the log is full: lines left out",
      count: 10_000 - kept.length + 1,
    });
  });

  it.skipIf(!existsSync("/dev/full"))("says once that the disk is full, and throws nothing", () => {
    const { open, failures } = file({}, "/dev/full");
    const log = open();
    for (let at = 0; at < 3; at++) log.write(line());
    log.close();
    expect(failures).toEqual([expect.stringContaining("ENOSPC")]);
  });

  it("that cannot be opened throws at once", () => {
    expect(() => file({}, "/nowhere/at/all").open()).toThrow("ENOENT");
  });
});
