// The same turns as the other clients of the benchmark, on k6. Run by competitors/run.mjs.
import { sleep } from "k6";
import { Trend } from "k6/metrics";
import ws from "k6/ws";

const turn = new Trend("turn", true);
const seconds = Number(__ENV.SECONDS);

export const options = {
  scenarios: {
    users: { executor: "per-vu-iterations", vus: Number(__ENV.USERS), iterations: 1, maxDuration: "10m" },
  },
};

export default function run() {
  sleep((Number(__ENV.THINK_MS) * (__VU % 100)) / 100_000);
  ws.connect(`ws://127.0.0.1:${__ENV.PORT}/ws`, {}, (socket) => {
    const endAt = Date.now() + seconds * 1000;
    let number = 0;
    let sentAt = 0;
    const send = () => {
      if (Date.now() >= endAt) {
        socket.close();
        return;
      }
      const payload = {
        content: "How do I spend less?",
        thread_id: `k-${__VU}`,
        message_id: `k-${__VU}-${number++}`,
      };
      sentAt = Date.now();
      socket.send(JSON.stringify({ type: "user_message", payload }));
    };
    socket.on("message", (data) => {
      const { type } = JSON.parse(data);
      if (type === "connection_established") send();
      if (type !== "agent_completed") return;
      turn.add(Date.now() - sentAt);
      socket.setTimeout(send, Number(__ENV.THINK_MS));
    });
  });
}
