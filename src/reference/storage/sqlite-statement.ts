// A prepared statement as the store calls it.
export type Statement = (...params: (string | number | null)[]) => {
  all(): Record<string, unknown>[];
  get(): Record<string, unknown> | undefined;
  /** Number of rows changed. */
  run(): number;
};
