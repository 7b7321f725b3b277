// What a recording could not tell, or only guessed: remarks that become comments beside the key that they are about.

/** Key of the profile's options, such as `login.request` → what a person should know or check. */
export class Notes {
  readonly #texts = new Map<string, string[]>();

  add(path: string, text: string): void {
    const known = this.#texts.get(path) ?? [];
    if (!known.includes(text)) this.#texts.set(path, [...known, text]);
  }

  get all(): ReadonlyMap<string, readonly string[]> {
    return this.#texts;
  }
}
