// What was opened and must be closed again: one owner, who closes everything whatever happens.

export class Resources {
  readonly #closers: (() => unknown)[] = [];

  /** Takes over something that was just opened: `close` closes it, once. */
  onClose(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** Closes all, the last first, and each also where another one fails. Rejects with the first failure. */
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
