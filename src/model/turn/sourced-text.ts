// Which stretches of a streamed text turn out not to be part of the answer, such as a router model's words.

interface Stretch {
  readonly source: string;
  readonly from: number;
  to: number;
  /** `undefined` until its source has settled it. */
  kept: boolean | undefined;
}

/** In a text with more stretches, the rest counts as part of the answer. */
const MAX_STRETCHES = 500;

export class SourcedText {
  readonly #stretches: Stretch[] = [];

  /** The text from `from` to `to` came from `source`; in order of arrival. */
  add(source: string, from: number, to: number): void {
    const last = this.#stretches.at(-1);
    if (last?.source === source && last.kept === undefined && last.to === from) last.to = to;
    else if (this.#stretches.length < MAX_STRETCHES)
      this.#stretches.push({ source, from, to, kept: undefined });
  }

  /** Whether what `source` has said since the last call is part of the answer. */
  settle(source: string, kept: boolean): void {
    for (const stretch of this.#stretches)
      if (stretch.source === source && stretch.kept === undefined) stretch.kept = kept;
  }

  /** The text without what is not part of the answer; all of it if nothing would be left. */
  answerOf(text: string): string {
    let rest = "";
    let at = 0;
    for (const { from, to, kept } of this.#stretches) {
      if (kept !== false) continue;
      rest += text.slice(at, from);
      at = to;
    }
    rest += text.slice(at);
    return rest.trim() === "" ? text : rest;
  }
}
