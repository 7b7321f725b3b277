// A backend of streams: a form for the log-in, a cookie for the token, a sentinel for the end, errors on HTTP 200.
import { randomUUID } from "node:crypto";
import {
  answerTo,
  Book,
  eventStream,
  json,
  listen,
  type Model,
  model,
  pause,
  pieces,
  type Service,
} from "./base.js";

export async function askServer(wishes: Partial<Model> = {}): Promise<Service> {
  const book = new Book(model(wishes));
  const { url } = await listen(async (request, response, body) => {
    const path = request.url ?? "";
    if (path === "/healthz") return json(response, 200, { ok: true });
    if (path === "/session") {
      const name = new URLSearchParams(body).get("username") ?? "";
      const { bearer, id } = book.logIn(name);
      response.setHeader("set-cookie", [`theme=dark; Path=/`, `sid=${bearer}; HttpOnly; Path=/`]);
      return json(response, 200, { account: { id } });
    }
    const user = book.userOf(/sid=([^;]+)/.exec(request.headers.cookie ?? "")?.[1]);
    if (user === undefined) return json(response, 401, { error: "no session" });
    const thread = /^\/conversations\/(.+)$/.exec(path)?.[1];
    if (thread !== undefined) {
      const rows = book.rowsOf(user, thread) ?? [];
      const messages = rows.map(({ id, role, text }) => ({
        id,
        author: role === "user" ? "me" : "machine",
        body: text,
      }));
      return json(response, 200, { messages });
    }
    const { conversation, question } = JSON.parse(body) as { conversation: string; question: string };
    book.messages++;
    if (!book.threads.has(conversation)) book.openThread(user, conversation);
    const rows = book.rowsOf(user, conversation);
    if (!rows) return json(response, 403, { error: "not yours" });
    const send = eventStream(response);
    const run = { id: `r-${randomUUID()}`, conversation };
    const tell = (event: string, more: object): void =>
      send(JSON.stringify({ run, ts: Date.now() / 1000, ...more }), event);
    rows.push({ id: randomUUID(), role: "user", text: question, runId: run.id });
    tell("run", {});
    response.write(": thinking\n\n");
    await pause(book.model.paceMs);
    tell("thought", { delta: "hm" });
    if (book.model.failing) tell("failure", { code: "E7", reason: "the model is away" });
    else {
      const text = answerTo(question);
      for (const piece of pieces(text)) tell("chunk", { delta: piece });
      rows.push({ id: randomUUID(), role: "assistant", text, runId: run.id });
    }
    send("[DONE]");
    response.end();
  });
  return { url, messages: () => book.messages };
}
