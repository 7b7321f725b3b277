// Schemas of plain values in logs and reports.
import { z } from "zod";

export const text = z.string();
export const texts = z.array(text);
export const number = z.number();
export const numberOrNull = number.nullable();
/** 0 or more, a fraction too. */
export const positive = number.nonnegative();
export const count = z.int().nonnegative();
export const flag = z.boolean();

export function each<const K extends string, S>(names: readonly K[], schema: S): Record<K, S> {
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<K, S>;
}
