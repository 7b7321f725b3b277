// Measures how deep JSON is nested, so that no client can make the service recurse without end.

/** Whether objects and arrays are nested deeper than so many levels. Breadth first and without recursion, so that the check itself cannot be made to overflow the stack. */
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
