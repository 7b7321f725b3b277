// A backend over Socket.IO: tasks that begin and end, one of them at the connect, and tools as messages.
import { randomUUID } from "node:crypto";
import { Server, type Socket } from "socket.io";
import { onTestFinished } from "vitest";
import { answerTo, Book, json, listen, type Model, model, pause, pieces, type Service } from "./base.js";

export async function chatServer(wishes: Partial<Model> = {}): Promise<Service> {
  const book = new Book(model(wishes));
  const { url, server } = await listen((_request, response, body) => {
    const { name } = JSON.parse(body) as { name: string };
    json(response, 200, { accessToken: book.logIn(name).bearer });
  });
  const io = new Server(server, { path: "/ws/socket.io" });
  onTestFinished(() => void io.close());
  io.use((socket, next) => {
    const { token } = socket.handshake.auth as { token?: string };
    next(book.userOf(token) === undefined ? new Error("not logged in") : undefined);
  });
  io.on("connection", (socket: Socket) => {
    socket.on("connection_successful", () => {
      socket.emit("task_start");
      socket.emit("task_end");
    });
    socket.on(
      "client_message",
      (data: { message: { output: string } }) => void converse(socket, data.message.output, book),
    );
  });
  return { url, messages: () => book.messages };
}

async function converse(socket: Socket, prompt: string, book: Book): Promise<void> {
  book.messages++;
  socket.emit("task_start");
  await pause(book.model.paceMs);
  if (book.model.failing) {
    socket.emit("new_message", {
      id: randomUUID(),
      type: "assistant_message",
      isError: true,
      output: "the model is away",
    });
  } else {
    const tool = { id: randomUUID(), type: "tool", name: "lookup" };
    socket.emit("new_message", tool);
    await pause(book.model.paceMs);
    socket.emit("update_message", { ...tool, output: "42" });
    const id = randomUUID();
    socket.emit("stream_start", { id });
    for (const token of pieces(answerTo(prompt))) socket.emit("stream_token", { id, token });
    socket.emit("update_message", { id, type: "assistant_message", output: answerTo(prompt) });
  }
  socket.emit("token_usage", 12);
  socket.emit("task_end");
}
