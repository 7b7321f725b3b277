// Promises of the live view, read from a small terminal emulator.
import { describe, expect, it } from "vitest";
import { liveView } from "../../src/progress/live.js";
import { displayWidth } from "../../src/support/terminal-text.js";
import { FakeTerminal, sampleState } from "./sample-state.js";

const HIDE = "\x1b[?25l";
const SHOW = "\x1b[?25h";

function drawn(terminal: FakeTerminal): string {
  return terminal.lines().join("\n");
}

describe("the live view", () => {
  it("redraws in place: many updates leave one block", () => {
    const terminal = new FakeTerminal();
    const view = liveView(terminal, { colour: true });
    for (let at = 1; at <= 30; at++) view.update(sampleState({ turnsEnded: at }));
    const text = drawn(terminal);
    expect(text.match(/enterprise-100/g)?.length).toBe(1);
    expect(text).toContain("30 ended");
    expect(text).not.toContain("29 ended");
    view.end();
  });

  it("shows phase, time left, users, turns, errors and the generator", () => {
    const terminal = new FakeTerminal();
    const view = liveView(terminal, { colour: false });
    view.update(sampleState());
    const text = drawn(terminal);
    expect(text).toMatch(/hold +█+.*░+ +46% {2}21\.4s · 18\.6s left/);
    expect(text).toMatch(/users +98 live · 100 ready of 100 {2}[▁-█]+/);
    expect(text).toMatch(/turns +33\.4\/s · 512 ended · 47 in flight {2}[▁-█]+/);
    expect(text).toMatch(/errors +error_event 12 · no_terminal 3/);
    expect(text).toMatch(/load gen +✓ healthy · 2 workers · CPU 0\.34 · loop 1\.90ms · send lag 1\.20ms/);
    view.end();
  });

  it("marks each rule as holding, broken or without data, with a bar where possible", () => {
    const terminal = new FakeTerminal();
    const view = liveView(terminal, { colour: false });
    view.update(sampleState());
    const text = drawn(terminal);
    expect(text).toMatch(/✓ agent\.response p99 < 60s +41\.2s {2}█{13}.?░+/);
    expect(text).toMatch(/✗ history\.query p99 < 100ms +212ms {2}█{20}$/m);
    expect(text).toMatch(/… users\.live min >= 100 +–$/m);
    view.end();
  });

  it("warns when the generator itself is late", () => {
    const terminal = new FakeTerminal();
    const view = liveView(terminal, { colour: false });
    view.update(
      sampleState({ generator: { workers: 1, cpu: 1, loopDelayP99Us: 31_000, sendLagP99Us: 100 } }),
    );
    expect(drawn(terminal)).toContain("! late · 1 worker");
    view.end();
  });

  it("shows each worker of a fleet while there is room, silent ones first", () => {
    const terminal = new FakeTerminal(100, 30);
    const view = liveView(terminal, { colour: false });
    const agents = Array.from({ length: 40 }, (_, at) => ({
      ...{ name: `w${at}`, usersLive: 1000 + at, turnsEnded: 31, loopDelayP99Us: 1200 },
      silentSeconds: at === 37 ? 5 : 0,
    }));
    view.update(sampleState({ agents: agents.slice(0, 2) }));
    expect(drawn(terminal)).toMatch(
      /load gen .*\n +w0 {2}1,000 live · 31\/s · loop 1\.20ms\n +w1 {2}1,001 live/,
    );
    view.update(sampleState({ agents }));
    expect(drawn(terminal)).toMatch(
      /load gen .*\n +w37 +1,037 live · 31\/s · loop 1\.20ms · silent for 5 s\n +w0/,
    );
    expect(drawn(terminal)).toMatch(/… and \d+ more$/m);
    view.end();
  });

  it("hides the cursor while it draws and restores it at the end, once", () => {
    const terminal = new FakeTerminal();
    const view = liveView(terminal, { colour: true });
    view.update(sampleState());
    expect(terminal.written).toContain(HIDE);
    expect(terminal.written).not.toContain(SHOW);
    view.end();
    view.end();
    expect(terminal.written.split(SHOW).length).toBe(2);
    expect(terminal.listeners).toBe(0);
  });

  it("restores the cursor if the process exits during a run", () => {
    const terminal = new FakeTerminal();
    const before = process.listenerCount("exit");
    const view = liveView(terminal, { colour: true });
    view.update(sampleState());
    const restore = process.listeners("exit").at(-1);
    restore?.(0);
    expect(terminal.written).toContain(SHOW);
    expect(drawn(terminal)).toContain("enterprise-100");
    view.end();
    expect(process.listenerCount("exit")).toBe(before);
  });

  it("leaves a terminal alone that it never drew on", () => {
    const terminal = new FakeTerminal();
    liveView(terminal, { colour: true }).end();
    expect(terminal.written).toBe("");
  });

  it("shows notes below the block and keeps all of them in the output, without escape sequences", () => {
    const terminal = new FakeTerminal();
    const view = liveView(terminal, { colour: false });
    view.note("starting");
    view.update(sampleState());
    for (let at = 1; at <= 8; at++) view.note(`worker ${at} was \x1b[2Jlost`);
    view.update(sampleState({ turnsEnded: 600 }));
    expect(drawn(terminal)).toMatch(/600 ended[\s\S]*! worker 8 was {2}\[2Jlost/);
    expect(drawn(terminal)).not.toContain("worker 3");
    view.end();
    const lines = terminal.lines();
    expect(lines.slice(0, 2)).toEqual(["! starting", "! worker 1 was  [2Jlost"]);
    expect(lines.filter((line) => line.includes("was  [2Jlost"))).toHaveLength(8);
    expect(lines.filter((line) => line.includes("enterprise-100"))).toHaveLength(1);
  });

  it("leaves a single frame in the output, whatever the resizes", () => {
    const terminal = new FakeTerminal(100, 30);
    terminal.write("$ gp-load run\n");
    const view = liveView(terminal, { colour: true });
    for (const [columns, rows] of [
      [100, 30],
      [40, 30],
      [100, 12],
      [30, 8],
      [120, 40],
    ] as const) {
      terminal.resize(columns, rows);
      for (let at = 0; at < 3; at++) view.update(sampleState({ turnsEnded: at }));
      expect(terminal.lines().length).toBeLessThanOrEqual(rows);
    }
    view.end();
    const lines = terminal.lines();
    expect(lines[0]).toBe("$ gp-load run");
    expect(lines.filter((line) => line.includes("enterprise-100"))).toHaveLength(1);
  });

  it("writes only the lines that changed", () => {
    const terminal = new FakeTerminal();
    const view = liveView(terminal, { colour: false });
    view.update(sampleState());
    const before = terminal.written.length;
    view.update(sampleState({ turnsEnded: 513 }));
    const written = terminal.written.slice(before);
    expect(written).toContain("513 ended");
    expect(written).not.toContain("enterprise-100");
    view.end();
  });

  it.each([
    [100, 30],
    [60, 20],
    [30, 10],
    [20, 4],
  ])("fits a terminal of %i × %i", (columns, rows) => {
    const terminal = new FakeTerminal(columns, rows);
    const view = liveView(terminal, { colour: true });
    view.update(sampleState());
    const lines = terminal.lines();
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(Math.max(...lines.map(displayWidth))).toBeLessThan(columns);
    expect(lines.join("\n")).toContain("hold");
    view.end();
  });

  it("shows as many whole parts of the generator as fit into a narrow terminal", () => {
    const told = (columns: number): string | undefined => {
      const terminal = new FakeTerminal(columns, 30);
      const view = liveView(terminal, { colour: false });
      view.update(sampleState());
      const [, text] = /^load gen (.*)$/m.exec(drawn(terminal)) ?? [];
      view.end();
      return text;
    };
    expect(told(60)).toBe("✓ healthy · 2 workers · CPU 0.34 · loop 1.90ms");
    expect(told(40)).toBe("✓ healthy · 2 workers");
    expect(told(80)).toBe("✓ healthy · 2 workers · CPU 0.34 · loop 1.90ms · send lag 1.20ms");
  });

  it("hides no broken rule in a terminal with few lines", () => {
    const terminal = new FakeTerminal(100, 12);
    const view = liveView(terminal, { colour: false });
    const [passing] = sampleState().sla;
    const many = Array.from({ length: 20 }, () => passing).filter((one) => one !== undefined);
    view.update(
      sampleState({
        sla: [
          ...many,
          { metric: "turns.lost", rule: "== 0", currentText: "4", holds: false, share: undefined },
        ],
      }),
    );
    expect(drawn(terminal)).toContain("✗ turns.lost == 0");
    expect(drawn(terminal)).toMatch(/… and \d+ more rules/);
    view.end();
  });

  it("redraws at once when the terminal is resized", () => {
    const terminal = new FakeTerminal(100, 30);
    const view = liveView(terminal, { colour: false });
    view.update(sampleState());
    terminal.resize(50, 20);
    const lines = terminal.lines();
    expect(drawn(terminal)).toContain("enterprise-100");
    expect(Math.max(...lines.map(displayWidth))).toBeLessThan(50);
    view.end();
  });

  it("uses no colour unless allowed", () => {
    const terminal = new FakeTerminal();
    const view = liveView(terminal, { colour: false });
    view.update(sampleState());
    // biome-ignore lint/suspicious/noControlCharactersInRegex: styles are what must be absent
    expect(terminal.written).not.toMatch(/\x1b\[[\d;]*m/);
    view.end();
  });
});
