// OpenAI's Realtime API in text: each frame is one of the official client library's types, and that client can talk to it.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { RealtimeClientEvent, RealtimeServerEvent } from "openai/resources/realtime/realtime";
import { onTestFinished } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { answerTo, type Model, model, pause, pieces, type Service } from "./base.js";

/** How a response ends where the model works. */
export type RealtimeManner = "answers" | "calls a function" | "is cut off" | "refuses";

export async function realtimeServer(
  wishes: Partial<Model> = {},
  manner: RealtimeManner = "answers",
): Promise<Service> {
  const mind = model(wishes);
  let messages = 0;
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  server.on("connection", (socket) => {
    const session = new Session(socket, mind, manner, () => {
      messages++;
    });
    socket.on("message", (frame) => session.take(JSON.parse(String(frame)) as RealtimeClientEvent));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, messages: () => messages };
}

class Session {
  #said = "";
  #count = 0;

  constructor(
    readonly socket: WebSocket,
    readonly mind: Model,
    readonly manner: RealtimeManner,
    readonly heard: () => void,
  ) {
    this.#send({ type: "session.created", event_id: this.#id(), session: { type: "realtime" } });
  }

  take(event: RealtimeClientEvent): void {
    const event_id = this.#id();
    if (event.type === "session.update")
      this.#send({
        type: "session.updated",
        event_id,
        session: { type: "realtime", output_modalities: ["text"] },
      });
    else if (event.type === "conversation.item.create") {
      const { item } = event;
      if (item.type !== "message" || item.role !== "user") throw new Error("no message of a user");
      this.#said = item.content.map(({ text = "" }) => text).join("");
      this.#send({ type: "conversation.item.added", event_id, item, previous_item_id: null });
      this.#send({ type: "conversation.item.done", event_id, item, previous_item_id: null });
    } else if (event.type === "response.create") {
      this.heard();
      void this.#respond(event.response?.metadata ?? null, event.event_id);
    } else throw new Error(`no ${event.type} here`);
  }

  async #respond(metadata: Record<string, string> | null, about: string | undefined): Promise<void> {
    const [response_id, item_id] = [`resp_${this.#id()}`, `item_${this.#id()}`];
    const at = { response_id, item_id, output_index: 0, content_index: 0 };
    const common = { object: "realtime.response" as const, id: response_id, metadata };
    const event_id = (): string => this.#id();
    if (this.manner === "refuses") {
      const error = { type: "invalid_request_error", code: "conversation_already_has_active_response" };
      const message = "Conversation already has an active response";
      this.#send({
        type: "error",
        event_id: event_id(),
        error: { ...error, message, param: null, event_id: about ?? null },
      });
      return;
    }
    this.#send({
      type: "response.created",
      event_id: event_id(),
      response: { ...common, status: "in_progress", output: [] },
    });
    await pause(this.mind.paceMs);
    if (this.mind.failing) {
      const error = { type: "server_error", code: "server_error" };
      const response = { ...common, output: [], status: "failed" as const };
      const status_details = { type: "failed" as const, error };
      this.#send({ type: "response.done", event_id: event_id(), response: { ...response, status_details } });
      return;
    }
    if (this.manner === "calls a function") {
      const call = {
        type: "function_call" as const,
        id: item_id,
        call_id: "call_1",
        name: "book",
        arguments: "{}",
      };
      const where = { response_id, item_id, output_index: 0, call_id: "call_1" };
      this.#send({ type: "response.output_item.added", event_id: event_id(), ...where, item: call });
      this.#send({
        type: "response.function_call_arguments.delta",
        event_id: event_id(),
        ...where,
        delta: "{}",
      });
      this.#send({
        type: "response.function_call_arguments.done",
        event_id: event_id(),
        ...where,
        name: "book",
        arguments: "{}",
      });
      this.#send({ type: "response.output_item.done", event_id: event_id(), ...where, item: call });
      const response = { ...common, status: "completed" as const, output: [call] };
      this.#send({ type: "response.done", event_id: event_id(), response });
      return;
    }
    const text = answerTo(this.#said);
    const part = { type: "text" as const, text: "" };
    this.#send({ type: "response.content_part.added", event_id: event_id(), ...at, part });
    for (const delta of pieces(text)) {
      await pause(this.mind.paceMs);
      this.#send({ type: "response.output_text.delta", event_id: event_id(), ...at, delta });
    }
    this.#send({ type: "response.output_text.done", event_id: event_id(), ...at, text });
    this.#send({
      type: "rate_limits.updated",
      event_id: event_id(),
      rate_limits: [{ name: "requests", remaining: 9 }],
    });
    const cut = this.manner === "is cut off";
    const usage = {
      total_tokens: 131,
      input_tokens: 120,
      output_tokens: 11,
      input_token_details: { cached_tokens: 64 },
    };
    this.#send({
      type: "response.done",
      event_id: event_id(),
      response: {
        ...common,
        status: cut ? "incomplete" : "completed",
        ...(cut
          ? { status_details: { type: "incomplete" as const, reason: "max_output_tokens" as const } }
          : {}),
        output: [
          { type: "message", id: item_id, role: "assistant", content: [{ type: "output_text", text }] },
        ],
        usage,
      },
    });
  }

  #id(): string {
    return `event_${++this.#count}`;
  }

  #send(event: RealtimeServerEvent): void {
    this.socket.send(JSON.stringify(event));
  }
}
