// A prompt and a user to the text that is sent, and to the facts that its answer must show.
import type { Random } from "../../support/random.js";
import { formatCount } from "../../support/units.js";
import type { Figure, Prompt } from "./prompt.js";

/** Who asks. `user` and `turn` count from 0. */
export interface Asker {
  readonly user: number;
  readonly turn: number;
  readonly random: Random;
}

export interface RenderedPrompt {
  readonly text: string;
  readonly facts: {
    /** As they stand in the text, such as `12,300`. */
    readonly figures: readonly string[];
    readonly words: readonly string[];
  };
}

/** Depends on its arguments only. Draws once from `random` for each figure with a range, in the order of the table. */
export function renderPrompt(prompt: Prompt, asker: Asker): RenderedPrompt {
  const values = new Map(
    Object.entries(prompt.figures).map(([name, figure]) => [name, formatCount(figureValue(figure, asker))]),
  );
  const text = prompt.text.replace(PLACEHOLDER, (whole, name: string) => values.get(name) ?? whole);
  const figures = prompt.facts.figures.map((name) => values.get(name) ?? name);
  return { text, facts: { figures, words: prompt.facts.words } };
}

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9]*)\}/g;

/** Names of the figures that a text wants, each once. */
export function placeholders(text: string): readonly string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name]) => name ?? ""))];
}

function figureValue(figure: Figure, { user, turn, random }: Asker): number {
  const { from, to, step = 1, perUser = 0, perTurn = 0 } = figure;
  const drawn = to === undefined ? from : from + step * random.below(Math.floor((to - from) / step) + 1);
  return drawn + perUser * user + perTurn * turn;
}
