// The supervisor agent: asks the model, runs the tools it calls for, and returns its answer.

import { defined } from "../../support/defined.js";
import { composeAnswer } from "../agent/answer.js";
import { factMemory } from "../agent/facts.js";
import { failureFrom } from "../agent/failure.js";
import type { ChatMessage, Completion, InjectedFault, ToolCall } from "../agent/model-client.js";
import { isToolName, TOOLS, toolDefinitions } from "../agent/tools.js";
import { topicOf } from "../agent/topics.js";
import { type Pause, TurnAbandoned } from "../run/pauses.js";
import { type EventType, hitOf, type Run } from "../run/run.js";
import { stableId } from "../run/stable-id.js";
import { failAfterThinking, modelDefect, recalledFacts, stopsAfterTool } from "../sabotage/agent.js";
import { sabotagedPrompt } from "../sabotage/model-calls.js";
import type { Service } from "../service.js";
import type { Decision } from "../socket/client-frames.js";

/** Everything that one turn of the agent needs. */
export interface AgentTurn {
  readonly service: Service;
  readonly run: Run;
  readonly emit: (type: EventType, payload: Readonly<Record<string, unknown>>) => void;
  readonly pause: Pause;
}

export const AGENT_NAME = "supervisor";
/** Most model calls per turn; the last one has no tools, so that it must answer. */
const MODEL_CALLS = 4;
const CONTEXT_MESSAGES = 6;
/** How a user says that the agent should ask first. */
const ASKS_BEFORE_TOOLS = /\bask me before (?:you run |running )?(?:any|each|every) tool\b/i;
const ASKS_A_QUESTION = /\bask me (?:one|a) question first\b/i;
const QUESTION = "Which of these matters most to you: cost, time or quality?";
const DEFINITIONS = toolDefinitions();

/**
 * Emits `agent_thinking` and the tool events, and returns the answer's text.
 * Throws ModelError, TurnAbandoned, AgentFailure or the store's errors.
 */
export async function supervise(turn: AgentTurn): Promise<string> {
  const { service, run, emit, pause } = turn;
  const { pace } = service.settings;
  await pause(pace.settleMs);
  emit("agent_thinking", { agent_name: AGENT_NAME, thought: thoughtOn(run.content) });
  await pause(pace.thinkMs);
  failAfterThinking(service.defects, run);
  const messages = await conversation(service, run);
  const defect = modelDefect(service, run);
  const given = ASKS_A_QUESTION.test(run.content)
    ? await askUser(turn, stableId(run.id, "question"), { question: QUESTION })
    : undefined;
  try {
    const answer = await converse(turn, messages, defect?.inject);
    return given ? `${answer}\n\nAs you told me: ${given.text}` : answer;
  } catch (error) {
    if (defect?.swallow) throw new TurnAbandoned("the model's failure was swallowed");
    if (!defect?.fallback) throw error;
    const failure = failureFrom(error);
    emit("agent_fallback", {
      code: failure.code,
      reason: failure.message,
      user_message: failure.userMessage,
    });
    return composeAnswer({
      prompt: run.content,
      facts: await service.store.factsOf(run.threadId),
      results: [],
    });
  }
}

/** Model, tools, model … until the model answers with text. */
async function converse(
  turn: AgentTurn,
  messages: ChatMessage[],
  inject: InjectedFault | undefined,
): Promise<string> {
  const { service, run, pause } = turn;
  let reply: Completion | undefined;
  let tools = 0;
  for (let call = 1; call <= MODEL_CALLS; call++) {
    const offered = call < MODEL_CALLS ? DEFINITIONS : [];
    const sent = call === 1 ? await sabotagedPrompt(service, run, messages) : messages;
    reply = await service.model.complete(sent, offered, run.userId, {
      inject: call === 1 ? inject : undefined,
      signal: run.stop.signal,
    });
    await pause(0);
    if (reply.toolCalls.length === 0) break;
    messages.push(reply.message);
    for (const toolCall of reply.toolCalls) messages.push(await runTool(turn, toolCall, tools++));
  }
  stopsAfterTool(service.defects, run);
  await pause(service.settings.pace.answerMs);
  return reply?.content ?? "";
}

