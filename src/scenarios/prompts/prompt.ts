// What a prompt is: a text with each user's own figures, and the facts that a good answer must use.

/** How much work a prompt asks for; a mix draws 60 % light, 30 % medium, 10 % heavy. */
export const WEIGHTS = ["light", "medium", "heavy"] as const;
export type Weight = (typeof WEIGHTS)[number];

/** What `send: { prompt: mix }` means: any prompt, light ones most often. */
export const MIX = "mix";

/**
 * A number of one user: `from + perUser·user + perTurn·turn`. With `to`, a seeded draw of `from`, `from + step` … up to
 * `to` replaces `from`. Written with thousands separators.
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
  /** `{name}` stands for a figure. */
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

/** A figure that every prompt may use; differs by 100 from user to user. */
export const SPEND: Figure = { from: 5000, perUser: 100 };
