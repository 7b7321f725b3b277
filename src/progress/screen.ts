// Redraws a block of lines on the terminal's alternate screen, and restores the terminal afterwards.
import { cutToWidth, wrapText } from "../support/terminal-text.js";

/** The part of a terminal stream that is used, such as `process.stderr`. */
export interface TerminalStream {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
  on?(event: "resize", listener: () => void): unknown;
  off?(event: "resize", listener: () => void): unknown;
}

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
/** The alternate screen has no scrollback; leaving it restores the previous contents. */
const ENTER_SECOND = "\x1b[?1049h";
const LEAVE_SECOND = "\x1b[?1049l";
const HOME = "\x1b[H";
const ERASE_LINE = "\x1b[K";
const ERASE_BELOW = "\x1b[J";
/** Notes shown below the block; at the end, all are printed. */
const SHOWN_NOTES = 5;
/** A run of days may have many notes; only the newest are printed at the end. */
const MAX_NOTES = 1000;

/** A block that is redrawn, with the newest notes below it. */
export interface Screen {
  /** Replaces the block. Lines are cut to the width, the block to the height. */
  draw(lines: readonly string[]): void;
  /** A line to show now and keep in the output afterwards. */
  note(line: string): void;
  /** Leaves the screen, printing all notes and the last block. Safe to call twice. */
  end(): void;
  readonly columns: number;
  readonly rows: number;
}

/**
 * Takes over `stream` until `end`, or until the process exits. On the alternate screen, a resize can neither wrap
 * a frame into the scrollback nor leave one there. Only lines that changed are written.
 */
export function openScreen(stream: TerminalStream, redraw: () => void): Screen {
  let block: readonly string[] = [];
  let drawn: readonly string[] = [];
  const notes: string[] = [];
  let open = true;
  const columns = (): number => Math.max(20, stream.columns ?? 80);
  const rows = (): number => Math.max(4, stream.rows ?? 24);
  const cut = (line: string): string => cutToWidth(line, columns() - 1);
  const show = (): void => {
    const below = notes.slice(-SHOWN_NOTES).flatMap((note) => wrapText(note, columns() - 1).split("\n"));
    const lines = [...block.slice(0, rows() - 1).map(cut), ...below.map(cut)].slice(0, rows() - 1);
    let text = HOME;
    lines.forEach((line, index) => {
      text += line === drawn[index] ? "\n" : `${line}${ERASE_LINE}\n`;
    });
    stream.write(text + (lines.length < drawn.length ? ERASE_BELOW : ""));
    drawn = lines;
  };
  const resized = (): void => {
    drawn = [];
    stream.write(HOME + ERASE_BELOW);
    redraw();
  };
  const leave = (): void => {
    stream.write(HOME + ERASE_BELOW + LEAVE_SECOND + SHOW_CURSOR);
    const noteLines = notes.flatMap((note) => wrapText(note, columns() - 1).split("\n"));
    stream.write([...noteLines, ...block.map(cut)].map((line) => `${line}\n`).join(""));
  };
  process.once("exit", leave);
  stream.on?.("resize", resized);
  stream.write(ENTER_SECOND + HIDE_CURSOR + HOME + ERASE_BELOW);
  return {
    draw(lines) {
      if (!open) return;
      block = lines;
      show();
    },
    note(line) {
      notes.push(line);
      if (notes.length > MAX_NOTES) notes.shift();
      if (open) show();
      else stream.write(`${line}\n`);
    },
    end() {
      if (!open) return;
      open = false;
      process.off("exit", leave);
      stream.off?.("resize", resized);
      leave();
    },
    get columns() {
      return columns();
    },
    get rows() {
      return rows();
    },
  };
}
