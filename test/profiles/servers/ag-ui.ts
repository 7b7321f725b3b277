// An agent that speaks AG-UI, its events written by the protocol's own encoder.
import { randomUUID } from "node:crypto";
import { type BaseEvent, EventType, type RunAgentInput } from "@ag-ui/core";
import { EventEncoder } from "@ag-ui/encoder";
import { answerTo, listen, type Model, model, pause, pieces, type Service } from "./base.js";

export async function agUiServer(wishes: Partial<Model> = {}): Promise<Service> {
  const mind = model(wishes);
  let messages = 0;
  const { url } = await listen(async (request, response, body) => {
    const input = JSON.parse(body) as RunAgentInput;
    const { state, tools, context, forwardedProps } = input;
    if (!state || !tools || !context || !forwardedProps)
      return void response.writeHead(422).end("incomplete");
    messages++;
    const { threadId, runId } = input;
    const encoder = new EventEncoder({ accept: request.headers.accept ?? "" });
    response.writeHead(200, { "content-type": encoder.getContentType() });
    const tell = (type: EventType, more: object = {}): void => {
      response.write(encoder.encodeSSE({ type, timestamp: Date.now(), ...more } as BaseEvent));
    };
    const content = input.messages.at(-1)?.content;
    tell(EventType.RUN_STARTED, { threadId, runId });
    tell(EventType.STEP_STARTED, { stepName: "plan" });
    await pause(mind.paceMs);
    if (mind.failing) {
      tell(EventType.RUN_ERROR, { message: "the model is away", code: "E9" });
      response.end();
      return;
    }
    const toolCallId = randomUUID();
    tell(EventType.TOOL_CALL_START, { toolCallId, toolCallName: "lookup" });
    tell(EventType.TOOL_CALL_ARGS, { toolCallId, delta: "{}" });
    tell(EventType.TOOL_CALL_END, { toolCallId });
    await pause(mind.paceMs);
    tell(EventType.TOOL_CALL_RESULT, { toolCallId, messageId: randomUUID(), content: "42", role: "tool" });
    tell(EventType.STEP_FINISHED, { stepName: "plan" });
    const messageId = randomUUID();
    tell(EventType.TEXT_MESSAGE_START, { messageId, role: "assistant" });
    for (const delta of pieces(answerTo(String(content))))
      tell(EventType.TEXT_MESSAGE_CONTENT, { messageId, delta });
    tell(EventType.TEXT_MESSAGE_END, { messageId });
    tell(EventType.RUN_FINISHED, { threadId, runId });
    response.end();
  });
  return { url, messages: () => messages };
}
