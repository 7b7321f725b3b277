// What the way is like: the conditions under which the fault proxy carries bytes, and the orders that change them.
import { z } from "zod";
import { defined } from "../../support/defined.js";

/** Each key is set by one action and put back by its undo, so that several can hold at one time. */
const wayConditions = z.object({
  /** Fixed and drawn time that each piece is held back, each way. */
  latencyMs: z.number(),
  jitterMs: z.number(),
  /** Of each connection, each way. */
  bytesPerSecond: z.number(),
  /** Nothing is read any more, so nothing passes and no end is noticed. */
  blackhole: z.boolean(),
  /** Longest piece that is written at once. */
  pieceBytes: z.number(),
});
export type WayConditions = Readonly<z.infer<typeof wayConditions>>;

export const CLEAR_WAY: WayConditions = {
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  blackhole: false,
  pieceBytes: Number.POSITIVE_INFINITY,
};

/** Plain data that travels to the proxy's process as JSON, which knows no infinity: what is clear again is only named. */
export const wayOrder = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("set"), conditions: wayConditions.partial() }),
  z.object({ kind: z.literal("clear"), keys: z.array(wayConditions.keyof()) }),
  z.object({ kind: z.literal("reset"), share: z.number() }),
]);
export type WayOrder = z.infer<typeof wayOrder>;

/** The conditions after an order that changes them. */
export function conditionsAfter(
  conditions: WayConditions,
  order: Exclude<WayOrder, { kind: "reset" }>,
): WayConditions {
  if (order.kind === "set") return { ...conditions, ...defined(order.conditions) };
  return { ...conditions, ...Object.fromEntries(order.keys.map((key) => [key, CLEAR_WAY[key]])) };
}

/** The order that takes another one back: the named conditions are clear again; a reset cannot be. */
export function undoOf(order: WayOrder): WayOrder | undefined {
  if (order.kind !== "set") return undefined;
  return {
    kind: "clear",
    keys: wayConditions.keyof().options.filter((key) => order.conditions[key] !== undefined),
  };
}
