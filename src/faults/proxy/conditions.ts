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

export type WayOrder =
  | { readonly kind: "set"; readonly conditions: Partial<WayConditions> }
  | { readonly kind: "reset"; readonly share: number };

/** The order that takes another one back: the named conditions are clear again; a reset cannot be. */
export function undoOf(order: WayOrder): WayOrder | undefined {
  if (order.kind === "reset") return undefined;
  const clear = Object.fromEntries(
    Object.keys(order.conditions).map((key) => [key, CLEAR_WAY[key as keyof WayConditions]]),
  );
  return { kind: "set", conditions: clear };
}
