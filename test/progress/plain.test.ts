// Promises of the plain view.
import { describe, expect, it } from "vitest";
import { plainView } from "../../src/progress/plain.js";
import { FakeTerminal, sampleState } from "./sample-state.js";

const second = 1_000_000;

describe("the plain view", () => {
  it("writes one line every five seconds of the run", () => {
    const stream = new FakeTerminal();
    const view = plainView(stream);
    for (let at = 0; at <= 20; at++) view.update(sampleState({ elapsedUs: at * second }));
    expect(stream.written.trimEnd().split("\n").length).toBe(5);
  });

  it("writes one line a minute in a run of more than ten, with percentiles and active faults", () => {
    const stream = new FakeTerminal();
    const view = plainView(stream);
    const hour = (at: number) => sampleState({ elapsedUs: at * second, leftUs: (3600 - at) * second });
    for (let at = 0; at <= 300; at++) view.update({ ...hour(at), faults: ["disconnect 30%"] });
    const lines = stream.written.trimEnd().split("\n");
    expect(lines.map((line) => /^\[(.*?)\]/.exec(line)?.[1])).toEqual([
      "0µs",
      ...["1m00s", "2m00s", "3m00s", "4m00s", "5m00s"],
    ]);
    for (const told of [
      "users 98 live",
      "turns 512",
      "errors 15",
      "agent.response p99 41.2s",
      "✗ history.query p99 < 100ms: 212ms",
      "⚡ disconnect 30%",
      "55m00s left",
    ])
      expect(lines.at(-1)).toContain(told);
  });

  it("continues once a minute while a long run settles, but reports logins every five seconds", () => {
    const lines = (state: (at: number) => ReturnType<typeof sampleState>): number => {
      const stream = new FakeTerminal();
      const view = plainView(stream);
      for (let at = 0; at <= 120; at++) view.update(state(at));
      return stream.written.trimEnd().split("\n").length;
    };
    expect(lines((at) => sampleState({ phase: "settle", elapsedUs: (700 + at) * second, leftUs: 0 }))).toBe(
      3,
    );
    expect(lines((at) => sampleState({ phase: "prepare", elapsedUs: (700 + at) * second }))).toBe(25);
  });

  it("writes a line at once when the phase changes", () => {
    const stream = new FakeTerminal();
    const view = plainView(stream);
    view.update(sampleState({ phase: "ramp", elapsedUs: second }));
    view.update(sampleState({ phase: "hold", elapsedUs: 2 * second }));
    view.update(sampleState({ phase: "hold", elapsedUs: 3 * second }));
    expect(stream.written.match(/enterprise-100 (ramp|hold)/g)).toEqual([
      "enterprise-100 ramp",
      "enterprise-100 hold",
    ]);
  });

  it("shows users, turns, errors, how many rules hold, and each broken one", () => {
    const stream = new FakeTerminal();
    plainView(stream).update(sampleState());
    expect(stream.written).toBe(
      "[21.4s] enterprise-100 hold · users 98 live, 100 ready of 100 · turns 512 (33.4/s), 47 in flight · errors 15 · SLA 2 of 4 hold, 1 without data · ✗ history.query p99 < 100ms: 212ms · 18.6s left\n",
    );
  });

  it("writes no escape sequence, even if a note contains some", () => {
    const stream = new FakeTerminal();
    const view = plainView(stream);
    view.update(sampleState({ scenario: "\x1b[31mred" }));
    view.note("worker 2 was lost: \x1b]0;title\x07\r\nnext");
    view.end();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must be absent
    expect(stream.written).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
    expect(stream.written.trimEnd().split("\n").length).toBe(2);
  });

  it("ends with the last state, once", () => {
    const stream = new FakeTerminal();
    const view = plainView(stream);
    view.update(sampleState({ elapsedUs: second }));
    view.update(sampleState({ elapsedUs: 2 * second, turnsEnded: 777 }));
    view.end();
    view.end();
    expect(stream.written.match(/turns 777/g)?.length).toBe(1);
  });
});
