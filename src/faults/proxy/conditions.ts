// What the way is like: the conditions under which the fault proxy carries bytes, and the orders that change them.

/** Each key is set by one action and put back by its undo, so that several can hold at one time. */
export interface WayConditions {
  /** Fixed and drawn time that each piece is held back, each way. */
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** Of each connection, each way. */
  readonly bytesPerSecond: number;
  /** Nothing is read any more, so nothing passes and no end is noticed. */
  readonly blackhole: boolean;
  /** Longest piece that is written at once. */
  readonly pieceBytes: number;
}

export const CLEAR_WAY: WayConditions = {
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  blackhole: false,
  pieceBytes: Number.POSITIVE_INFINITY,
};

/** Plain data that travels to the proxy's process as JSON, which knows no infinity: what is clear again is only named. */
export type WayOrder =
  | { readonly kind: "set"; readonly conditions: Partial<WayConditions> }
  | { readonly kind: "clear"; readonly keys: readonly (keyof WayConditions)[] }
  | { readonly kind: "reset"; readonly share: number };

/** The conditions after an order that changes them. */
export function conditionsAfter(
  conditions: WayConditions,
  order: Exclude<WayOrder, { kind: "reset" }>,
): WayConditions {
  if (order.kind === "set") return { ...conditions, ...order.conditions };
  return { ...conditions, ...Object.fromEntries(order.keys.map((key) => [key, CLEAR_WAY[key]])) };
}

/** The order that takes another one back: the named conditions are clear again; a reset cannot be. */
export function undoOf(order: WayOrder): WayOrder | undefined {
  if (order.kind !== "set") return undefined;
  return { kind: "clear", keys: Object.keys(order.conditions) as (keyof WayConditions)[] };
}
