// Finds the figures of a prompt: amounts, with the words that say what they count.

export interface Figure {
  readonly value: number;
  /** As written, with its unit: `5,300 dollars`, `$5,300`, `250 ms`, `18%`. */
  readonly text: string;
  /** What it counts, from the words before it: `monthly spend`; empty if that is unclear. */
  readonly label: string;
}

const FIGURE =
  /(?<![\w-])(?<currency>[$€£]\s?)?(?<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?<unit>\s?%|\s?(?:ms|s|k|m|gb|tb)\b|\s[a-z]{2,}(?:\s(?:per|a)\s[a-z]+)?)?(?![\w-])/gi;
const LABEL =
  /((?:[a-z][a-z0-9'’-]*\s+){1,3})(?:is|are|of|was|at|=|:|about|around|now|reached)\s+(?:about\s+|around\s+)?$/i;
const FILLER = new Set(
  "the our my a an of with and we have has its that this i is are in currently now at for to current total remember".split(
    " ",
  ),
);
const NO_UNIT = new Set(
  "has have out at were was last a an each it as and or but so if is are in for to with by on of the we which while from that than".split(
    " ",
  ),
);

/** The figures in order, at most `limit`, each text once. Bare years and numbers in words and identifiers do not count. */
export function figuresIn(prompt: string, limit = 8): Figure[] {
  const figures: Figure[] = [];
  for (const match of prompt.matchAll(FIGURE)) {
    const { currency = "", digits = "", unit = "" } = match.groups ?? {};
    const value = Number(digits.replaceAll(",", ""));
    const firstWord = unit.trim().split(/\s/)[0]?.toLowerCase() ?? "";
    const text = `${currency}${digits}${NO_UNIT.has(firstWord) ? "" : unit}`.trim();
    const isYear = currency === "" && text === digits && /^(?:19|20)\d\d$/.test(digits);
    if (isYear || !Number.isFinite(value) || figures.some((figure) => figure.text === text)) continue;
    figures.push({ value, text, label: labelBefore(prompt.slice(0, match.index)) });
    if (figures.length === limit) break;
  }
  return figures;
}

function labelBefore(before: string): string {
  const words = LABEL.exec(before.slice(-80))?.[1]?.trim().split(/\s+/) ?? [];
  while (words[0] !== undefined && FILLER.has(words[0].toLowerCase())) words.shift();
  return words.join(" ").toLowerCase();
}

// Created once: creating a format costs far more than using it.
const GROUPING = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

/** A number as in answers: grouped, with at most two decimals. */
export function grouped(value: number): string {
  return GROUPING.format(value);
}
