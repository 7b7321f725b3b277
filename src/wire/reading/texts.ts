// The content of a frame: one JSON text, or several; and whether a binary frame is JSON.
import { isUtf8 } from "node:buffer";

/** Separates JSON texts in RFC 7464 and SignalR. */
const RECORD_SEPARATOR = "\u001e";

/** Whether {@link eachText} would take the frame as it is, at a glance: most frames are one text. */
export function isOneText(frame: string): boolean {
  return !frame.includes("\n") && !frame.includes(RECORD_SEPARATOR);
}

/**
 * Calls `take` with each text of a frame: several JSON texts, separated by record separators or line breaks, or else the
 * frame as it is.
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

/** The lines of a frame if each is a JSON object or list; `undefined` otherwise, or if there is only one. */
function linesOfJson(frame: string): readonly string[] | undefined {
  const first = frame.indexOf("\n");
  // Indented JSON has no whole value on its first line.
  if (first < 0 || !isJsonValue(frame.slice(0, first))) return undefined;
  const lines = frame.split("\n").filter((line) => line.trim() !== "");
  return lines.length > 1 && lines.every(isJsonValue) ? lines : undefined;
}

/** Whether a line is a complete JSON object or list. */
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

/** The text of a binary frame that is JSON; `undefined` for any other, such as MessagePack. */
export function jsonOfBytes(bytes: Buffer): string | undefined {
  const [first, last] = [bytes.find(isInk), bytes.findLast(isInk)];
  const whole = (first === 123 && last === 125) || (first === 91 && last === 93);
  return whole && isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}

/** Whether it is neither white space nor a record separator. */
function isInk(byte: number): boolean {
  return byte > 32;
}
