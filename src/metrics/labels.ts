// Labels of turns, which divide their samples: each combination that occurs gets a number.

import { LABELS, type LabelValues, OTHER } from "../model/labels.js";

/** A combination that a worker numbered, for the coordinator. */
export type NumberedLabels = readonly [number: number, values: LabelValues];

/** For samples without labels. */
export const UNLABELLED = 0;

const TOOL = LABELS.indexOf("tool");
const MAX_LENGTH = 64;
/** Most combinations that a worker numbers, and most names of tools, which the target invents. */
const MAX_SETS = 10_000;
const MAX_TOOLS = 200;

/** The combinations that one worker has seen. */
export class LabelSets {
  readonly #numbers = new Map<string, number>();
  readonly #values: LabelValues[] = [LABELS.map(() => "")];
  readonly #withTool = new Map<number, Map<string, number>>();
  readonly #tools = new Set<string>();
  #taken = 1;

  /** Number of a combination. */
  of(values: LabelValues): number {
    const cut = values.map((value) => value.slice(0, MAX_LENGTH));
    const key = cut.join("\n");
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#values.length >= MAX_SETS && !cut.every((value) => value === "" || value === OTHER))
      return this.of(cut.map((value) => (value === "" ? "" : OTHER)));
    const number = this.#values.push(cut) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** The number of the same combination with this tool. */
  withTool(labels: number, tool: string): number {
    let numbers = this.#withTool.get(labels);
    if (!numbers) {
      numbers = new Map();
      this.#withTool.set(labels, numbers);
    }
    const known = numbers.get(tool);
    if (known !== undefined) return known;
    const bounded = this.#tools.has(tool) || this.#tools.size < MAX_TOOLS ? tool : OTHER;
    this.#tools.add(bounded);
    const number = this.of((this.#values[labels] ?? []).map((value, at) => (at === TOOL ? bounded : value)));
    if (bounded === tool) numbers.set(tool, number);
    return number;
  }

  valuesOf(number: number): LabelValues {
    return this.#values[number] ?? [];
  }

  /** Combinations added since the last call. */
  takeNews(): readonly NumberedLabels[] {
    const news = this.#values.slice(this.#taken).map((values, at) => [this.#taken + at, values] as const);
    this.#taken = this.#values.length;
    return news;
  }
}
