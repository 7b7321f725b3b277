// One turn from its start to its end: the agent's work, the stored answer, the terminal event.
import { nowUs } from "../../support/clock.js";
import { messageOf } from "../../support/errors.js";
import { AgentFailure, failureFrom } from "../agent/failure.js";
import { answerIdOf } from "../run/journal.js";
import { createTurnGate, pausesOfTurn, ServiceStops, TurnAbandoned } from "../run/pauses.js";
import { hitOf, type Run } from "../run/run.js";
import { type AnswerCache, createAnswerCache, sabotagedAnswer } from "../sabotage/answers.js";
import { createDelays, type Delays } from "../sabotage/delays.js";
import { callAfterEnd } from "../sabotage/model-calls.js";
import { answerPlacement, sabotageStored } from "../sabotage/rows.js";
import type { Service } from "../service.js";
import type { Hub } from "../socket/hub.js";
import { type MessageRow, StoreUnavailable } from "../storage/store.js";
import type { EventDelivery } from "./delivery.js";
import { AGENT_NAME, supervise } from "./supervisor.js";

/** How long an answer waits for an unavailable database before its turn fails, and how often it is retried. */
const STORE_PATIENCE_US = 30_000_000;
const STORE_RETRY_MS = 200;
/** Pieces of a streamed answer. */
const PIECES = 8;

interface Runner {
  readonly service: Service;
  readonly delivery: EventDelivery;
  readonly delays: Delays;
  readonly cache: AnswerCache;
  /** Called for a run that leaves its session dead. */
  readonly onSessionKilled: (run: Run) => void;
}

/** Returns the work function for the thread queues: it never rejects. */
export function createRunner(
  service: Service,
  delivery: EventDelivery,
  hub: Hub,
  onSessionKilled: (run: Run) => void,
): (run: Run) => Promise<void> {
  const gate = createTurnGate();
  const delays = createDelays(service, hub);
  const runner: Runner = { service, delivery, delays, cache: createAnswerCache(), onSessionKilled };
  let turnNumber = 0;
  return async (run) => {
    const pause = pausesOfTurn(service, run, gate, ++turnNumber);
    const open = await delays.heavy(run, gate);
    try {
      await playTurn(runner, run, pause);
      service.journal?.ended(run);
    } catch (error) {
      if (wasStopped(run, error)) await endStopped(runner, run);
      else endBadly(runner, run, error);
      if (!(error instanceof ServiceStops)) service.journal?.ended(run);
    } finally {
      open();
      delivery.end(run);
    }
  };
}

async function playTurn(runner: Runner, run: Run, pause: (ms: number) => Promise<void>): Promise<void> {
  const { service, delivery, delays } = runner;
  await delays.beforeStart(run);
  await pause(0);
  run.startedUs = nowUs();
  service.counters.count("turnsStarted");
  const emit = (type: string, payload: Readonly<Record<string, unknown>>): void =>
    delivery.emit(run, type, payload);
  emit("agent_started", { agent_name: AGENT_NAME });
  const unknown = service.defects.claim("unknown-event", hitOf(run));
  if (unknown) emit(unknown.type, { mood: "curious" });
  const good = await supervise({ service, run, emit, pause });
  const stored = run.takenUp ? await service.journal?.answerOf(run) : undefined;
  const answer = stored ?? sabotagedAnswer(service.defects, runner.cache, run, good);
  if (run.streams) await stream(runner, run, answer, pause);
  await delays.beforeEnd(run);
  await pause(0);
  const eventThreadId = stored === undefined ? await storeAnswer(service, run, answer) : run.threadId;
  const completed = { agent_name: AGENT_NAME, response: answer, thread_id: eventThreadId };
  emit("agent_completed", completed);
  if (service.defects.claim("answer-twice", hitOf(run))) emit("agent_completed", completed);
  record(service, run, "completed");
  void callAfterEnd(service, run).catch(() => {});
}

