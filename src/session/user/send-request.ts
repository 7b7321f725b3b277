// What a user should send, and the resulting message.
import { traceparentOf } from "../../model/turn/trace.js";
import type { Expectation } from "../../model/turn/turn-end.js";
import type { Message } from "../../profiles/profile.js";
import type { Uses } from "../services.js";
import type { Thread } from "../turn/thread.js";
import type { Turn } from "../turn/turn.js";
import type { TurnControl } from "../turn/turn-control.js";
import type { AskedPrompt } from "./asked-prompts.js";

export interface SendRequest {
  readonly text: (nonce: string) => string;
  readonly thread: Thread;
  readonly intendedUs: number;
  readonly expect: Expectation;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  /** Length of the answer in the replayed trace. */
  readonly outputTokens?: number | undefined;
  /** When the user intends to stop the turn. */
  readonly control?: TurnControl | undefined;
  /** The prompt, for judging the answer. */
  readonly prompt?: AskedPrompt;
}

/** The message of a turn, as the protocol encodes it. */
export function messageFor(
  turn: Turn,
  text: string,
  { metadata, thread, outputTokens }: SendRequest,
  { traces, protocol }: Uses<"traces" | "protocol">,
): Message {
  const traced = traces && protocol.capabilities.messageTrace !== false;
  return {
    text,
    threadId: turn.threadId,
    messageId: turn.nonce,
    metadata,
    outputTokens,
    before: thread.conversation?.soFar(),
    traceparent: traced ? traceparentOf(traces.turn(turn.user, turn.number)) : undefined,
  };
}
