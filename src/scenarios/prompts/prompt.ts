// What a prompt is: a text with the asker's own figures in it, and the facts that a good answer must use.

/** How much work a prompt asks for; a mix draws 60 % light, 30 % medium, 10 % heavy. */
export const WEIGHTS = ["light", "medium", "heavy"] as const;
export type Weight = (typeof WEIGHTS)[number];

/** What `send: { prompt: mix }` means: any prompt, light ones most often. */
export const MIX = "mix";

/**
 * A number that belongs to one user: `from + perUser·user + perTurn·turn`, and where `to` is given a seeded
 * draw of `from`, `from + step` … up to `to` in place of `from`. It is written with thousands separators.
 */
export interface Figure {
  readonly from: number;
  readonly to?: number | undefined;
  /** Default 1. */
  readonly step?: number | undefined;
  readonly perUser?: number | undefined;
  readonly perTurn?: number | undefined;
}

export interface Prompt {
  readonly id: string;
  /** A few words for people. */
  readonly topic: string;
  readonly weight: Weight;
  /** The text; `{name}` stands for a figure. */
  readonly text: string;
  /** Other ways to ask the same, with the same figures. */
  readonly wordings?: readonly string[] | undefined;
  readonly figures: Readonly<Record<string, Figure>>;
  readonly facts: {
    /** Names of the figures that a good answer must quote. */
    readonly figures: readonly string[];
    /** Words of the topic; a good answer uses some of them. */
    readonly words: readonly string[];
  };
}

/** The figure that every prompt may use: it tells users apart by 100 each. */
export const SPEND: Figure = { from: 5000, perUser: 100 };
