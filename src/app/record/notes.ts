// What a recording could not tell, or only guessed: remarks that become comments beside the key that they are about.

/** Key of the profile's options, such as `login.request` → what a person should know or check. */
export class Notes {
  readonly #texts = new Map<string, string[]>();

  add(path: string, text: string): void {
    const known = this.#texts.get(path) ?? [];
    if (!known.includes(text)) this.#texts.set(path, [...known, text]);
  }

  /** A secret of the recording, as the file writes it: from an environment variable. */
  secret(path: string, key: string): string {
    const variable = `RECORDED_${key.replace(/\W+/g, "_").toUpperCase()}`;
    this.add(path, `${key}: its value was not written; it comes from the environment variable ${variable}`);
    return `\${secret:${variable}}`;
  }

  get all(): ReadonlyMap<string, readonly string[]> {
    return this.#texts;
  }
}
