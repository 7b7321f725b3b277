// A server of LangGraph's shape: threads with a state, runs as event streams that end by ending.
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

export interface LangGraphService extends Service {
  /** Cuts the stream of every run at its second piece of text, once, to be taken up again. */
  cutOnce: boolean;
  readonly resumed: () => number;
}

interface Run {
  readonly frames: string[][];
  done: boolean;
  cut: boolean;
}

export async function langGraphServer(wishes: Partial<Model> = {}): Promise<LangGraphService> {
  const book = new Book(model(wishes));
  const runs = new Map<string, Run>();
  let resumed = 0;
  const { url } = await listen(async (request, response, body) => {
    const path = request.url ?? "";
    if (path === "/ok") return json(response, 200, { ok: true });
    if (path === "/threads" && request.method === "POST")
      return json(response, 200, { thread_id: book.openThread("all") });
    const [, threadId = "", rest = ""] = /^\/threads\/([^/]+)\/(.*)$/.exec(path) ?? [];
    const rows = book.rowsOf("all", threadId);
    if (!rows) return json(response, 404, { detail: "no such thread" });
    if (rest === "state") {
      const messages = rows.map(({ id, role, text }) => ({
        id,
        type: role === "user" ? "human" : "ai",
        content: text,
      }));
      return json(response, 200, { values: { messages } });
    }
    const joined = /^runs\/([^/]+)\/stream$/.exec(rest)?.[1];
    if (joined !== undefined && request.method === "GET") {
      resumed++;
      const run = runs.get(joined);
      const after = Number(request.headers["last-event-id"] ?? -1);
      const send = eventStream(response);
      for (let at = after + 1; !run?.done || at < run.frames.length; at++) {
        while (run && !run.done && at >= run.frames.length) await pause(1);
        const [event = "", data = ""] = run?.frames[at] ?? [];
        if (event !== "") send(data, event, at);
      }
      return void response.end();
    }
    const input = JSON.parse(body) as { input: { messages: { content: string }[] } };
    book.messages++;
    const prompt = input.input.messages.at(-1)?.content ?? "";
    const runId = randomUUID();
    const run: Run = { frames: [], done: false, cut: false };
    runs.set(runId, run);
    const send = eventStream(response);
    const tell = (event: string, data: unknown): void => {
      run.frames.push([event, JSON.stringify(data)]);
      if (service.cutOnce && event === "messages" && run.frames.length === 7) {
        run.cut = true;
        response.destroy();
      }
      if (!run.cut) send(JSON.stringify(data), event, run.frames.length - 1);
    };
    rows.push({ id: randomUUID(), role: "user", text: prompt, runId });
    tell("metadata", { run_id: runId, attempt: 1 });
    await pause(book.model.paceMs);
    if (book.model.failing) tell("error", { error: "RuntimeError", message: "the model is away" });
    else
      await answer(
        prompt,
        tell,
        (text) => rows.push({ id: randomUUID(), role: "assistant", text, runId }),
        book,
      );
    run.done = true;
    response.end();
  });
  const service: LangGraphService = {
    url,
    messages: () => book.messages,
    resumed: () => resumed,
    cutOnce: false,
  };
  return service;
}

async function answer(
  prompt: string,
  tell: (event: string, data: unknown) => void,
  keep: (text: string) => void,
  book: Book,
): Promise<void> {
  const meta = { langgraph_node: "agent" };
  const chunk = { type: "AIMessageChunk", id: "m-1", content: "", tool_call_chunks: [] as object[] };
  tell("messages", [chunk, meta]);
  tell("messages", [{ ...chunk, tool_call_chunks: [{ name: "lookup", id: "call-1", args: "" }] }, meta]);
  tell("messages", [{ ...chunk, tool_call_chunks: [{ name: null, id: null, args: "{}" }] }, meta]);
  await pause(book.model.paceMs);
  tell("messages", [{ type: "tool", name: "lookup", tool_call_id: "call-1", content: "42" }, meta]);
  tell("updates", { tools: { messages: [] } });
  const text = answerTo(prompt);
  for (const piece of pieces(text)) tell("messages", [{ ...chunk, id: "m-2", content: piece }, meta]);
  keep(text);
  tell("updates", { agent: { messages: [] } });
}
