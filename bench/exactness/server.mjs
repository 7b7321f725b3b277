// A server of the golden-path contract with known delays: what it measured of each turn itself is the truth.
// Run as a process of its own; prints its port. GET /truth gives the percentiles since the last call, milliseconds.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

let issued = 0;
let messages = 0;
let truth = [];

const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    const body = answer(request.url);
    response.writeHead(body ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(body ?? {}));
  });
});

function answer(url) {
  if (url === "/truth") {
    const sorted = truth.sort((a, b) => a - b);
    truth = [];
    const at = (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return { n: sorted.length, p50: at(0.5), p99: at(0.99) };
  }
  if (url === "/auth/register" || url === "/auth/login") {
    const user = { id: `user-${issued}` };
    return {
      access_token: `t-${issued++}`,
      refresh_token: "none",
      token_type: "Bearer",
      expires_in: 3600,
      user,
    };
  }
  if (url === "/api/threads") return { id: `thread-${issued++}` };
  return url.includes("/messages") ? { messages: [], total: 0 } : undefined;
}

const sockets = new WebSocketServer({ server, path: "/ws", perMessageDeflate: false });
sockets.on("connection", (socket) => {
  const send = (type, payload) =>
    socket.send(JSON.stringify({ type, payload, timestamp: Date.now() / 1000 }));
  send("connection_established", { connection_id: "bench" });
  socket.on("message", (data) => {
    const takenAt = performance.now();
    const { thread_id, message_id } = JSON.parse(String(data)).payload;
    const number = messages++;
    const ids = { thread_id, message_id, run_id: `run-${number}` };
    send("agent_started", { ...ids, seq: 1, agent_name: "bench" });
    // Even steps of a millisecond, out of order: no percentile lies at the edge of a gap.
    setTimeout(
      () => {
        // The clock is read before the send, as a client's is read after the receipt: the wire is nobody's error.
        truth.push(performance.now() - takenAt);
        send("agent_completed", { ...ids, seq: 2, response: `Done. Reference: ${message_id}.` });
      },
      50 + ((number * 37) % 101),
    );
  });
});

server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
process.on("disconnect", () => process.exit(0));
