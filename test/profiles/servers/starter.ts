// A server of the shape that `init` writes for the profile generic, over each of its transports.
import { Server } from "socket.io";
import { onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import { answerTo, eventStream, json, listen, type Service } from "./base.js";

interface Asked {
  readonly text: string;
  readonly thread: string;
  readonly id: string;
}

export async function starterServer(): Promise<Service> {
  let messages = 0;
  const answer = ({ text, thread, id }: Asked, say: (event: object) => void): void => {
    messages++;
    for (const type of ["started", "thinking"]) say({ type, id, thread });
    say({ type: "answer", id, thread, text: answerTo(text) });
  };
  const { url, server } = await listen((request, response, body) => {
    if (request.url !== "/chat") return json(response, 404, {});
    const tell = eventStream(response);
    answer(JSON.parse(body) as Asked, (event) => tell(JSON.stringify(event)));
    response.end();
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (request.url !== "/ws") return;
    sockets.handleUpgrade(request, socket, head, (channel) =>
      channel.on("message", (data) =>
        answer(JSON.parse(String(data)) as Asked, (event) => channel.send(JSON.stringify(event))),
      ),
    );
  });
  const io = new Server(server);
  onTestFinished(() => void io.close());
  io.on("connection", (socket) => {
    socket.on("message", (data: Asked) => answer(data, (event) => socket.emit("event", event)));
  });
  return { url, messages: () => messages };
}
