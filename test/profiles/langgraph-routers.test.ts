// Graphs of LangGraph in which other models speak beside the one that answers: a router before it, a grader after it.
import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { type Asked, sendJson, startHttpServer, type TestServer } from "../support/http-server.js";
import { runHere } from "../support/run-here.js";

const open: TestServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

interface Message {
  readonly type: string;
  readonly id: string;
  readonly content: string;
}

/** What a node streams, and what it adds to the thread. */
interface Step {
  readonly node: string;
  readonly says: (question: string) => string;
  readonly adds: (said: string, id: string) => Record<string, unknown> | null;
}

const asAnswer = (content: string, id: string) => ({ messages: [{ type: "ai", id, content }] });
const routes: Step = { node: "router", says: () => '{"next":"writer"} ', adds: () => ({ next: "writer" }) };
const grades: Step = { node: "grader", says: () => "The answer is sound.", adds: () => null };
const reads: Step = {
  node: "tools",
  says: () => "A summary that the tool made for itself. ",
  adds: (said, id) => ({ messages: [{ type: "tool", id, content: said }] }),
};
const writes = (stored: (said: string) => string = (said) => said): Step => ({
  node: "writer",
  says: (question) => `Measure first, and then cache what is asked for often. You asked: ${question}`,
  adds: (said, id) => asAnswer(stored(said), id),
});

async function startGraph(steps: readonly Step[]): Promise<string> {
  const server = await startHttpServer();
  open.push(server);
  const threads = new Map<string, Message[]>();
  let count = 0;
  const stream = (rows: Message[], { body }: Asked, response: ServerResponse): void => {
    const { input } = body as { input: { messages: { id: string; content: string }[] } };
    const [question] = input.messages;
    if (!question) {
      sendJson(response, 422, {});
      return;
    }
    rows.push({ type: "human", id: question.id, content: question.content });
    response.writeHead(200, { "content-type": "text/event-stream" });
    const tell = (event: string, data: unknown): void =>
      void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    tell("metadata", { run_id: `run-${++count}` });
    for (const { node, says, adds } of steps) {
      const id = `message-${++count}`;
      const said = says(question.content);
      for (const content of said.match(/[\s\S]{1,9}/g) ?? [])
        tell("messages", [{ type: "AIMessageChunk", id, content }, { langgraph_node: node }]);
      const added = adds(said, id);
      tell("updates", { [node]: added });
      const { messages = [] } = (added ?? {}) as { messages?: Message[] };
      rows.push(...messages);
    }
    response.end();
  };
  server.answer = (asked, response) => {
    const [, , id = "", ...rest] = asked.path.split("/");
    const rows = threads.get(id);
    if (asked.path === "/ok") return sendJson(response, 200, { ok: true });
    if (asked.method === "POST" && id === "") {
      const thread_id = `thread-${++count}`;
      threads.set(thread_id, []);
      return sendJson(response, 200, { thread_id });
    }
    if (rows && rest.join("/") === "runs/stream") return stream(rows, asked, response);
    if (rows && rest.join("/") === "state") return sendJson(response, 200, { values: { messages: rows } });
    return sendJson(response, 404, {});
  };
  return server.url;
}

async function judged(...steps: readonly Step[]) {
  const { failures, ledger, anomalies } = await runHere(
    { profile: "langgraph", url: await startGraph(steps) },
    {
      load: { users: 2, ramp: "0s", hold: "1s", baseline: false },
      journey: [
        "connect",
        { loop: { times: 2, steps: [{ send: { prompt: "optimisation" } }, "history", { think: "20ms" }] } },
      ],
      checks: ["critical-events", "isolation", "contract", "history"],
    },
  );
  expect(ledger.completed).toBeGreaterThan(0);
  expect(anomalies).toMatchObject({ unrecognised: 0, duplicate: 0, late: 0, orphan: 0 });
  return failures;
}

describe("an answer of a graph in which other models speak, too", () => {
  it.each([
    ["before it", [routes, writes()]],
    ["after it", [writes(), grades]],
    ["in a tool and on both sides of it", [routes, reads, writes(), grades]],
    ["not at all", [writes()]],
  ])("is what its thread holds if they speak %s", async (_where, steps) => {
    expect(await judged(...steps)).toEqual({});
  });

  it.each([
    ["was cut", writes((said) => `${said.slice(0, -8)}`)],
    ["was changed", writes((said) => said.replace("cache", "forget"))],
  ])("differs from what its thread holds if that %s", async (_how, step) => {
    expect(await judged(routes, step)).toMatchObject({ "history/text-differs": expect.any(Number) });
  });
});
