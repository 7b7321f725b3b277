// What a user did to an open turn: stopped it, or decided what the agent asked. Plain data.

export type DecisionKind = "approve" | "reject" | "answer";

/** An agent's request for a decision, and its result. Times are monotonic microseconds. */
export interface Ask {
  /** As the service calls it. */
  readonly id: string;
  /** The tool to approve; `undefined` for a question. */
  readonly tool: string | undefined;
  readonly toolId: string | undefined;
  /** Its text, cut to a few hundred characters. */
  readonly text: string | undefined;
  readonly askedUs: number;
  decision?: DecisionKind;
  decidedUs?: number;
  /** The service refused the decision. */
  refused?: true;
  /** First event of the turn after the decision. */
  resumedUs?: number;
  /** Completed runs of its tool. */
  runs: number;
  /** Its tool ran before a decision. */
  ranUndecided?: true;
  /** Another user tried to decide it. */
  foreignUs?: number;
  /** The turn went on because of that. */
  foreignActed?: true;
}

/** One call of a tool, as remembered by a client that keeps the conversation. */
export interface ToolCall {
  readonly id: string;
  readonly name: string | undefined;
  readonly input: unknown;
  output: unknown;
  state: "called" | "ran" | "refused";
}

/** The record of it that a settled turn keeps. */
export interface ControlRecord {
  /** When the user asked to stop, if it did. */
  readonly stopUs?: number;
  /** The last event of the turn; NaN if there was none. */
  readonly lastUs: number;
  /** Whether text had been streamed by then. */
  readonly streamed: boolean;
  readonly asks: readonly Ask[];
}
