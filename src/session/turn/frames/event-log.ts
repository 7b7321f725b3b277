// The events of one turn for its waterfall, packed so that kept turns cost the garbage collector next to nothing.

import { CRITICAL_EVENTS, type EventKind } from "../../../model/turn/event.js";
import type { Anomaly } from "../../../model/turn/ledger.js";
import type { KeptEvent } from "../../../model/turn/turn.js";
import { defined } from "../../../support/defined.js";

/** Most events kept per turn; with thousands of deltas, the first ones and the terminal. */
export const MAX_LOGGED = 48;
/** Kinds that a turn may log, at most 32; the index is what the log keeps. */
const KINDS: readonly EventKind[] = [
  ...CRITICAL_EVENTS,
  "answer_delta",
  "ack",
  "agent_error",
  "rejected",
  "waiting",
  "stopped",
];

export class EventLog {
  /** One number per event: microseconds after the intended time × 32 + index of its kind. */
  readonly #packed: number[] = [];
  /** The tool of the turn; most turns have one. */
  #tool: string | undefined;
  /** Tools with other names, by index of their event. */
  #otherTools: Map<number, string> | undefined;
  /** Ids of tool calls, by the index of their event. */
  #toolIds: Map<number, string> | undefined;
  #anomalies: Map<number, Anomaly> | undefined;

  get length(): number {
    return this.#packed.length;
  }

  /** @param offsetUs microseconds after the turn's intended time */
  push(
    kind: EventKind,
    offsetUs: number,
    tool: string | undefined,
    anomaly: Anomaly | undefined,
    toolId?: string,
  ): void {
    const index = this.#packed.length;
    if (toolId !== undefined) {
      this.#toolIds ??= new Map();
      this.#toolIds.set(index, toolId);
    }
    if (tool !== undefined) {
      this.#tool ??= tool;
      if (tool !== this.#tool) {
        this.#otherTools ??= new Map();
        this.#otherTools.set(index, tool);
      }
    }
    if (anomaly !== undefined) {
      this.#anomalies ??= new Map();
      this.#anomalies.set(index, anomaly);
    }
    this.#packed.push(offsetUs * 32 + KINDS.indexOf(kind));
  }

  entries(): readonly KeptEvent[] {
    return this.#packed.map((packed, index) => {
      const offsetUs = Math.floor(packed / 32);
      const kind = KINDS[packed - offsetUs * 32] ?? "event";
      const ofTool = kind === "tool_executing" || kind === "tool_completed";
      const tool = (this.#otherTools?.get(index) ?? (ofTool ? this.#tool : undefined))?.slice(0, 64);
      const toolId = this.#toolIds?.get(index)?.slice(0, 64);
      const anomaly = this.#anomalies?.get(index);
      return {
        kind,
        atMs: offsetUs / 1000,
        ...defined({ tool, toolId, anomaly }),
      };
    });
  }
}
