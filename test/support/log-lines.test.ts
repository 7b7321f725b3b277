// The buffer of log lines: what is wanted, in order, bounded a second, and nothing left out in silence.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LOG_LEVELS, LogBuffer, type LogLine, takesLevel } from "../../src/support/log/log-lines.js";

const countOf = (lines: readonly LogLine[]): number =>
  lines.reduce((sum, { event, fields }) => sum + (event === "lines left out" ? Number(fields.count) : 1), 0);

describe("a buffer of log lines", () => {
  it("takes the levels up to its own", () => {
    const log = new LogBuffer("info", () => 5);
    for (const level of LOG_LEVELS) log.line(level, `a ${level}`);
    expect(log.take().map(({ level }) => level)).toEqual(["error", "warn", "info"]);
    expect(takesLevel("debug", "debug")).toBe(true);
    expect(takesLevel("error", "warn")).toBe(false);
  });

  it("gives each line once, in order, with its time", () => {
    let now = 1000;
    const log = new LogBuffer("debug", () => now);
    log.line("info", "first", { user: 1, none: undefined, empty: "" });
    now = 1001;
    log.line("warn", "second");
    expect(log.take()).toEqual([
      { level: "info", event: "first", timeMs: 1000, fields: { user: 1 } },
      { level: "warn", event: "second", timeMs: 1001, fields: {} },
    ]);
    expect(log.take()).toEqual([]);
  });

  it("holds what a target said to one bounded line", () => {
    const log = new LogBuffer("debug", () => 0);
    log.line("warn", "said", { message: `a\nb\u001b[2J${"x".repeat(10_000)}` });
    const message = String(log.take()[0]?.fields.message);
    expect(message.length).toBeLessThanOrEqual(500);
    expect(message).toMatch(/^a b \[2Jx+…$/);
  });

  it("tells 20 lines of a kind in a second, and counts the others; another kind is not drowned", () => {
    let now = 0;
    const log = new LogBuffer("debug", () => now);
    for (let user = 0; user < 1000; user++) log.line("warn", "failed", { user, status: 503 });
    log.line("warn", "failed", { user: 7, status: 401 });
    now = 1500;
    log.line("warn", "failed", { user: 8, status: 503 });
    const lines = log.take();
    expect(lines.filter(({ fields }) => fields.status === 503)).toHaveLength(21);
    expect(lines.filter(({ fields }) => fields.status === 401)).toHaveLength(1);
    expect(lines.filter(({ event }) => event === "lines left out").map(({ fields }) => fields)).toEqual([
      { of: "failed", count: 980 },
    ]);
  });

  it("is bounded whatever comes, and accounts for every line", () => {
    const call = fc.record({ waitMs: fc.nat(400), times: fc.nat(300), status: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 30 }), (calls) => {
        let now = 0;
        let all = 0;
        const log = new LogBuffer("debug", () => now);
        const lines: LogLine[] = [];
        for (const { waitMs, times, status } of calls) {
          now += waitMs;
          for (let at = 0; at < times; at++) log.line("warn", "failed", { status });
          all += times;
          if (times % 3 === 0) lines.push(...log.take());
        }
        lines.push(...log.take());
        expect(countOf(lines)).toBe(all);
        const bySecond = new Map<number, number>();
        for (const { event, timeMs } of lines)
          if (event === "failed")
            bySecond.set(Math.floor(timeMs / 1000), (bySecond.get(Math.floor(timeMs / 1000)) ?? 0) + 1);
        for (const count of bySecond.values()) expect(count).toBeLessThanOrEqual(200);
      }),
    );
  });
});
