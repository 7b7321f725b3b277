// What the run and the fault proxy's process say to each other: plain data, one way each.
import type { WayOrder } from "./conditions.js";
import type { Upstream } from "./proxy.js";

export type ToProxy =
  | { readonly type: "start"; readonly upstream: Upstream; readonly seed: number }
  | { readonly type: "order"; readonly id: number; readonly order: WayOrder };

export type FromProxy =
  | { readonly type: "ready"; readonly port: number }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "obeyed"; readonly id: number; readonly connections: number };
