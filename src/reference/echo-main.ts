// A server that answers every message at once with fixed frames: a load on it measures the generator itself.
// Runs as a separate process that reports its port to its parent and ends with it.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

let issued = 0;
let runs = 0;

const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => answer(request, response));
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? "/";
  const known = routes(path);
  response.writeHead(known ? 200 : 404, { "content-type": "application/json" });
  response.end(JSON.stringify(known ?? { detail: "not found" }));
}

function routes(path: string): unknown {
  if (path === "/auth/register" || path === "/auth/login") {
    issued++;
    const user = { id: `echo-${issued}` };
    return {
      access_token: `echo-token-${issued}`,
      refresh_token: "none",
      token_type: "Bearer",
      expires_in: 3600,
      user,
    };
  }
  if (path === "/api/threads") return { id: `echo-thread-${issued++}` };
  return /^\/api\/threads\/[^/]+\/messages/.test(path) ? { messages: [], total: 0 } : undefined;
}

const sockets = new WebSocketServer({ server, path: "/ws", perMessageDeflate: false, maxPayload: 1_048_576 });
sockets.on("connection", (socket) => {
  tell(socket, "connection_established", { connection_id: "echo" });
  socket.on("error", () => socket.terminate());
  socket.on("message", (data) => echo(socket, String(data)));
});

function echo(socket: WebSocket, text: string): void {
  const { payload } = JSON.parse(text) as {
    readonly payload?: { readonly thread_id?: unknown; readonly message_id?: unknown };
  };
  if (!payload) return;
  const { thread_id, message_id } = payload;
  const ids = { thread_id, message_id, run_id: `echo-run-${runs++}` };
  const tool = { ...ids, tool_name: "echo", execution_id: `echo-tool-${runs}` };
  tell(socket, "agent_started", { ...ids, seq: 1, agent_name: "echo" });
  tell(socket, "agent_thinking", { ...ids, seq: 2, thought: "no thought at all" });
  tell(socket, "tool_executing", { ...tool, seq: 3, parameters: {} });
  tell(socket, "tool_completed", { ...tool, seq: 4, result: {} });
  tell(socket, "agent_completed", {
    ...ids,
    seq: 5,
    response: `An answer of the usual kind. Reference: ${message_id}.`,
  });
}

function tell(socket: WebSocket, type: string, payload: object): void {
  socket.send(JSON.stringify({ type, payload, timestamp: Date.now() / 1000 }));
}

server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ port });
});
process.on("disconnect", () => process.exit(0));
