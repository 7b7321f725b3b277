// Finds answers with figures that contradict their prompt.
//
// An answer may have figures of its own. It contradicts its prompt if
//  - it restates a figure with another value: same unit, same key words next to it, the true value nowhere; or
//  - it works with other figures altogether: it states none of the prompt's, and in their units there are two other
//    values, or one that it comes back to.
import type { FigureFact } from "./facts.js";

export interface Contradiction {
  /** In the prompt. */
  readonly expected: string;
  /** In the answer. */
  readonly seen: string;
}

/** Smaller figures occur in any text. */
const TELLING = 10;
/** From here on, the same number is the same figure, whatever follows it. */
const UNMISTAKABLE = 1000;

export function contradictionOf(
  prompt: readonly FigureFact[],
  answer: readonly FigureFact[],
): Contradiction | undefined {
  const told = prompt.filter(isTelling);
  const known = new Set(prompt.map(({ value }) => value));
  const strange = answer.filter((figure) => isTelling(figure) && !known.has(figure.value));
  if (told.length === 0 || strange.length === 0) return undefined;
  const values = new Set(answer.map(({ value }) => value));
  for (const figure of told) {
    const restated = values.has(figure.value)
      ? undefined
      : strange.find((other) => isSameThing(figure, other));
    if (restated) return { expected: figure.text, seen: restated.text };
  }
  return replacedAltogether(told, strange, answer);
}

/** A figure with a meaning: it has a unit, or is too large to be chance. */
function isTelling({ value, unit }: FigureFact): boolean {
  return value >= (unit === "" ? UNMISTAKABLE : TELLING);
}

function isSameThing(a: FigureFact, b: FigureFact): boolean {
  return (
    a.unit === b.unit && a.before !== "" && a.before === b.before && a.after !== "" && a.after === b.after
  );
}

function replacedAltogether(
  told: readonly FigureFact[],
  strange: readonly FigureFact[],
  answer: readonly FigureFact[],
): Contradiction | undefined {
  const pairs: (readonly [FigureFact, FigureFact])[] = [];
  for (const figure of told) {
    const rivals = strange.filter((one) => isRival(one, figure));
    if (isStated(figure, answer, rivals.length > 0)) return undefined;
    const free = rivals.filter(({ value }) => !pairs.some(([, taken]) => taken.value === value));
    const other = free.find((one) => comesBack(one, strange)) ?? free[0];
    if (other) pairs.push([figure, other]);
  }
  const [first] = pairs;
  if (!first || (pairs.length === 1 && !comesBack(first[1], strange))) return undefined;
  return {
    expected: pairs.map(([figure]) => figure.text).join(", "),
    seen: pairs.map(([, other]) => other.text).join(", "),
  };
}

/** In place of the figure: the same unit and magnitude; a saving of 500 dollars does not replace a bill of 5,300. */
function isRival(one: FigureFact, { value, unit }: FigureFact): boolean {
  const reach = unit === "" ? 2 : 3;
  return one.unit === unit && one.value > value / reach && one.value < value * reach;
}

/** A bare small number may be a coincidence if its unit follows another value. */
function isStated(figure: FigureFact, answer: readonly FigureFact[], hasRival: boolean): boolean {
  return answer.some(
    ({ value, unit }) =>
      value === figure.value && (unit === figure.unit || value >= UNMISTAKABLE || !hasRival),
  );
}

/** Percentages are common: repeating one does not make it a figure of the prompt. */
function comesBack({ value, unit }: FigureFact, strange: readonly FigureFact[]): boolean {
  if (unit === "percent") return false;
  return strange.filter((one) => one.value === value).length >= 2;
}
