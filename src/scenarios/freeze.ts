// Makes plain data unchangeable all the way down.

/** Freezes `value` and everything that it holds. The data must be free of circles. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const held of Object.values(value)) deepFreeze(held);
  return Object.freeze(value);
}
