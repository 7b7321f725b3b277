// Network conditions in the fault proxy, and the orders that change them.
import { z } from "zod";
import { defined } from "../../support/defined.js";

/** One action sets each key, and its undo resets it, so several can be active at once. */
const networkConditions = z.object({
  /** Fixed and random delay of each piece, each way. */
  latencyMs: z.number(),
  jitterMs: z.number(),
  /** Per connection, each way. */
  bytesPerSecond: z.number(),
  /** Nothing is read any more, so nothing gets through and a closed connection goes unnoticed. */
  blackhole: z.boolean(),
  /** Longest piece written at once. */
  pieceBytes: z.number(),
});
export type NetworkConditions = Readonly<z.infer<typeof networkConditions>>;

export const CLEAR: NetworkConditions = {
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  blackhole: false,
  pieceBytes: Number.POSITIVE_INFINITY,
};

/** Sent to the proxy's process as JSON, which has no infinity: conditions that are clear again are only named. */
export const networkOrder = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("set"), conditions: networkConditions.partial() }),
  z.object({ kind: z.literal("clear"), keys: z.array(networkConditions.keyof()) }),
  z.object({ kind: z.literal("reset"), share: z.number() }),
]);
export type NetworkOrder = z.infer<typeof networkOrder>;

/** The conditions after an order that changes them. */
export function conditionsAfter(
  conditions: NetworkConditions,
  order: Exclude<NetworkOrder, { kind: "reset" }>,
): NetworkConditions {
  if (order.kind === "set") return { ...conditions, ...defined(order.conditions) };
  return { ...conditions, ...Object.fromEntries(order.keys.map((key) => [key, CLEAR[key]])) };
}

/** The order that undoes another: its conditions are clear again. A reset cannot be undone. */
export function undoOf(order: NetworkOrder): NetworkOrder | undefined {
  if (order.kind !== "set") return undefined;
  return {
    kind: "clear",
    keys: networkConditions.keyof().options.filter((key) => order.conditions[key] !== undefined),
  };
}
