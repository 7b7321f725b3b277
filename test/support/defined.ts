// Narrows what a test knows to be there, and says what is missing when it is not.
export function defined<T>(value: T | undefined | null, what = "a value"): T {
  if (value === undefined || value === null) throw new Error(`${what} is missing`);
  return value;
}
