// What is wrong with the words in which a user is told of an error: none at all, a stack trace, or data for machines.

export type Unreadable = "no-words" | "stack-trace" | "raw-data";

/** Fewer letters name an error, and tell nobody what it means. */
const MIN_LETTERS = 8;

/** Traces and exceptions of the usual languages, addresses of memory, places in source files, and codes of the system. */
const TRACES: readonly RegExp[] = [
  /^[^\S\r\n]*at \S.{0,150}\((?:[^()\s]{1,200}:\d+|native|<anonymous>)\)/m,
  /Traceback \(most recent call last\)/,
  /\bFile "[^"\n]{1,200}", line \d+/,
  /\b[A-Z][A-Za-z]*(?:Error|Exception)\b(?=\s*[:(\n]|$)/m,
  /\bgoroutine \d+ \[/,
  /\bpanicked at\b/,
  /\b0x[0-9a-f]{6,}\b/i,
  /[\w-]\.(?:[cm]?[jt]sx?|py|go|java|kt|rb|rs|php|cs):\d+/,
  /\bE(?:CONN(?:REFUSED|RESET|ABORTED)|TIMEDOUT|NOTFOUND|PIPE|HOSTUNREACH|AI_AGAIN)\b/,
];

const DATA: readonly RegExp[] = [
  /^\s*[[{].*[\]}]\s*$/s,
  /<(?:!doctype|html|head|body|pre)\b/i,
  /\[object \w+\]/,
  /\b(?:SELECT\b[^\n]{1,200}\bFROM|INSERT INTO|DELETE FROM)\b/,
];

/** A text of at most some hundred characters, as it was shown to a user. @returns `undefined` for words that a person can read */
export function unreadable(text: string | undefined): Unreadable | undefined {
  if (text === undefined) return "no-words";
  if (TRACES.some((trace) => trace.test(text))) return "stack-trace";
  if (DATA.some((data) => data.test(text))) return "raw-data";
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  // One word of a program's making, such as `model_timeout`, is a code.
  return letters < MIN_LETTERS || /^[\w.:/-]+$/.test(text.trim()) ? "no-words" : undefined;
}
