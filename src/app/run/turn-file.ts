// turns.jsonl of a run: one line per turn, written as turns settle, in this machine's wall-clock time.
import { join } from "node:path";
import type { TurnLine } from "../../model/log/turn-line.js";
import { roughWallMinusMonoUs } from "../../support/clock.js";
import { visibleJson } from "../../support/json.js";
import { openLineFile } from "../../support/log/line-file.js";

export const TURN_FILE = "turns.jsonl";

/** Characters that may wait for disk space. */
const MOST_KEPT = 16 * 1_048_576;

export interface TurnFile {
  /** @param startUs the start barrier, monotonic microseconds */
  append(lines: readonly TurnLine[], startUs: number): void;
  close(): void;
  /** Why lines could not be written; `undefined` if all were. */
  readonly fault: unknown;
}

export function openTurnFile(folder: string): TurnFile {
  const file = openLineFile(join(folder, TURN_FILE), { mostKept: MOST_KEPT, leastBytes: 0 });
  const wallOffsetUs = roughWallMinusMonoUs();
  return {
    append(lines, startUs) {
      file.append(lines.map((line) => writtenLine(line, startUs + wallOffsetUs)).join(""));
    },
    close: () => file.close(),
    get fault() {
      return file.fault;
    },
  };
}

/** `at` is when the turn was intended, to the microsecond. */
function writtenLine(line: TurnLine, startWallUs: number): string {
  return `${visibleJson({ at: utcOf(startWallUs + line.intendedUs), ...line })}\n`;
}

function utcOf(wallUs: number): string {
  const us = Math.round(wallUs);
  const toSecond = new Date(Math.floor(us / 1_000_000) * 1000).toISOString().slice(0, 19);
  return `${toSecond}.${String(us % 1_000_000).padStart(6, "0")}Z`;
}
