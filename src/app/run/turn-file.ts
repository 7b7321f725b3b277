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
  const utcOf = utcWriter();
  return {
    append(lines, startUs) {
      file.append(
        lines.map((line) => writtenLine(line, utcOf(startUs + wallOffsetUs + line.intendedUs))).join(""),
      );
    },
    close: () => file.close(),
    get fault() {
      return file.fault;
    },
  };
}

/** `at` is when the turn was intended, to the microsecond. */
function writtenLine(line: TurnLine, at: string): string {
  return `${visibleJson({ at, ...line })}\n`;
}

/** Writes instants in UTC: thousands of lines share a second, whose text is made once. */
function utcWriter(): (wallUs: number) => string {
  let second = Number.NaN;
  let toSecond = "";
  return (wallUs) => {
    const us = Math.round(wallUs);
    const itsSecond = Math.floor(us / 1_000_000);
    if (itsSecond !== second) toSecond = new Date(itsSecond * 1000).toISOString().slice(0, 19);
    second = itsSecond;
    return `${toSecond}.${String(us % 1_000_000).padStart(6, "0")}Z`;
  };
}
