// An agent of the Agent2Agent protocol, served by the official SDK; the path chooses how it answers.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { DefaultRequestHandler, InMemoryTaskStore, JsonRpcTransportHandler } from "@a2a-js/sdk/server";
import { announce, bodyOf, listen } from "./listen.mjs";

const CARD = JSON.parse(
  readFileSync(new URL("../../profiles/servers/a2a-card.json", import.meta.url), "utf8"),
);

const words = (text) => [{ kind: "text", text }];

const executor = (manner) => ({
  async execute({ taskId, contextId, userMessage }, bus) {
    const says = (text) => ({
      ...{ kind: "message", role: "agent", messageId: randomUUID(), contextId, taskId },
      parts: words(text),
    });
    const tell = (state, final, text) => {
      const message = text === undefined ? {} : { message: says(text) };
      const status = { state, timestamp: new Date().toISOString(), ...message };
      bus.publish({ kind: "status-update", taskId, contextId, status, final });
    };
    const answer = `You asked: ${userMessage.parts.map(({ text }) => text).join("")} Measure first. That is all.`;
    if (manner === "message") {
      const { taskId: _, ...direct } = says(answer);
      bus.publish(direct);
      bus.finished();
      return;
    }
    const status = { state: "submitted", timestamp: new Date().toISOString() };
    bus.publish({ kind: "task", id: taskId, contextId, status, history: [userMessage] });
    tell("working", false, "the the fleet");
    if (manner === "fails") tell("failed", true, "the model is down");
    else if (manner === "rejects") tell("rejected", true, "not my kind of work");
    else if (manner === "quits") tell("working", true);
    else if (manner === "asks") tell("input-required", true, "Which budget?");
    else if (manner === "status") tell("completed", true, answer);
    else if (manner === "cancels") tell("canceled", true, "called off");
    else {
      for (const [at, text] of answer.split(/(?<= )/).entries()) {
        const artifact = { artifactId: "plan", parts: words(text) };
        bus.publish({ kind: "artifact-update", taskId, contextId, artifact, append: at > 0 });
      }
      tell("completed", true);
    }
    bus.finished();
  },
  async cancelTask() {},
});

const port = await listen(async (request, response) => {
  const handler = new DefaultRequestHandler(CARD, new InMemoryTaskStore(), executor(request.url.slice(1)));
  const rpc = new JsonRpcTransportHandler(handler);
  const answer = await rpc.handle(JSON.parse(await bodyOf(request)));
  if (!(Symbol.asyncIterator in answer)) {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  for await (const event of answer) response.write(`data: ${JSON.stringify(event)}\n\n`);
  response.end();
});
announce(port);
