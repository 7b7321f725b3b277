// From a prompt and a user to the text to send, and the facts that its answer must show.
import type { Random } from "../../support/random.js";
import { formatCount } from "../../support/units.js";
import { type Figure, PLACEHOLDER, type Prompt } from "./prompt.js";

/** `user` and `turn` count from 0. */
export interface Asker {
  readonly user: number;
  readonly turn: number;
  readonly random: Random;
  /** Which of the prompt's wordings, wrapping around; 0 is its text. */
  readonly wording?: number;
}

export interface RenderedPrompt {
  readonly text: string;
  /** All figures, as the text shows them. */
  readonly values: readonly string[];
  readonly facts: {
    /** As the text shows them, such as `12,300`. */
    readonly figures: readonly string[];
    readonly words: readonly string[];
  };
}

/** Pure, but for one draw from `random` for each figure with a range, in the order of the figures. */
export function renderPrompt(prompt: Prompt, asker: Asker): RenderedPrompt {
  const { figures, wordings, quoted } = templateOf(prompt);
  const values = figures.map((figure) => formatCount(figureValue(figure, asker)));
  const pieces = wordings[(asker.wording ?? 0) % wordings.length] ?? [];
  let text = "";
  for (const piece of pieces) text += typeof piece === "string" ? piece : values[piece];
  return {
    text,
    values,
    facts: {
      figures: quoted.map((one) => (typeof one === "string" ? one : (values[one] ?? ""))),
      words: prompt.facts.words,
    },
  };
}

/** A prompt in pieces, made once for all its turns. Numbers are positions among the figures. */
interface Template {
  readonly figures: readonly Figure[];
  /** The prompt's text and its other wordings, each in pieces. */
  readonly wordings: readonly (readonly (string | number)[])[];
  /** The facts' figures; an unknown name stands for itself. */
  readonly quoted: readonly (string | number)[];
}

const TEMPLATES = new WeakMap<Prompt, Template>();

function templateOf(prompt: Prompt): Template {
  const known = TEMPLATES.get(prompt);
  if (known) return known;
  const names = Object.keys(prompt.figures);
  const positionOf = (name: string): number | undefined =>
    names.includes(name) ? names.indexOf(name) : undefined;
  const made: Template = {
    figures: Object.values(prompt.figures),
    // Split at a pattern with one group: every second part is the name of a placeholder.
    wordings: [prompt.text, ...(prompt.wordings ?? [])].map((text) =>
      text.split(PLACEHOLDER).map((part, at) => (at % 2 === 0 ? part : (positionOf(part) ?? `{${part}}`))),
    ),
    quoted: prompt.facts.figures.map((name) => positionOf(name) ?? name),
  };
  TEMPLATES.set(prompt, made);
  return made;
}

function figureValue(figure: Figure, { user, turn, random }: Asker): number {
  const { from, to, step = 1, perUser = 0, perTurn = 0 } = figure;
  const drawn = to === undefined ? from : from + step * random.below(Math.floor((to - from) / step) + 1);
  return drawn + perUser * user + perTurn * turn;
}
