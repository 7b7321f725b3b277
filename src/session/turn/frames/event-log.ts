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
  /** The tool of the turn, and the id of its call: most turns have one. */
  #tool: string | undefined;
  #toolId: string | undefined;
  /** Index of the first event with an id. */
  #idFrom = Number.POSITIVE_INFINITY;
  /** Tools with other names, and calls with other ids or none, by index of their event. */
  #otherTools: Map<number, string> | undefined;
  #otherToolIds: Map<number, string | undefined> | undefined;
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
    if (toolId !== undefined && this.#toolId === undefined) {
      this.#toolId = toolId;
      this.#idFrom = index;
    }
    if (toolId !== (isOfTool(kind) ? this.#toolId : undefined)) {
      this.#otherToolIds ??= new Map();
      this.#otherToolIds.set(index, toolId);
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
      const ofTool = isOfTool(kind);
      const tool = (this.#otherTools?.get(index) ?? (ofTool ? this.#tool : undefined))?.slice(0, 64);
      const usual = ofTool && index >= this.#idFrom ? this.#toolId : undefined;
      const toolId = this.#otherToolIds?.has(index) ? this.#otherToolIds.get(index) : usual;
      const anomaly = this.#anomalies?.get(index);
      return {
        kind,
        atMs: offsetUs / 1000,
        ...defined({ tool, toolId: toolId?.slice(0, 64), anomaly }),
      };
    });
  }
}

function isOfTool(kind: string): boolean {
  return kind === "tool_executing" || kind === "tool_completed";
}
