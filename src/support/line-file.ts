// A file that grows line by line, and loses none to a disk that fills up: what it does not take waits in memory.
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";

export interface LineFile {
  /**
   * Never throws: what the disk does not take is kept in memory, and tried again with the next one.
   * @param text whole lines, each with its line break
   * @param must it is kept even beyond the bound of what memory holds
   */
  append(text: string, must?: boolean): void;
  close(): void;
  /** Texts that are not in the file, in their order: empty as long as the disk takes them. */
  readonly unwritten: readonly string[];
  /** Why some text is not in the file; `undefined` where all are. */
  readonly fault: unknown;
}

export interface LineFileOptions {
  /** Characters that may wait in memory; what comes beyond them is dropped. */
  readonly mostKept: number;
  /** Room that must be there to begin with, bytes. */
  readonly leastBytes: number;
  readonly write?: typeof writeSync;
}

/** Takes half a line away; a file that cannot be cut, such as a device, keeps it, and its reader refuses it. */
function cutTo(file: number, size: number): void {
  try {
    ftruncateSync(file, size);
  } catch {
    // The fault that led here is the one to report.
  }
}

/** Opens the file for appending; throws what the file system throws, also where it has no room. Lines are written at once. */
export function openLineFile(
  path: string,
  { mostKept, leastBytes, write = writeSync }: LineFileOptions,
): LineFile {
  const file = openSync(path, "a");
  const pending: string[] = [];
  let kept = 0;
  let fault: unknown;
  /** Why some of them found no room in memory either: they are lost for good. */
  let lostTo: unknown;
  let open = true;
  /** Bytes of whole lines. */
  let size = fstatSync(file).size;
  /** A line is in the file whole or not at all: a disk that fills up takes a part of it first. */
  const put = (text: string): void => {
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length; ) at += write(file, bytes, at);
      size += bytes.length;
    } catch (error) {
      cutTo(file, size);
      throw error;
    }
  };
  const flush = (): void => {
    while (pending[0] !== undefined) {
      put(pending[0]);
      kept -= pending.shift()?.length ?? 0;
    }
  };
  const tried = (action: () => void): void => {
    try {
      action();
      fault = undefined;
    } catch (error) {
      fault = error;
    }
  };
  try {
    if (leastBytes > 0) {
      put(" ".repeat(leastBytes));
      size -= leastBytes;
      ftruncateSync(file, size);
    }
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return {
    append(text, must = false) {
      if (!open) return;
      if (kept > mostKept && !must) {
        lostTo ??= fault;
        return;
      }
      pending.push(text);
      kept += text.length;
      tried(flush);
    },
    close() {
      if (!open) return;
      open = false;
      tried(flush);
      closeSync(file);
    },
    get unwritten() {
      return pending;
    },
    get fault() {
      return fault ?? lostTo;
    },
  };
}
