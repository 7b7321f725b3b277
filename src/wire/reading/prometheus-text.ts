// Reads chosen series from Prometheus text (exposition format 0.0.4 and OpenMetrics 1.0), in one pass with little memory.
//
//   line   = name ["{" label ("," label)* "}"] value [timestamp]      comments begin with "#"
//   label  = name "=" '"' text with \\, \" and \n escaped '"'
import type { SeriesChoice } from "../../scenarios/scenario.js";

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\\n]|\\.)*)"\s*(,|(?=\}))/y;
const VALUE = /[ \t]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?=[ \t\r]|$)/y;
/** Longest line read: no real metrics page has longer ones. */
const LONGEST_LINE = 16_384;

/** One value per choice; `undefined` if no series has a finite one. NaN and infinities do not count. */
export function readSeries(text: string, choices: readonly SeriesChoice[]): (number | undefined)[] {
  const values: (number | undefined)[] = choices.map(() => undefined);
  const names = new Set(choices.map(({ name }) => name));
  for (let begin = 0; begin < text.length; ) {
    const found = text.indexOf("\n", begin);
    const end = found < 0 ? text.length : found;
    const name = nameAt(text, begin);
    if (names.has(name) && end - begin <= LONGEST_LINE) {
      const series = seriesIn(text.slice(begin + name.length, end));
      if (series) take(values, choices, name, series);
    }
    begin = end + 1;
  }
  return values;
}

interface Series {
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

function take(
  values: (number | undefined)[],
  choices: readonly SeriesChoice[],
  name: string,
  { labels, value }: Series,
): void {
  for (const [at, choice] of choices.entries()) {
    if (choice.name !== name) continue;
    if (!Object.entries(choice.labels).every(([label, wanted]) => labels.get(label) === wanted)) continue;
    const known = values[at];
    if (known === undefined) values[at] = value;
    else values[at] = choice.combine === "sum" ? known + value : Math.max(known, value);
  }
}

/** Name at the start of a line; empty for a comment or if there is none. */
function nameAt(text: string, at: number): string {
  NAME.lastIndex = at;
  return NAME.exec(text)?.[0] ?? "";
}

/** Labels and value after the name; `undefined` if the value is not finite. */
function seriesIn(rest: string): Series | undefined {
  const labels = new Map<string, string>();
  let at = 0;
  if (rest.startsWith("{")) {
    at = 1;
    while (rest[at] !== "}") {
      LABEL.lastIndex = at;
      const label = LABEL.exec(rest);
      if (!label) return undefined;
      labels.set(label[1] ?? "", unescaped(label[2] ?? ""));
      at = LABEL.lastIndex;
    }
    at++;
  }
  VALUE.lastIndex = at;
  const value = Number(VALUE.exec(rest)?.[1] ?? Number.NaN);
  return Number.isFinite(value) ? { labels, value } : undefined;
}

function unescaped(text: string): string {
  return text.includes("\\") ? text.replace(/\\(.)/g, (_, one: string) => (one === "n" ? "\n" : one)) : text;
}
