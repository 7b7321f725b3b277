// An agent behind Socket.IO. Its handshake wants a token; a message is acknowledged, and its answer comes as events.
// The `mode` of a message chooses what happens: text, tools, error (then `done`, as a server does that always closes
// its turns), silent.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { announce, sleep } from "./listen.mjs";

const http = createServer();
const io = new Server(http, { serveClient: false });
io.use((socket, next) => (socket.handshake.auth.token === "bad" ? next(new Error("unauthorized")) : next()));
io.on("connection", (socket) => {
  socket.emit("ready", { session: socket.id });
  socket.on("message", async ({ id, text, mode = "tools" }, acknowledge) => {
    acknowledge?.({ accepted: id });
    const tell = (event, data = {}) => socket.emit(event, { message: id, ...data });
    if (mode === "silent") return;
    tell("run_started", { run: `run-${id}` });
    tell("thinking", { text: "about it" });
    if (mode === "error") {
      tell("failed", { error: { code: "model_down", text: "the model is down" } });
      return tell("done", { ok: false });
    }
    if (mode === "tools") {
      tell("tool_start", { tool: "weather", call: `call-${id}` });
      await sleep(2);
      tell("tool_end", { tool: "weather", call: `call-${id}` });
    }
    for (const piece of `You asked: ${text}`.match(/[\s\S]{1,40}/g)) tell("token", { text: piece });
    tell("done", { ok: true });
  });
});
http.listen(0, "127.0.0.1", () => announce(http.address().port));
