// Owns what was opened, and closes all of it whatever happens.

export class Resources {
  readonly #closers: (() => unknown)[] = [];

  /** Takes over something just opened; `close` is called once. */
  onClose(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** Closes all, last first, even if some fail. Rejects with the first failure. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
