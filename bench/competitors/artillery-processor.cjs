// One user of the benchmark for Artillery's WebSocket engine, whose own step takes the next frame for the reply.
module.exports = { talk };

function talk(context, events, done) {
  const { seconds, thinkMs } = context.vars;
  const endAt = Date.now() + seconds * 1000;
  const socket = context.ws;
  let number = 0;
  let sentAt = 0;
  const send = () => {
    if (Date.now() >= endAt) {
      done();
      return;
    }
    const id = `a-${context.vars.$uuid}-${number++}`;
    sentAt = performance.now();
    const payload = { content: "How do I spend less?", thread_id: id, message_id: id };
    socket.send(JSON.stringify({ type: "user_message", payload }));
  };
  socket.on("message", (data) => {
    if (JSON.parse(String(data)).type !== "agent_completed") return;
    events.emit("histogram", "turn", performance.now() - sentAt);
    setTimeout(send, thinkMs);
  });
  send();
}
