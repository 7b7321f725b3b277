// The baseline: the `ws` client, which measures from the send to the last event of each turn, and nothing else.
// Usage: bare-client.mjs <port> <users> <seconds> <thinkMs>; prints { n, p50, p99 } in milliseconds.
import { WebSocket } from "ws";

const [port, users, seconds, thinkMs] = process.argv.slice(2).map(Number);
const endAt = performance.now() + seconds * 1000;
const times = [];

await Promise.all(
  Array.from({ length: users }, (_, user) => {
    return new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { perMessageDeflate: false });
      let turn = 0;
      let sentAt = 0;
      const send = () => {
        if (performance.now() >= endAt) {
          socket.close();
          resolve();
          return;
        }
        const payload = {
          content: "How do I spend less?",
          thread_id: `b-${user}`,
          message_id: `b-${user}-${turn++}`,
        };
        sentAt = performance.now();
        socket.send(JSON.stringify({ type: "user_message", payload }));
      };
      socket.on("message", (data) => {
        const receivedAt = performance.now();
        const { type } = JSON.parse(String(data));
        if (type === "connection_established") setTimeout(send, (thinkMs * user) / users);
        if (type !== "agent_completed") return;
        times.push(receivedAt - sentAt);
        setTimeout(send, thinkMs);
      });
    });
  }),
);
times.sort((a, b) => a - b);
const at = (share) => times[Math.max(0, Math.ceil(share * times.length) - 1)];
process.stdout.write(`${JSON.stringify({ n: times.length, p50: at(0.5), p99: at(0.99) })}\n`);
process.exit(0);
