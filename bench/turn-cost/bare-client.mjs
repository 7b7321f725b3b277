// The baseline: the `ws` client with a JSON.parse per frame and nothing else, doing the same turns.
// Usage: bare-client.mjs <port> <users> <seconds> <thinkMs>; prints the turns that it completed.
import { WebSocket } from "ws";

const [port, users, seconds, thinkMs] = process.argv.slice(2).map(Number);
const base = `http://127.0.0.1:${port}`;
const post = async (path, body, token) => {
  const headers = {
    "content-type": "application/json",
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  return (await fetch(base + path, { method: "POST", headers, body: JSON.stringify(body) })).json();
};
const { promptSet } = await import("../../dist/scenarios/prompts/library.js");
const { withNonce } = await import("../../dist/session/user/message-text.js");
const { nonceCodec } = await import("../../dist/model/turn/nonce.js");
const { randomFrom } = await import("../../dist/support/random.js");

const codec = nonceCodec(7);
const prompts = promptSet();
let turns = 0;
const endAt = performance.now() + seconds * 1000;

await Promise.all(
  Array.from({ length: users }, async (_, user) => {
    const { access_token: token } = await post("/auth/register", { email: `b${user}`, password: "p" });
    const { id: thread_id } = await post("/api/threads", {}, token);
    const random = randomFrom(1, "user", user);
    // The same texts as gp-load sends, made beforehand, so that only the socket's work is measured.
    const texts = Array.from(
      { length: 50 },
      (_, turn) => prompts.render("optimisation", user, turn, random).text,
    );
    await talk(user, token, thread_id, texts);
  }),
);
process.stdout.write(`${turns}\n`);
process.exit(0);

function talk(user, token, thread_id, texts) {
  return new Promise((resolve) => {
    let turn = 0;
    const options = {
      perMessageDeflate: false,
      skipUTF8Validation: true,
      headers: { authorization: `Bearer ${token}` },
    };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, options);
    const send = () => {
      if (performance.now() >= endAt) {
        socket.close();
        resolve();
        return;
      }
      const message_id = codec.encode(user, turn);
      const content = withNonce(texts[turn % texts.length], message_id);
      turn++;
      const payload = { content, thread_id, message_id, metadata: { weight: "medium" } };
      socket.send(JSON.stringify({ type: "user_message", payload }));
    };
    socket.on("message", (data) => {
      const frame = JSON.parse(data.toString());
      if (frame.type === "connection_established") send();
      else if (frame.type === "agent_completed") {
        turns++;
        if (thinkMs > 0) setTimeout(send, thinkMs);
        else send();
      }
    });
  });
}
