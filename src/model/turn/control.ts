// What a user did to a turn under way, apart from asking: stopped it, or decided what the agent asked. Plain data.

/** What a user says to an agent that waits for it. */
export type DecisionKind = "approve" | "reject" | "answer";

/** One request of the agent for its user's decision, and what came of it. Instants are monotonic microseconds. */
export interface Ask {
  /** As the service calls it. */
  readonly id: string;
  /** The tool that is to be approved; `undefined` for a question. */
  readonly tool: string | undefined;
  readonly toolId: string | undefined;
  /** Its words, cut to some hundred characters; `undefined` if it has none. */
  readonly text: string | undefined;
  readonly askedUs: number;
  /** What its user decided; absent while it did not. */
  decision?: DecisionKind;
  decidedUs?: number;
  /** The service refused the decision. */
  refused?: true;
  /** First sign of the turn after the decision. */
  resumedUs?: number;
  /** How often its tool ran to its end. */
  runs: number;
  /** Its tool ran before a decision. */
  ranUndecided?: true;
  /** Another user tried to decide it. */
  foreignUs?: number;
  /** The turn went on by that. */
  foreignActed?: true;
}

/** One call of a tool, as a client that keeps the conversation remembers it. Input and output are as JSON has them. */
export interface ToolCall {
  readonly id: string;
  readonly name: string | undefined;
  readonly input: unknown;
  output: unknown;
  state: "called" | "ran" | "refused";
}

export interface TurnControl {
  /** The user asked for the stop; absent if it did not. */
  readonly stopUs?: number;
  /** The last sign of the turn; NaN if it gave none. */
  readonly lastUs: number;
  /** Text had been streamed to the user by then. */
  readonly streamed: boolean;
  readonly asks: readonly Ask[];
}
