// The output of a schema, deeply read-only.
import type { Finding } from "../turn/finding.js";
import type { AnomalyCounts, Ledger } from "../turn/ledger.js";
import type { KeptTurn } from "../turn/turn.js";
import type { SlaRule } from "../verdict.js";
import type { MetricState } from "./metric-state.js";

export type Frozen<T> = unknown extends T
  ? T
  : T extends Finding | KeptTurn | Ledger | AnomalyCounts | MetricState | SlaRule | Uint8Array | Uint32Array
    ? T
    : { readonly [K in keyof T]: Frozen<T[K]> };
