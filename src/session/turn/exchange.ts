// What a client that keeps the conversation repeats with a decision: its message, and the tool calls since then.
import type { ToolCall } from "../../model/turn/decision.js";
import type { AgentEvent } from "../../model/turn/event.js";
import type { Message } from "../../profiles/profile.js";

/** Most calls remembered per turn, and longest frame to remember one from: targets may be hostile. */
const MAX_CALLS = 50;
const MAX_FRAME = 65_536;

export class Exchange {
  readonly #calls: ToolCall[] = [];

  constructor(readonly message: Message) {}

  get calls(): readonly ToolCall[] {
    return this.#calls;
  }

  /** Takes an event of the turn; a request about a call gets its tool from the call. */
  saw(event: AgentEvent, frameLength: number): void {
    const { kind, toolId: id, toolName: name } = event;
    if (id === undefined) return;
    const known = this.#calls.find((call) => call.id === id);
    if (kind === "waiting") event.toolName ??= known?.name;
    else if (kind === "tool_executing") {
      if (known || frameLength > MAX_FRAME || this.#calls.length >= MAX_CALLS) return;
      this.#calls.push({ id, name, input: event.toolData, output: undefined, state: "called" });
    } else if (known && (kind === "tool_completed" || kind === "tool_refused")) {
      known.state = kind === "tool_completed" ? "ran" : "refused";
      known.output = frameLength > MAX_FRAME ? undefined : event.toolData;
    }
  }
}
