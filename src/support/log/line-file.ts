// A file that grows line by line and loses none to a full disk: lines wait in memory.
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";

export interface LineFile {
  /**
   * Never throws: what cannot be written is kept in memory and tried again with the next text.
   * @param text whole lines, with line breaks
   * @param must keep it even beyond `mostKept`
   */
  append(text: string, must?: boolean): void;
  close(): void;
  /** Texts not in the file yet, in order. */
  readonly unwritten: readonly string[];
  /** Why some text is not in the file, if any is missing. */
  readonly fault: unknown;
}

export interface LineFileOptions {
  /** Characters that may wait in memory; more are dropped. */
  readonly mostKept: number;
  /** Free space required at the start, bytes. */
  readonly leastBytes: number;
  readonly write?: typeof writeSync;
}

/** Removes half a line; in a file that cannot be truncated, such as a device, it stays for the reader to refuse. */
function cutTo(file: number, size: number): void {
  try {
    ftruncateSync(file, size);
  } catch {
    // The original fault is the one to report.
  }
}

/** Opens the file for appending; throws file system errors, also for lack of space. Lines are written at once. */
export function openLineFile(
  path: string,
  { mostKept, leastBytes, write = writeSync }: LineFileOptions,
): LineFile {
  const file = openSync(path, "a");
  const pending: string[] = [];
  let kept = 0;
  let fault: unknown;
  /** Why some were lost for good, for lack of memory. */
  let lostTo: unknown;
  let open = true;
  /** Bytes of whole lines. */
  let size = fstatSync(file).size;
  /** A line is in the file whole or not at all, although a full disk may take a part of it. */
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
