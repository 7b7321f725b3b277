// Promises of choosing a view and its colours.
import { describe, expect, it } from "vitest";
import { chooseView, viewKind, wantsColour } from "../../src/progress/choose.js";
import { FakeTerminal, sampleState } from "./sample-state.js";

const terminal = { isTTY: true, quiet: false, json: false, noColor: false, env: {} };

describe("choosing a view", () => {
  it("is live on a terminal and plain in a pipe", () => {
    expect(viewKind(terminal)).toBe("live");
    expect(viewKind({ ...terminal, isTTY: false })).toBe("plain");
  });

  it("is plain on a terminal that cannot move its cursor, and in CI", () => {
    expect(viewKind({ ...terminal, env: { TERM: "dumb" } })).toBe("plain");
    expect(viewKind({ ...terminal, env: { CI: "true" } })).toBe("plain");
  });

  it("is silent when quiet, or when the output is one JSON report", () => {
    expect(viewKind({ ...terminal, quiet: true })).toBe("silent");
    expect(viewKind({ ...terminal, json: true })).toBe("silent");
    const screen = new FakeTerminal();
    const view = chooseView(screen, { ...terminal, quiet: true });
    view.update(sampleState());
    view.note("x");
    view.end();
    expect(screen.written).toBe("");
  });

  it("sends no escape sequence to a pipe, whatever FORCE_COLOR says", () => {
    const pipe = new FakeTerminal();
    const view = chooseView(pipe, { ...terminal, isTTY: false, env: { FORCE_COLOR: "1" } });
    view.update(sampleState());
    view.note("something");
    view.end();
    expect(pipe.written).not.toContain("\x1b");
    expect(pipe.written).toContain("enterprise-100");
  });

  it("draws without colour on a terminal with NO_COLOR", () => {
    const screen = new FakeTerminal();
    const view = chooseView(screen, { ...terminal, env: { NO_COLOR: "1" } });
    view.update(sampleState());
    view.end();
    expect(screen.written).toContain("\x1b[?25l");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: styles are what must be absent
    expect(screen.written).not.toMatch(/\x1b\[[\d;]*m/);
  });
});

describe("wishing for colour", () => {
  it.each([
    ["a terminal", {}, true, false, true],
    ["a pipe", {}, false, false, false],
    ["NO_COLOR", { NO_COLOR: "1" }, true, false, false],
    ["an empty NO_COLOR, which counts as none", { NO_COLOR: "" }, true, false, true],
    ["NO_COLOR against FORCE_COLOR", { NO_COLOR: "1", FORCE_COLOR: "1" }, true, false, false],
    ["FORCE_COLOR in a pipe", { FORCE_COLOR: "1" }, false, false, true],
    ["FORCE_COLOR=0 on a terminal", { FORCE_COLOR: "0" }, true, false, false],
    ["TERM=dumb", { TERM: "dumb" }, true, false, false],
    ["--no-color", { FORCE_COLOR: "1" }, true, true, false],
  ])("%s", (_, env, isTTY, noColor, colour) => {
    expect(wantsColour({ env, isTTY, noColor })).toBe(colour);
  });
});
