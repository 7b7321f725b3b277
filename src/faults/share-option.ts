// The option that faults of users have in common: which share of them is struck.
import { z } from "zod";
import { share } from "../scenarios/schema/fields.js";

const part = share("Share of the users that are there", "50%");

/** A bare share, or a map with `share` (all by default) and the fields given. */
export function withShare<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject({ share: part.default(1), ...shape });
}

/** A bare share in the place of a map that says nothing else. */
export function bareShare<Schema extends z.ZodType>(full: Schema) {
  return z.union([part.transform((one) => full.parse({ share: one }) as z.output<Schema>), full]);
}

export function percent(of: number): string {
  return `${Math.round(of * 1000) / 10}%`;
}
