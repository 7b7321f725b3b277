// One message of a user in one of its threads: chooses prompt and thread, and starts the turn.

import type { Expectation } from "../../model/turn/turn-end.js";
import { MIX, type Weight } from "../../scenarios/prompts/prompt.js";
import type { RenderedPrompt } from "../../scenarios/prompts/render.js";
import type { Conversation } from "../../scenarios/replay/conversations.js";
import type { Random } from "../../support/random.js";
import type { Uses } from "../services.js";
import { plantedRecord } from "../turn/text/planted-records.js";
import type { Thread } from "../turn/thread.js";
import type { Turn } from "../turn/turn.js";
import type { TurnControl } from "../turn/turn-control.js";
import { sized, withNonce } from "./message-text.js";
import type { VirtualUser } from "./virtual-user.js";

export interface PromptChoice {
  /** A prompt of the library, or `mix`. */
  readonly prompt: string;
  /** Draws the mix only from prompts of this weight. */
  readonly weight?: Weight | undefined;
  /** Which of the user's threads, from 1; beyond the last it starts again. */
  readonly thread: number;
  readonly expect: Expectation;
  /** When the user intends to stop the turn. */
  readonly control?: TurnControl;
  /** The answer should be streamed. */
  readonly streamed?: boolean;
  /** Include a made-up record in the message that looks sensitive. */
  readonly record?: boolean;
  /** Ask the same question as all users: the same figures, alternating between the prompt's wordings. */
  readonly same?: boolean;
}

export type AskServices = Uses<
  "prompts" | "conversations" | "inputTokens" | "outputTokens" | "mayStartTurn" | "organisationOf"
>;

/**
 * Asks, and resolves with the turn once the user has seen its end. If the channel is ready, the message is sent before this
 * returns. `undefined` if there is no thread, or no turn may start any more.
 */
export function ask(
  user: VirtualUser,
  services: AskServices,
  choice: PromptChoice,
  intendedUs: number,
): Promise<Turn> | undefined {
  const thread = threadOf(user, choice.thread);
  if (!thread || !services.mayStartTurn()) return undefined;
  const { expect } = choice;
  const { id: promptId, text, weight, facts, values } = messageOf(user, thread, services, choice);
  const common = choice.same ? [promptId, ...values].join(" ") : undefined;
  const file = choice.record ? `${plantedRecord(user.number, services.organisationOf(user.number))}\n\n` : "";
  return user.send({
    text: (nonce) => withNonce(`${file}${text}`, nonce),
    thread,
    intendedUs,
    expect,
    outputTokens: startOf(user, services.outputTokens),
    metadata: metadataOf(weight, choice.streamed),
    control: choice.control,
    prompt: { promptId, facts, common },
  });
}

function metadataOf(weight: Weight | undefined, streamed = false): Record<string, unknown> {
  if (weight === undefined) return streamed ? { stream: true } : {};
  return streamed ? { weight, stream: true } : { weight };
}

interface Message {
  readonly id: string;
  readonly text: string;
  readonly weight?: Weight;
  readonly facts: Facts;
  readonly values: readonly string[];
}

type Facts = RenderedPrompt["facts"];

const NO_FACTS: Facts = { figures: [], words: [] };

/** The message: a prompt, or one from a file of conversations; with the trace's length, if there is a trace. */
function messageOf(
  user: VirtualUser,
  thread: Thread,
  { prompts, conversations, inputTokens }: Pick<AskServices, "prompts" | "conversations" | "inputTokens">,
  { prompt, same, weight }: PromptChoice,
): Message {
  if (conversations && prompt === MIX) {
    const text = nextMessage(thread, conversations, user.random);
    return { id: "conversation", text, facts: NO_FACTS, values: [] };
  }
  const asked = same
    ? prompts.renderShared(prompt, user.number + user.turns)
    : prompts.render(prompt, user.number, user.turns, user.random, weight);
  const tokens = startOf(user, inputTokens);
  if (tokens === undefined) return asked;
  return { ...asked, text: sized(asked.text, tokens), facts: NO_FACTS };
}

/** The trace's value for the user's current start. */
function startOf({ start }: VirtualUser, list: readonly (number | null)[] | undefined): number | undefined {
  return start === undefined ? undefined : (list?.[start] ?? undefined);
}

/** The next message of the thread's conversation, or of another one if that is over. */
function nextMessage(thread: Thread, conversations: readonly Conversation[], random: Random): string {
  if (thread.script === undefined || thread.isOver)
    thread.script = { messages: conversations[random.below(conversations.length)] ?? [], sent: 0 };
  return thread.script.messages[thread.script.sent++] ?? "";
}

/** The user's thread with that number, from 1 and wrapping around; `undefined` while there is none. */
export function threadOf(user: VirtualUser, number: number): Thread | undefined {
  return user.threads[(number - 1) % Math.max(1, user.threads.length)];
}
