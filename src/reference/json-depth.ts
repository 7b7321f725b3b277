// Measures how deeply JSON is nested, so that no client can make the service recurse endlessly.

/** Whether objects and arrays exceed this depth. Breadth-first without recursion, so the check cannot overflow the stack. */
export function deeperThan(value: unknown, maxDepth: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return true;
    level = level.flatMap((entry) =>
      entry !== null && typeof entry === "object" ? Object.values(entry) : [],
    );
  }
  return false;
}
