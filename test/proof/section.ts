// What a part of the proof is: words for the page, and what it runs.

export interface ProofContext {
  /** Absolute path of the repository. */
  readonly root: string;
  /** Absolute path of the built program. */
  readonly cli: string;
  /** Only what bears one of these in its name; empty for all. */
  readonly filter: readonly string[];
  /** How often what is repeated is repeated; `undefined` for the section's own number. */
  readonly runs: number | undefined;
  /** How long what goes on for long goes on; `undefined` for the section's own length. */
  readonly minutes: number | undefined;
  /** One line of progress. */
  readonly say: (line: string) => void;
}

export interface SectionResult {
  /** What was asked of it holds. */
  readonly holds: boolean;
  /** One sentence with the figures. */
  readonly summary: string;
  /** Names starting with `>` are aligned to the right; the last of a named section says whether the row holds. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Section {
  /** Heading on the page. */
  readonly title: string;
  /** What is proven, and how; one paragraph. */
  readonly about: string;
  /** Its parts have names that a filter can choose from. */
  readonly named: boolean;
  /** Of a named one: how many of a row's first cells name it. */
  readonly rowNames?: number;
  /** Of a named one: the sentence of {@link SectionResult.summary}. */
  readonly summaryOf?: (held: number, rows: number) => string;
  readonly run: (context: ProofContext) => Promise<SectionResult>;
}

/** Whether the filter takes it. */
export function wanted(name: string, { filter }: Pick<ProofContext, "filter">): boolean {
  return filter.length === 0 || filter.some((part) => name.includes(part));
}
