// What a recording could not tell or only guessed: notes that become comments next to their key.

/** Key of the profile's options, such as `login.request` → what the user should know or check. */
export class Notes {
  readonly #texts = new Map<string, string[]>();

  add(path: string, text: string): void {
    const known = this.#texts.get(path) ?? [];
    if (!known.includes(text)) this.#texts.set(path, [...known, text]);
  }

  /** How the file refers to a secret of the recording: by an environment variable. */
  secret(path: string, key: string): string {
    const variable = `RECORDED_${key.replace(/\W+/g, "_").toUpperCase()}`;
    this.add(path, `${key}: its value was not written; it comes from the environment variable ${variable}`);
    return `\${secret:${variable}}`;
  }

  get all(): ReadonlyMap<string, readonly string[]> {
    return this.#texts;
  }
}