/** Streams the answer in a few pieces of whole words. */
async function stream(
  { service, delivery }: Runner,
  run: Run,
  answer: string,
  pause: (ms: number) => Promise<void>,
) {
  const words = answer.split(/(?<=\s)/);
  const each = Math.ceil(words.length / PIECES);
  for (let at = 0; at < words.length; at += each) {
    const chunk = words.slice(at, at + each).join("");
    run.streamed += chunk;
    delivery.emit(run, "agent_response_chunk", { content: chunk });
    await pause(service.settings.pace.answerMs / 2);
  }
}

/** Also if the stop interrupted something that the run was waiting for, such as its model. */
function wasStopped(run: Run, error: unknown): boolean {
  return run.stop.signal.aborted && !(error instanceof TurnAbandoned);
}

/** Stores what was shown, marked as partial, and sends nothing more. */
async function endStopped({ service, delivery }: Runner, run: Run): Promise<void> {
  const partial = run.streamed !== "";
  const { defects } = service;
  try {
    if (partial) await storeAnswer(service, run, run.streamed, { partial: true });
  } catch (error) {
    service.log.warn({ run: run.id, error: messageOf(error) }, "the streamed part could not be stored");
  }
  delivery.emit(run, "agent_stopped", { agent_name: AGENT_NAME, partial });
  record(service, run, "stopped");
  if (partial && defects.claim("late-text", hitOf(run)))
    delivery.emit(run, "agent_response_chunk", { content: " And one more thing." });
  const zombie = defects.claim("zombie-model-call", hitOf(run));
  if (!zombie) return;
  await service.model
    .complete([{ role: "user", content: run.content }], [], run.userId)
    .catch(() => undefined);
  await service.sleep(zombie.ms).catch(() => undefined);
}

/** Stores the answer before it is announced, waiting for an unavailable database. Returns the thread for the event. */
async function storeAnswer(
  service: Service,
  run: Run,
  answer: string,
  mark: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const row: MessageRow = {
    id: answerIdOf(run),
    threadId: run.threadId,
    userId: run.userId,
    role: "assistant",
    content: answer,
    metadata: { run_id: run.id, message_id: run.messageId, agent_name: AGENT_NAME, ...mark },
    createdUs: service.nextRowUs(),
    clientId: undefined,
    runId: run.id,
  };
  const placed = await answerPlacement(service, run, row);
  if (!placed.row) return placed.eventThreadId;
  const untilUs = nowUs() + STORE_PATIENCE_US;
  for (;;) {
    try {
      if (!(await service.store.addMessage(placed.row))) {
        throw new AgentFailure("thread_deleted", "the thread was deleted", "This conversation was deleted.");
      }
      break;
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || nowUs() > untilUs) throw error;
      await service.sleep(STORE_RETRY_MS);
    }
  }
  await sabotageStored(service, run, placed.row);
  return placed.eventThreadId;
}

function endBadly(runner: Runner, run: Run, error: unknown): void {
  const { service, delivery } = runner;
  if (error instanceof TurnAbandoned) {
    record(service, run, "abandoned");
    return;
  }
  const failure = failureFrom(error);
  // A failure of the agent itself, not caused by a defect.
  if (failure !== error && failure.code === "agent_failed")
    service.log.warn({ run: run.id, error: messageOf(error) }, "a turn failed");
  delivery.emit(run, "agent_error", {
    code: failure.code,
    error: failure.message,
    user_message: failure.userMessage,
  });
  if (run.killsSession) runner.onSessionKilled(run);
  record(service, run, "failed");
}

function record(service: Service, run: Run, outcome: "completed" | "stopped" | "failed" | "abandoned"): void {
  const { id: runId, threadId, userId, messageId, acceptedUs, startedUs = acceptedUs } = run;
  const [toStartUs, toEndUs] = [startedUs - acceptedUs, nowUs() - acceptedUs];
  service.analytics?.turn({ runId, threadId, userId, messageId, outcome, toStartUs, toEndUs });
  service.counters.turnEnded({
    run_id: run.id,
    message_id: run.messageId,
    user_id: run.userId,
    outcome,
    accepted_to_started_us: run.startedUs === undefined ? null : run.startedUs - run.acceptedUs,
    accepted_to_ended_us: nowUs() - run.acceptedUs,
  });
}
