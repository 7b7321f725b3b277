// Redraws a block of lines in place at the end of a terminal, and leaves the terminal as it was.
import { cutToWidth, displayWidth } from "../support/terminal-text.js";

/** What is needed of a terminal. `process.stderr` is one. */
export interface TerminalStream {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
  on?(event: "resize", listener: () => void): unknown;
  off?(event: "resize", listener: () => void): unknown;
}

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const ERASE_BELOW = "\x1b[0J";

/** A block that is drawn over and over at the bottom of the output. */
export interface Screen {
  /** Replaces the block. Lines are cut to the width, the block to the height. */
  draw(lines: readonly string[]): void;
  /** Puts a line above the block, where it scrolls away like any output. */
  above(line: string): void;
  /** Removes the block (or leaves its last state standing) and shows the cursor again. Safe to call twice. */
  end(keep: boolean): void;
  readonly columns: number;
  readonly rows: number;
}

/** Takes over the bottom of `stream`. The cursor comes back even when the process exits without `end`. */
export function openScreen(stream: TerminalStream, redraw: () => void): Screen {
  let drawn: string[] = [];
  let open = true;
  const columns = (): number => Math.max(20, stream.columns ?? 80);
  const rows = (): number => Math.max(4, stream.rows ?? 24);
  // A terminal that became narrower has wrapped what stands there, so a drawn line may take several rows.
  const home = (): string => {
    const taken = drawn.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns())),
      0,
    );
    return taken === 0 ? "" : `\x1b[${taken}A\r${ERASE_BELOW}`;
  };
  const restore = (): void => {
    stream.write(SHOW_CURSOR);
  };
  process.once("exit", restore);
  stream.on?.("resize", redraw);
  stream.write(HIDE_CURSOR);
  return {
    draw(lines) {
      if (!open) return;
      const start = home();
      drawn = lines.slice(0, rows() - 1).map((line) => cutToWidth(line, columns() - 1));
      stream.write(start + drawn.map((line) => `${line}\n`).join(""));
    },
    above(line) {
      const block = open ? drawn.map((one) => `${one}\n`).join("") : "";
      stream.write(`${open ? home() : ""}${line}\n${block}`);
    },
    end(keep) {
      if (!open) return;
      stream.write((keep ? "" : home()) + SHOW_CURSOR);
      open = false;
      drawn = [];
      process.off("exit", restore);
      stream.off?.("resize", redraw);
    },
    get columns() {
      return columns();
    },
    get rows() {
      return rows();
    },
  };
}
