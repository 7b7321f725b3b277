// A model behind the Chat Completions API. The model's name chooses what it does; the answer quotes the question, so
// that a test can tell whose it is. The agents of this folder use it as their model, and gp-load is run against it too.
//
//   text         an answer in pieces                      reasoning   thoughts (reasoning_content) before it
//   last-piece   the last piece beside finish_reason      empty-piece  an empty piece beside finish_reason
//   usage        a chunk without choices at the end       tools       calls one tool, and answers with its result
//   parallel     calls two tools at once                  both-at-once  the two calls in one chunk
//   bad-input    calls a tool with broken arguments       fail-tool   calls a tool that throws
//   approve      calls a tool that needs an approval      error       breaks off with an error in the stream
//   fail         HTTP 500                                 limit       HTTP 429
//   sum-up       a shorter answer                         slow        takes its time between pieces
//   silent       opens the stream and says nothing        cut         drops the connection in the middle
import { pathToFileURL } from "node:url";
import { announce, bodyOf, listen, sleep } from "./listen.mjs";

const PIECE = /[\s\S]{1,40}/g;
const CALLS = {
  tools: [["weather", '{"city":"Bergen"}']],
  parallel: [
    ["weather", '{"city":"Bergen"}'],
    ["clock", '{"zone":"CET"}'],
  ],
  "both-at-once": [
    ["weather", '{"city":"Bergen"}'],
    ["clock", '{"zone":"CET"}'],
  ],
  "bad-input": [["weather", '{"town":']],
  "fail-tool": [["broken", '{"city":"Bergen"}']],
  approve: [["payment", '{"amount":12}']],
};
let count = 0;

/** Where the agents of this folder find their model: this one, or the one that the environment names. */
export async function modelUrl() {
  return process.env.OPENAI_BASE_URL ?? `http://127.0.0.1:${await startModel()}/v1`;
}

/** @returns {Promise<number>} its port */
export function startModel() {
  return listen(async (request, response) => {
    if (request.url === "/health") return response.writeHead(200).end("ok");
    const body = JSON.parse((await bodyOf(request)) || "{}");
    const model = String(body.model ?? "text");
    if (model === "fail") return refuse(response, 500, "the model is down");
    if (model === "limit") return refuse(response, 429, "rate limit reached");
    if (!body.stream) return whole(response, body, model);
    return stream(response, body, model);
  });
}

function refuse(response, status, message) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: { message, type: "server_error", code: `http_${status}` } }));
}

async function stream(response, body, model) {
  const id = `chatcmpl-${++count}`;
  const created = Math.floor(Date.now() / 1000);
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  });
  const send = (choices, more = {}) =>
    response.write(
      `data: ${JSON.stringify({ id, object: "chat.completion.chunk", created, model, choices, ...more })}\n\n`,
    );
  const tell = (delta, finish_reason = null) => send([{ index: 0, delta, logprobs: null, finish_reason }]);
  if (model === "silent") return response.flushHeaders();
  tell({ role: "assistant", content: "", refusal: null });
  const calls = callsOf(body, model);
  if (calls.length > 0) {
    tellCalls(tell, calls, model);
    tell({}, "tool_calls");
  } else {
    if (model === "reasoning")
      for (const reasoning_content of ["The", " cost", " of", " the", " the", "\n", "\n", " fleet"])
        tell({ reasoning_content });
    const pieces = answerTo(body).match(PIECE);
    const last = model === "last-piece" ? pieces.pop() : "";
    for (const content of pieces) {
      tell({ content });
      await sleep(model === "slow" ? 60 : 1);
      if (model === "cut") return response.destroy();
      if (model === "error") {
        response.write(
          `data: ${JSON.stringify({ error: { message: "the model broke off", code: 500 } })}\n\n`,
        );
        return response.end();
      }
    }
    if (model === "last-piece" || model === "empty-piece") tell({ content: last }, "stop");
    else tell({}, "stop");
  }
  if (model === "usage" || body.stream_options?.include_usage)
    send([], { usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 } });
  response.end("data: [DONE]\n\n");
}

/** As OpenAI does: the name first, then its arguments in pieces; or all calls in one chunk, as Gemini does. */
function tellCalls(tell, calls, model) {
  const heads = calls.map(({ id, name, args }, index) => ({
    index,
    id,
    type: "function",
    function: { name, arguments: model === "both-at-once" ? args : "" },
  }));
  if (model === "both-at-once") return tell({ tool_calls: heads });
  for (const [index, { args }] of calls.entries()) {
    tell({ tool_calls: [heads[index]] });
    for (const piece of args.match(/[\s\S]{1,12}/g))
      tell({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
}

function whole(response, body, model) {
  const calls = callsOf(body, model);
  const tool_calls = calls.map(({ id, name, args }) => ({
    id,
    type: "function",
    function: { name, arguments: args },
  }));
  const message =
    calls.length > 0
      ? { role: "assistant", content: null, tool_calls }
      : { role: "assistant", content: answerTo(body) };
  response.writeHead(200, { "content-type": "application/json" });
  response.end(
    JSON.stringify({
      id: `chatcmpl-${++count}`,
      object: "chat.completion",
      created: Math.floor(Date.now() / 1000),
      model,
      choices: [{ index: 0, message, finish_reason: calls.length > 0 ? "tool_calls" : "stop" }],
      usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 },
    }),
  );
}

/** The calls that this turn still needs: none once the results are there, or where no tools are offered. */
function callsOf({ messages = [], tools = [] }, model) {
  const answered = messages.at(-1)?.role === "tool";
  if (answered || tools.length === 0) return [];
  return (CALLS[model] ?? []).map(([name, args], at) => ({ id: `call_${++count}_${at}`, name, args }));
}

function answerTo({ messages = [], model }) {
  const question = messages.findLast(({ role }) => role === "user")?.content ?? "";
  const text = typeof question === "string" ? question : question.map((part) => part.text ?? "").join("");
  if (model === "sum-up") return `In short: measure first. You asked: ${text}`;
  const results =
    messages.filter(({ role }) => role === "tool").length > 0 ? "It is 18 degrees, so take a coat. " : "";
  return `${results}You asked: ${text} Measure first. That is all.`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) announce(await startModel());
