// Entry point of the model endpoint's process: answers the backend, and reports every call to the run.
import { defaultBrain } from "../../llm/brain.js";
import { scriptedBrain } from "../../llm/scripted-brain.js";
import { type BegunCall, type ModelEndpoint, startModelEndpoint } from "../../llm/server.js";
import { agentBrain } from "../../reference/agent/embedded-model.js";
import { nowUs } from "../../support/clock.js";
import { defined } from "../../support/defined.js";
import { messageOf } from "../../support/errors.js";
import type { CallBegun, CallEnded, FromModelServer, ToModelServer } from "./messages.js";
import { PromptHeads } from "./prompt-heads.js";
import { PromptReader } from "./prompt-reader.js";

/** How often calls are reported to the run. */
const TELL_MS = 50;

const heads = new PromptHeads();
let reader: PromptReader | undefined;
let endpoint: ModelEndpoint | undefined;
let timelineUs = Number.NaN;
let begun: CallBegun[] = [];
let ended: CallEnded[] = [];
let toldUs = nowUs();
let clockwork: NodeJS.Timeout | undefined;

function tell(message: FromModelServer): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

function take({ id, path, request, startedUs, size }: BegunCall): string | undefined {
  heads.take(path, request);
  const { owner, leaks } = reader?.read(request) ?? { owner: undefined, leaks: [] };
  const { bytes, sharedBytes: stable, hash } = size;
  begun.push({
    id,
    startedUs,
    model: request.model,
    bytes,
    hash,
    leaks: [...leaks],
    ...defined({ stable, ...owner }),
  });
  return owner === undefined ? undefined : String(owner.user);
}

function tellCalls(): void {
  const asOfUs = nowUs();
  const lateUs = Math.max(0, asOfUs - toldUs - TELL_MS * 1000);
  toldUs = asOfUs;
  tell({ type: "calls", asOfUs, lateUs, begun, ended });
  begun = [];
  ended = [];
}

async function start({ spec, embedded, prompts }: Extract<ToModelServer, { type: "start" }>): Promise<void> {
  reader = new PromptReader(prompts);
  endpoint = await startModelEndpoint({
    host: spec.listen,
    port: spec.port,
    key: spec.key,
    models: spec.models,
    brain: scriptedBrain(spec.answers, embedded ? agentBrain : defaultBrain),
    firstToken: spec.firstToken,
    tokenGap: spec.tokenGap,
    faults: spec.faults,
    seed: spec.seed,
    faultHeader: embedded,
    sinceUs: () => nowUs() - timelineUs,
    watch: { began: take, ended: (call) => ended.push({ ...call, endedUs: call.endedUs }) },
  });
  clockwork = setInterval(tellCalls, TELL_MS);
  tell({ type: "ready", url: endpoint.url });
}

process.on("message", (message: ToModelServer) => {
  switch (message.type) {
    case "start":
      start(message).catch((error: unknown) => tell({ type: "failed", message: messageOf(error) }));
      return;
    case "timeline":
      timelineUs = message.fromUs;
      return;
    case "threads":
      reader?.learnThreads(message.threads);
      return;
    case "sync":
      tellCalls();
      tell({ type: "synced", id: message.id, heads: heads.list() });
  }
});
// The run decides when this process ends; a Ctrl-C in the terminal reaches the whole process group.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
// Without a run there is nothing to do: closing the sockets and the timer ends the process.
process.on("disconnect", () => {
  clearInterval(clockwork);
  void endpoint?.close();
});
