// A server that speaks the wire format of Phoenix channels, serialisation 2.0.0: [join_ref, ref, topic, event, payload].
// The join must bring a token; a heartbeat on the topic `phoenix` is answered, and one that stays away for 60 s ends
// the socket. `message` of a channel is replied to, and its answer comes as pushes without a ref.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { announce, sleep } from "./listen.mjs";

const http = createServer((_request, response) => response.writeHead(404).end());
const sockets = new WebSocketServer({ noServer: true });
http.on("upgrade", (request, socket, head) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname !== "/socket/websocket" || url.searchParams.get("vsn") !== "2.0.0")
    return socket.destroy();
  sockets.handleUpgrade(request, socket, head, (connection) =>
    connection.on("message", (data) => take(connection, data)),
  );
});

const joined = new WeakMap();

async function take(connection, data) {
  const [joinRef, ref, topic, event, payload] = JSON.parse(String(data));
  const push = (name, body) => connection.send(JSON.stringify([joinRef, null, topic, name, body]));
  const reply = (status, response = {}) =>
    connection.send(JSON.stringify([joinRef, ref, topic, "phx_reply", { status, response }]));
  if (event === "heartbeat") return reply("ok");
  if (event === "phx_join") {
    if (payload.token === "bad") return reply("error", { reason: "unauthorized" });
    joined.set(connection, topic);
    return reply("ok");
  }
  if (joined.get(connection) !== topic) return reply("error", { reason: "unmatched topic" });
  if (event !== "message") return reply("error", { reason: "unknown event" });
  reply("ok", { id: payload.id });
  push("run", { id: payload.id, state: "started" });
  if (payload.mode === "error") {
    push("run", { id: payload.id, state: "failed", error: "the model is down" });
    return push("run", { id: payload.id, state: "closed" });
  }
  push("tool", { id: payload.id, call: `call-${payload.id}`, name: "weather", state: "running" });
  await sleep(2);
  push("tool", { id: payload.id, call: `call-${payload.id}`, name: "weather", state: "finished" });
  for (const piece of `You asked: ${payload.text}`.match(/[\s\S]{1,40}/g))
    push("token", { id: payload.id, piece });
  push("run", { id: payload.id, state: "finished" });
}

http.listen(0, "127.0.0.1", () => announce(http.address().port));
