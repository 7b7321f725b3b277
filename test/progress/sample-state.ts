// A made-up state of a running test, and terminals that keep what was written to them.
import type { ProgressState } from "../../src/progress/state.js";

export function sampleState(change: Partial<ProgressState> = {}): ProgressState {
  return {
    scenario: "enterprise-100",
    target: "reference (http://127.0.0.1:4010)",
    phase: "hold",
    elapsedUs: 21_400_000,
    leftUs: 18_600_000,
    fraction: 0.46,
    usersPlanned: 100,
    usersReady: 100,
    usersLive: 98,
    turnsPerSecond: 33.4,
    turnsEnded: 512,
    turnsInFlight: 47,
    sla: [
      { metric: "message.processing", rule: "p99 < 5s", currentText: "114ms", holds: true, share: 0.023 },
      { metric: "agent.response", rule: "p99 < 60s", currentText: "41.2s", holds: true, share: 0.69 },
      { metric: "history.query", rule: "p99 < 100ms", currentText: "212ms", holds: false, share: 2.12 },
      { metric: "users.live", rule: "min >= 100", currentText: "–", holds: undefined, share: undefined },
    ],
    starts: undefined,
    faults: [],
    errors: { no_terminal: 3, error_event: 12 },
    generator: { workers: 2, cpu: 0.34, loopDelayP99Us: 1_900, sendLagP99Us: 1_200 },
    recent: {
      usersLive: Array.from({ length: 60 }, (_, second) => Math.min(98, second * 6)),
      turnsPerSecond: Array.from({ length: 60 }, (_, second) => 20 + (second % 14)),
    },
    ...change,
  };
}

/** Keeps all that is written, as `process.stderr` of a terminal would get it. */
export class FakeTerminal {
  written = "";
  columns: number;
  rows: number;
  readonly #listeners = new Set<() => void>();

  constructor(columns = 100, rows = 30) {
    this.columns = columns;
    this.rows = rows;
  }
  write(text: string): boolean {
    this.written += text;
    return true;
  }
  on(_: "resize", listener: () => void): void {
    this.#listeners.add(listener);
  }
  off(_: "resize", listener: () => void): void {
    this.#listeners.delete(listener);
  }
  get listeners(): number {
    return this.#listeners.size;
  }
  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    for (const listener of this.#listeners) listener();
  }

  /**
   * What stands in the terminal: on its second screen while that is shown, else on the first with all that scrolled off.
   * Knows just the escapes that the view may use, and throws at any other.
   */
  lines(): string[] {
    const first: string[] = [""];
    let lines = first;
    let row = 0;
    let column = 0;
    let rowOfFirst = 0;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this reads a terminal's escapes
    const token = /\x1b\[(\??)(\d*)([A-Za-z])|([\n\r])|([^\x1b\n\r]+)|(\x1b)/g;
    for (const [whole, mode, count, code, move, text, lone] of this.written.matchAll(token)) {
      if (lone !== undefined) throw new Error("a lone escape");
      if (move === "\n") {
        lines[++row] ??= "";
        column = 0;
      } else if (text !== undefined) {
        const before = lines[row] ?? "";
        lines[row] = before.slice(0, column) + text + before.slice(column + text.length);
        column += text.length;
      } else if (mode === "?" && count === "1049" && code === "h") {
        rowOfFirst = row;
        lines = [""];
        row = 0;
        column = 0;
      } else if (mode === "?" && count === "1049" && code === "l") {
        lines = first;
        row = rowOfFirst;
        column = 0;
      } else if (code === "H") {
        row = 0;
        column = 0;
      } else if (code === "K") lines[row] = (lines[row] ?? "").slice(0, column);
      else if (code === "J") {
        lines.length = row + 1;
        lines[row] = (lines[row] ?? "").slice(0, column);
      } else if (move !== "\r" && code !== "m" && !(mode === "?" && (code === "l" || code === "h"))) {
        throw new Error(`unexpected escape ${JSON.stringify(whole)}`);
      }
    }
    return lines;
  }
}
