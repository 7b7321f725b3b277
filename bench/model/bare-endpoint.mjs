// The least that a model endpoint could do: read a call's JSON, and answer with a text that is always the same.
import { createServer } from "node:http";

const text = "Reduce the spend first, and measure again. ".repeat(3);
const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const { model } = JSON.parse(Buffer.concat(parts).toString("utf8"));
  const message = { role: "assistant", content: text };
  const body = JSON.stringify({
    id: "x",
    object: "chat.completion",
    model,
    choices: [{ index: 0, message }],
  });
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
});
server.listen(0, "127.0.0.1", () =>
  process.send({ type: "ready", url: `http://127.0.0.1:${server.address().port}` }),
);
process.on("disconnect", () => process.exit(0));
