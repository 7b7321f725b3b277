// How verdicts and other states are shown in every report: a tone, a mark, and words; the tone adds no information.
import type { ChalkInstance } from "chalk";
import type { ProbeResult } from "../../model/log/observation.js";
import type { CheckStatus } from "../../model/log/run-log.js";
import type { FaultReport } from "../../model/report/report.js";
import type { SuiteResult } from "../../model/report/suite.js";
import type { RuleVerdict, SlaResult } from "../../model/verdict.js";

export type Tone = "good" | "bad" | "warn" | "quiet";
export type State = SuiteResult | RuleVerdict | CheckStatus | ProbeResult | FaultReport["recovered"];

const TONES = {
  PASS: "good",
  pass: "good",
  clean: "good",
  refused: "good",
  yes: "good",
  FAIL: "bad",
  fail: "bad",
  found: "bad",
  breach: "bad",
  never: "bad",
  INVALID: "warn",
  "no-data": "warn",
  unclear: "warn",
  unknown: "warn",
  "not-checked": "quiet",
  "not-run": "quiet",
} as const satisfies Record<State, Tone>;
const MARKS = { good: "✓", bad: "✗", warn: "?", quiet: "–" } as const satisfies Record<Tone, string>;

export function toneOf(state: State): Tone {
  return TONES[state];
}

export function markOf(state: State): string {
  return MARKS[TONES[state]];
}

/** `no data`, `let in`. */
export function stateWords(state: State): string {
  return state === "breach" ? "let in" : state.replace("-", " ");
}

/** `✓ PASS`. */
export function marked(state: State): string {
  return `${markOf(state)} ${stateWords(state)}`;
}

/** What a badge shows. */
export function lookOf(state: State): { readonly tone: Tone; readonly mark: string; readonly word: string } {
  return { tone: toneOf(state), mark: markOf(state), word: stateWords(state) };
}

/** Colours of a terminal. */
export function painterOf(state: State, paint: ChalkInstance): ChalkInstance {
  return { good: paint.green, bad: paint.red, warn: paint.yellow, quiet: paint.dim }[TONES[state]];
}

const RANKS = ["fail", "no-data", "pass", "not-checked"] as const satisfies readonly RuleVerdict[];

/** Failures first; otherwise in the order of the scenario. */
export function worstFirst(rules: readonly SlaResult[]): readonly SlaResult[] {
  return RANKS.flatMap((verdict) => rules.filter((rule) => rule.verdict === verdict));
}
