// An agent of the Agent2Agent protocol: the official SDK's own server, with an executor like that of its examples.
import { randomUUID } from "node:crypto";
import type { Message, Part, TaskState, TaskStatusUpdateEvent } from "@a2a-js/sdk";
import {
  type AgentExecutor,
  DefaultRequestHandler,
  type ExecutionEventBus,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  type RequestContext,
} from "@a2a-js/sdk/server";
import CARD from "./a2a-card.json" with { type: "json" };
import { answerTo, listen, type Model, model, pause, pieces, type Service } from "./base.js";

/** How the agent answers: in artifacts, in the words of its last status, or at once without a task. */
export type A2aManner = "artifacts" | "status" | "message" | "asks" | "rejects" | "quits";

const textParts = (text: string): Part[] => [{ kind: "text", text }];

function wordsOf({ parts }: Message): string {
  return parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
}

class Planner implements AgentExecutor {
  constructor(
    readonly mind: Model,
    readonly manner: A2aManner,
    readonly heard: () => void,
  ) {}

  async execute(asked: RequestContext, bus: ExecutionEventBus): Promise<void> {
    this.heard();
    const { taskId, contextId, userMessage, task } = asked;
    const agentSays = (text: string): Message => ({
      ...{ kind: "message", role: "agent", messageId: randomUUID(), contextId, taskId },
      parts: textParts(text),
    });
    const tell = (state: TaskState, final: boolean, text?: string): void => {
      const status: TaskStatusUpdateEvent["status"] = { state, timestamp: new Date().toISOString() };
      if (text !== undefined) status.message = agentSays(text);
      bus.publish({ kind: "status-update", taskId, contextId, status, final });
    };
    const answer = answerTo(wordsOf(userMessage));
    if (this.manner === "message" && !this.mind.failing) {
      const { taskId: _, ...direct } = agentSays(answer);
      bus.publish(direct);
      bus.finished();
      return;
    }
    if (!task) {
      const status = { state: "submitted" as const, timestamp: new Date().toISOString() };
      bus.publish({ kind: "task", id: taskId, contextId, status, history: [userMessage] });
    }
    await pause(this.mind.paceMs);
    tell("working", false, "Measuring first.");
    if (this.mind.failing) tell("failed", true, "the model is away");
    else if (this.manner === "rejects") tell("rejected", true, "not my kind of work");
    else if (this.manner === "quits") tell("working", true);
    else if (this.manner === "asks" && !task) tell("input-required", true, "Which budget?");
    else if (this.manner === "status") tell("completed", true, answer);
    else {
      for (const [at, text] of pieces(answer).entries()) {
        await pause(this.mind.paceMs);
        const artifact = { artifactId: "plan", parts: textParts(text) };
        bus.publish({ kind: "artifact-update", taskId, contextId, artifact, append: at > 0 });
      }
      tell("completed", true);
    }
    bus.finished();
  }

  async cancelTask(taskId: string, bus: ExecutionEventBus): Promise<void> {
    const status = { state: "canceled" as const, timestamp: new Date().toISOString() };
    bus.publish({ kind: "status-update", taskId, contextId: "", status, final: true });
  }
}

export async function a2aServer(
  wishes: Partial<Model> = {},
  manner: A2aManner = "artifacts",
): Promise<Service> {
  let messages = 0;
  const planner = new Planner(model(wishes), manner, () => {
    messages++;
  });
  const rpc = new JsonRpcTransportHandler(new DefaultRequestHandler(CARD, new InMemoryTaskStore(), planner));
  const { url } = await listen(async (request, response, body) => {
    if (request.method === "GET") {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(CARD));
      return;
    }
    const answer = await rpc.handle(body);
    if (!(Symbol.asyncIterator in answer)) {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    for await (const event of answer) response.write(`id: ${Date.now()}\ndata: ${JSON.stringify(event)}\n\n`);
    response.end();
  });
  return { url, messages: () => messages };
}
