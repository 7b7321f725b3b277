// The four soft dimensions of an answer: for each it misses, there is a reason.
import { cutOffBy } from "./completeness.js";
import type { Judged } from "./judged.js";

const STEP = /^ {0,8}(?:\d{1,2}[.)]|[-*+•]|step \d{1,2}\b)[ :]*(?=[^\s\d])/gim;
const ADVICE = new Set(
  "add adopt analyse analyze archive ask assign audit automate avoid batch begin build cache cap check choose collect compare consider create cut define delete deploy draft enable ensure estimate fix focus give hire identify implement improve increase index introduce invest keep launch limit list lower measure migrate monitor move negotiate offer optimise optimize plan prioritise prioritize profile publish rank recommend reduce remove replace report reserve review rewrite roll route run schedule set should shift split start stop stream suggest switch tag track train trim try tune update upgrade use watch write".split(
    " ",
  ),
);

interface Actionability {
  /** Lines of lists, numbered or not. */
  readonly steps: number;
  /** Different verbs of advice. */
  readonly verbs: number;
}

/** `text` is normalised; `own` are its words without quotations. */
export function actionabilityOf(text: string, own: readonly string[]): Actionability {
  const verbs = new Set(own.filter((word) => ADVICE.has(word)));
  return { steps: text.match(STEP)?.length ?? 0, verbs: verbs.size };
}

/** Two steps with a verb among them, or four verbs of advice in running text. */
export function isActionable({ steps, verbs }: Actionability): boolean {
  return (steps >= 2 && verbs >= 1) || verbs >= 4;
}

export interface QualityLimits {
  readonly minCharacters: number;
  readonly minNewWords: number;
  readonly maxRepetition: number;
  readonly minFigures: number;
  readonly minTopicWords: number;
}

export const DIMENSIONS = ["substantive", "relevant", "actionable", "complete"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export interface Miss {
  readonly expected: string;
  readonly seen: string;
}

export function missesOf(judged: Judged, limits: QualityLimits): Partial<Record<Dimension, Miss>> {
  const found: readonly (readonly [Dimension, Miss | undefined])[] = [
    ["substantive", substantiveMiss(judged, limits)],
    ["relevant", relevantMiss(judged, limits)],
    ["actionable", actionableMiss(judged)],
    ["complete", completeMiss(judged)],
  ];
  return Object.fromEntries(found.filter(([, miss]) => miss !== undefined));
}

function substantiveMiss({ substance }: Judged, limits: QualityLimits): Miss | undefined {
  const { characters, newWords, repetition } = substance;
  if (characters < limits.minCharacters)
    return { expected: `${limits.minCharacters} characters of its own`, seen: `${characters}` };
  if (newWords < limits.minNewWords)
    return { expected: `${limits.minNewWords} different words that the prompt has not`, seen: `${newWords}` };
  if (repetition > limits.maxRepetition)
    return { expected: `at most ${percent(limits.maxRepetition)} repetition`, seen: percent(repetition) };
  return undefined;
}

/** Requires at least one figure if there are any, and no more words than are known. */
function relevantMiss({ relevance }: Judged, limits: QualityLimits): Miss | undefined {
  const { figures, figuresDemanded, words, wordsKnown } = relevance;
  const figuresWanted = Math.ceil(figuresDemanded * limits.minFigures);
  const wordsWanted = Math.min(wordsKnown, limits.minTopicWords);
  if (figures < figuresWanted)
    return {
      expected: `${figuresWanted} of the ${figuresDemanded} figures that the prompt demands`,
      seen: `${figures}`,
    };
  if (words < wordsWanted) return { expected: `${wordsWanted} words of the topic`, seen: `${words}` };
  return undefined;
}

function actionableMiss({ text, own }: Judged): Miss | undefined {
  const action = actionabilityOf(text, own);
  if (isActionable(action)) return undefined;
  return {
    expected: "steps, or verbs of advice",
    seen: `${action.steps} lines of lists, ${action.verbs} such verbs`,
  };
}

function completeMiss({ text }: Judged): Miss | undefined {
  const why = cutOffBy(text);
  return why === undefined ? undefined : { expected: "a finished text", seen: why };
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
