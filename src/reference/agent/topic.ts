// What the embedded model knows of one topic.
export interface Topic {
  readonly name: string;
  /** Beginnings of words, so that `cache` also finds `cached`; two words weigh double. */
  readonly keywords: readonly string[];
  /** Saving in percent that the cost model is asked for. */
  readonly savingPercent: number;
  /** Each starts with a verb and says what to do; `{figure}` is replaced by the prompt's main figure. */
  readonly advice: readonly string[];
}