/** Runs one tool; first asks its user, if the user wants that. @param number its position in the turn */
async function runTool(turn: AgentTurn, call: ToolCall, number: number): Promise<ChatMessage> {
  const { service, run } = turn;
  const parameters = parsed(call.arguments);
  const executionId = stableId(run.id, "tool", number);
  let approvalId: string | undefined;
  if (ASKS_BEFORE_TOOLS.test(run.content)) {
    approvalId = stableId(run.id, "approval", number);
    const asked = { tool_name: call.name, execution_id: executionId, parameters };
    const { kind } = await askUser(turn, approvalId, asked);
    if (kind === "reject" && !service.defects.claim("rejection-ignored", hitOf(run)))
      return resultOf(call, { rejected: "the user did not allow it" });
  }
  const result = await execute(turn, call, { executionId, parameters, approvalId });
  if (approvalId !== undefined && service.defects.claim("double-execution", hitOf(run)))
    await execute(turn, call, { executionId: stableId(run.id, "again", number), parameters, approvalId });
  return resultOf(call, result);
}

interface Execution {
  readonly executionId: string;
  readonly parameters: unknown;
  readonly approvalId: string | undefined;
}

/** The model gets a tool's failure as its result. */
async function execute(
  { service, run, emit, pause }: AgentTurn,
  { name }: ToolCall,
  { executionId, parameters, approvalId }: Execution,
): Promise<Record<string, unknown>> {
  const ids = {
    ...{ tool_name: name, execution_id: executionId },
    ...defined({ approval_id: approvalId }),
  };
  emit("tool_executing", { ...ids, parameters });
  await pause(service.settings.pace.toolMs);
  let result: Record<string, unknown>;
  try {
    if (!isToolName(name)) throw new Error(`there is no tool ${name}`);
    const context = { store: service.store, userId: run.userId, runId: run.id };
    result = await TOOLS[name].run(parameters, context);
  } catch (error) {
    result = { error: failureFrom(error).message };
    service.log.warn({ tool: name }, "a tool failed");
  }
  emit("tool_completed", { ...ids, result });
  return result;
}

function resultOf({ id }: ToolCall, result: Record<string, unknown>): ChatMessage {
  return { role: "tool", tool_call_id: id, content: JSON.stringify(result) };
}

function askUser(
  { service, run, emit }: AgentTurn,
  approvalId: string,
  asked: Readonly<Record<string, unknown>>,
): Promise<Decision> {
  return service.approvals.wait(run, approvalId, () =>
    emit("approval_required", { approval_id: approvalId, ...asked }),
  );
}

/** System message with the thread's facts, the last messages, and the prompt, whose own facts are stored first. */
async function conversation(service: Service, run: Run): Promise<ChatMessage[]> {
  for (const fact of factMemory(run.content))
    await service.store.putFact(run.threadId, fact.subject, fact.value);
  const { facts, forgets } = await recalledFacts(service, run);
  const recent = forgets ? [] : await service.store.recentMessages(run.threadId, CONTEXT_MESSAGES);
  const known = facts.map((fact) => `- ${fact.subject}: ${fact.value}`).join("\n");
  const system =
    "You are a supervisor agent that helps a business user. Use a tool for calculations. Answer with concrete, numbered " +
    `recommendations that use the user's own figures.${known ? `\nKnown facts of this conversation:\n${known}` : ""}`;
  return [
    { role: "system", content: system },
    ...recent.filter((message) => message.runId !== run.id).map(({ role, content }) => ({ role, content })),
    { role: "user", content: run.content },
  ];
}

function thoughtOn(prompt: string): string {
  return `Reading the question, which is about ${topicOf(prompt).name}, and deciding whether a tool is needed.`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
