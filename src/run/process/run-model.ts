// The model endpoint as the run sees it: a separate process, whose address the backend and the hooks receive.
import type { PromptHead } from "../../model/log/model-call.js";
import type { Scenario } from "../../scenarios/scenario.js";
import {
  type Child,
  exitText,
  PendingRequests,
  startChild,
  untilReady,
} from "../../support/child-process.js";
import { asUserError } from "../../support/errors.js";
import {
  type CallBatch,
  type FromModelServer,
  fromModelServer,
  type PromptRules,
  type ToModelServer,
} from "../model-server/messages.js";

/** Where a model endpoint listens, and what it needs to know. */
export interface ModelAddress {
  /** Base URL without `/v1`. */
  readonly url: string;
  readonly key: string | undefined;
}

export interface RunModel extends ModelAddress {
  /** Every call of the backend, reported many times a second. */
  listen(onCalls: (batch: CallBatch) => void, onGone: (how: string) => void): void;
  /** The timeline of its faults begins then. */
  beginTimeline(fromUs: number): void;
  learnThreads(threads: readonly (readonly [string, number])[]): void;
  /** Resolves once all calls so far have been reported; with no heads if the process is gone. */
  sync(): Promise<readonly PromptHead[]>;
  stop(): Promise<void>;
}

/**
 * Starts the model endpoint if the scenario has one. Rejects with a UserError if it cannot listen.
 * @param prompts what the run puts into its messages
 */
export async function startRunModel(scenario: Scenario, prompts: PromptRules): Promise<RunModel | undefined> {
  const { name, model: spec, target } = scenario;
  if (!spec) return undefined;
  const child = startChild<ToModelServer, FromModelServer>({
    entry: "run/model-server/main",
    parse: (message) => fromModelServer.parse(message),
  });
  child.tell({ type: "start", spec, embedded: target.embedded, prompts });
  const hint = "under `model`, give another `port`, or none for a free one";
  const failed = asUserError(`${name}: the model endpoint cannot be started`, hint);
  const url = await readyUrl(child).catch(failed);
  const syncs = new PendingRequests<readonly PromptHead[]>(child, []);
  child.listen((message) => {
    if (message.type === "synced") syncs.answer(message.id, message.heads);
  });
  let stopping = false;
  return {
    url,
    key: spec.key,
    listen(onCalls, onGone) {
      child.listen((message) => {
        if (message.type === "calls") onCalls(message);
      });
      void child.exited.then((exit) => {
        if (!stopping) onGone(exitText(exit));
      });
    },
    beginTimeline: (fromUs) => child.tell({ type: "timeline", fromUs }),
    learnThreads: (threads) => child.tell({ type: "threads", threads }),
    sync: () => syncs.askNumbered((id) => child.tell({ type: "sync", id })),
    async stop() {
      stopping = true;
      await child.end();
    },
  };
}

function readyUrl(child: Child<ToModelServer, FromModelServer>): Promise<string> {
  return untilReady(child, {
    name: "the model endpoint",
    answerIn(message) {
      if (message.type === "failed") throw new Error(message.message);
      return message.type === "ready" ? message.url : undefined;
    },
  });
}

/** The addresses for people, without the key. */
export function modelText({ url }: ModelAddress): string {
  return `OPENAI_BASE_URL=${url}/v1 ANTHROPIC_BASE_URL=${url}`;
}
