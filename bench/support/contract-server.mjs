// A bare server of the golden-path contract for benchmarks: answers every message at once with fixed frames.
// Run as a process of its own; prints its port, and answers GET /stats with the turns that it served
// and the pages of history that were read.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

let threads = 0;
let runs = 0;
let reads = 0;
const tokens = new Map();
const stored = new Map();

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  let _body = "";
  request.on("data", (chunk) => {
    _body += chunk;
  });
  request.on("end", () => {
    const json = (value, status = 200) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    if (url.pathname === "/auth/register" || url.pathname === "/auth/login") {
      const id = `user-${tokens.size}`;
      const token = `bench-${tokens.size}`;
      tokens.set(token, id);
      json({
        access_token: token,
        refresh_token: "none",
        token_type: "Bearer",
        expires_in: 3600,
        user: { id },
      });
    } else if (url.pathname === "/api/threads") json({ id: `thread-${threads++}` });
    else if (url.pathname === "/stats") json({ runs, reads, memory: process.memoryUsage().rss });
    else if (url.pathname.endsWith("/messages")) {
      const rows = stored.get(url.pathname.split("/")[3]) ?? [];
      const limit = Number(url.searchParams.get("limit") ?? 50);
      const end = Math.max(0, rows.length - Number(url.searchParams.get("offset") ?? 0));
      reads++;
      json({ messages: rows.slice(Math.max(0, end - limit), end).reverse(), total: rows.length });
    } else json({ detail: "not found" }, 404);
  });
});

const sockets = new WebSocketServer({ server, path: "/ws", perMessageDeflate: false, maxPayload: 1_048_576 });
sockets.on("connection", (socket, request) => {
  const user = tokens.get((request.headers.authorization ?? "").slice(7));
  const send = (type, payload) =>
    socket.send(JSON.stringify({ type, payload, timestamp: Date.now() / 1000 }));
  send("connection_established", { user_id: user, connection_id: "bench" });
  socket.on("message", (data) => {
    const { payload } = JSON.parse(data.toString());
    const { thread_id, message_id, content } = payload;
    const ids = { thread_id, run_id: `run-${runs++}`, message_id, user_id: user };
    const reply = `Three steps for the matter at hand, in the order of their effect. Reference: ${message_id}. ${"Measure, then change one thing at a time. ".repeat(6)}`;
    send("message_ack", { ...ids, status: "accepted" });
    send("agent_started", { ...ids, seq: 1, agent_name: "supervisor" });
    send("agent_thinking", {
      ...ids,
      seq: 2,
      thought: "weighing the figures of the question against each other",
    });
    send("tool_executing", {
      ...ids,
      seq: 3,
      tool_name: "cost_model",
      execution_id: `x-${runs}`,
      parameters: { months: 12 },
    });
    send("tool_completed", {
      ...ids,
      seq: 4,
      tool_name: "cost_model",
      execution_id: `x-${runs}`,
      result: { saving: 1200 },
    });
    send("agent_completed", { ...ids, seq: 5, response: reply });
    if (process.env.BENCH_STORE !== "0") keep(thread_id, ids, content, reply);
  });
});

/** The last rows of a thread: those of all turns that still wait for settling, also while that lags. */
function keep(thread, ids, content, reply) {
  const rows = stored.get(thread) ?? [];
  const metadata = { run_id: ids.run_id, message_id: ids.message_id };
  rows.push(
    { id: `u-${ids.run_id}`, role: "user", content, metadata },
    { id: `a-${ids.run_id}`, role: "assistant", content: reply, metadata },
  );
  if (rows.length > 1000) rows.splice(0, 500);
  stored.set(thread, rows);
}

server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
process.on("disconnect", () => process.exit(0));
