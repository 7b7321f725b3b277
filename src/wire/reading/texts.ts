// What a frame holds: one JSON text, or several, one after the other; and whether bytes that came as binary are JSON.
import { isUtf8 } from "node:buffer";

/** Separates JSON texts in RFC 7464 and SignalR. */
const RECORD_SEPARATOR = "\u001e";

/**
 * Calls `take` with each text of a frame. A frame of several JSON texts, divided by record separators or, one to a
 * line, by line breaks, is as many frames; any other frame is one, as it is.
 */
export function eachText(frame: string, take: (text: string) => void): void {
  if (frame.includes(RECORD_SEPARATOR)) {
    for (const part of frame.split(RECORD_SEPARATOR)) if (part.trim() !== "") take(part);
    return;
  }
  const lines = linesOfJson(frame);
  if (lines === undefined) take(frame);
  else for (const line of lines) take(line);
}

/** The lines of a frame that are each a JSON object or list; `undefined` where they are not, or there is but one. */
function linesOfJson(frame: string): readonly string[] | undefined {
  const first = frame.indexOf("\n");
  // JSON that is written over several lines has no whole value on its first one.
  if (first < 0 || !isJsonValue(frame.slice(0, first))) return undefined;
  const lines = frame.split("\n").filter((line) => line.trim() !== "");
  return lines.length > 1 && lines.every(isJsonValue) ? lines : undefined;
}

/** Whether a line is a whole JSON object or list. */
export function isJsonValue(line: string): boolean {
  const start = line.trimStart();
  if (!start.startsWith("{") && !start.startsWith("[")) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** The text of a binary frame that holds JSON; `undefined` for any other, such as MessagePack. */
export function jsonOfBytes(bytes: Buffer): string | undefined {
  const [first, last] = [bytes.find(isInk), bytes.findLast(isInk)];
  const whole = (first === 123 && last === 125) || (first === 91 && last === 93);
  return whole && isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}

/** Neither white space nor a record separator. */
function isInk(byte: number): boolean {
  return byte > 32;
}
