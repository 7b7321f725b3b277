// turns.jsonl of a run: one line per turn, written as turns settle.
import { join } from "node:path";
import { type LineFile, openLineFile } from "../../support/log/line-file.js";

export const TURN_FILE = "turns.jsonl";

/** Characters that may wait for disk space. */
const MAX_KEPT = 16 * 1_048_576;

export type TurnFile = Pick<LineFile, "append" | "close" | "fault">;

export function openTurnFile(folder: string): TurnFile {
  return openLineFile(join(folder, TURN_FILE), { mostKept: MAX_KEPT, leastBytes: 0 });
}
