// Records what the servers of this folder really send, one file a case, for the tests of the profiles:
//
//   npm ci --ignore-scripts --prefix test/real-agents
//   node test/real-agents/record.mjs [PRESET…]
//
// To record another version of a library, install it in a folder of its own beside a copy of servers/, and name it:
//   node test/real-agents/record.mjs langgraph --servers /somewhere/servers
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const INTO = join(HERE, "../profiles/recordings");
const QUESTION = "hello zebra-7f3a, and good morning";
const at = process.argv.indexOf("--servers");
const SERVERS = at < 0 ? join(HERE, "servers") : process.argv[at + 1];
const wanted = process.argv.slice(2, at < 0 ? undefined : at);

const post = (path, body) => ({ path, body });
const aiSdk = (major, library) => ({
  server: ["ai-sdk.mjs", String(major)],
  library,
  cases: [
    ...["text", "tools", "parallel", "preliminary", "bad-input", "fail-tool", "approval", "client-tool"],
    ...["error", "fail", "abort", "data"],
  ],
  request: (name) =>
    post(`/${name}/api/chat`, {
      id: "chat-1",
      trigger: "submit-message",
      messages: [{ id: "message-1", role: "user", parts: [{ type: "text", text: QUESTION }] }],
    }),
});
const PLANS = {
  "ai-sdk": [aiSdk(6, "ai"), aiSdk(5, "ai-5")],
  "ai-sdk-next": [{ ...aiSdk(7, "ai"), preset: "ai-sdk" }],
  langgraph: [
    {
      server: ["langgraph.mjs"],
      library: "@langchain/langgraph-api",
      cases: [
        ...[
          "agent",
          "parallel",
          "both_at_once",
          "whole",
          "fail_tool",
          "approve",
          "team",
          "routed",
          "supervised",
          "broken",
          "down",
        ],
      ],
      async request(name, url) {
        const made = await (await send(url, post("/threads", {}))).json();
        return post(`/threads/${made.thread_id}/runs/stream`, {
          assistant_id: name,
          input: { messages: [{ role: "user", content: QUESTION, id: "message-1" }] },
          stream_mode: ["messages-tuple", "updates"],
          stream_resumable: true,
          on_disconnect: "continue",
          multitask_strategy: "enqueue",
        });
      },
      /** The state of the thread, which is its history. */
      after: (url, path) => fetch(url + path.replace(/\/runs\/stream$/, "/state")),
    },
  ],
  "ag-ui": [
    {
      server: ["copilotkit.mjs"],
      graphs: true,
      library: "@copilotkit/runtime",
      cases: [
        ...["text", "tools", "parallel", "fail_tool", "bad_input", "interrupt", "error", "fail", "sub_agent"],
        ...["thinking", "chunks", "graph_agent", "graph_approve"],
      ],
      request: (name) =>
        post(`/api/copilotkit/agent/${name}/run`, {
          threadId: globalThis.crypto.randomUUID(),
          runId: "message-1",
          state: {},
          messages: [{ id: "message-1", role: "user", content: QUESTION }],
          tools: [],
          context: [],
          forwardedProps: {},
        }),
    },
  ],
  "ag-ui-1": [
    {
      preset: "ag-ui",
      server: ["ag-ui.mjs"],
      library: "ag-ui-encoder-1",
      cases: ["sub_agent", "thinking", "chunks", "subagent_error", "interrupt", "error"],
      request: (name) =>
        post(`/${name}`, { threadId: "t-1", runId: "r-1", messages: [{ role: "user", content: QUESTION }] }),
    },
  ],
  "openai-responses": [
    {
      server: ["openai.mjs"],
      library: "@copilotkit/aimock",
      cases: ["text", "reasoning", "search", "call", "parallel", "text-and-call"],
      request: (name) => post("/v1/responses", { model: name, input: QUESTION, stream: true }),
    },
  ],
  a2a: [
    {
      server: ["a2a.mjs"],
      library: "@a2a-js/sdk",
      cases: [
        "artifacts",
        "status",
        "message",
        "asks",
        "rejects",
        "quits",
        "fails",
        "cancels",
        "bad-request",
      ],
      request: (name) =>
        post(`/${name}`, {
          jsonrpc: "2.0",
          id: "message-1",
          method: name === "bad-request" ? "message/nothing" : "message/stream",
          params: {
            message: {
              ...{ kind: "message", role: "user", messageId: "message-1", contextId: "thread-1" },
              parts: [{ kind: "text", text: QUESTION }],
            },
          },
        }),
    },
  ],
  "chat-completions": [
    {
      preset: "generic",
      server: ["chat-completions.mjs"],
      library: undefined,
      cases: ["text", "reasoning", "last-piece", "empty-piece", "usage", "error"],
      request: (name) =>
        post("/v1/chat/completions", {
          model: name,
          stream: true,
          messages: [{ role: "user", content: QUESTION }],
        }),
    },
  ],
};

function send(url, { path, body }) {
  return fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(150_000),
  });
}

/** Without what an AG-UI stream of LangGraph's repeats of itself at length: RAW events, and `rawEvent` of the others. */
function shortened(body) {
  if (!body.includes('"rawEvent"')) return body;
  const kept = body.split("\n\n").flatMap((event) => {
    if (!event.startsWith("data: {")) return [event];
    const { rawEvent: _, ...rest } = JSON.parse(event.slice(6));
    return rest.type === "RAW" ? [] : [`data: ${JSON.stringify(rest)}`];
  });
  return kept.join("\n\n");
}

function start(server, args = []) {
  const [file, ...own] = server;
  const child = spawn(process.execPath, [join(SERVERS, file), ...own, ...args], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  return new Promise((resolve, reject) => {
    let told = "";
    child.stdout.on("data", (chunk) => {
      told += chunk;
      const port = /^port (\d+)$/m.exec(told)?.[1];
      if (port) resolve({ port, url: `http://127.0.0.1:${port}`, stop: () => child.kill() });
    });
    child.on("exit", () => reject(new Error(`${file} did not start`)));
  });
}

function versionOf(library) {
  const places = ["../node_modules", "../../../node_modules"].map((to) => join(SERVERS, to, library));
  const place = places.find((folder) => existsSync(folder)) ?? "";
  const { name, version } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
  return { name, version };
}

for (const [preset, plans] of Object.entries(PLANS)) {
  if (wanted.length > 0 ? !wanted.includes(preset) : preset === "ai-sdk-next") continue;
  for (const { server, graphs, library, cases, request, after, ...plan } of plans) {
    const behind = graphs ? await start(["langgraph.mjs"]) : undefined;
    const { url, stop } = await start(server, behind ? [behind.port] : []);
    const { name, version } = library ? versionOf(library) : { name: preset, version: "own" };
    const folder = join(INTO, plan.preset ?? preset);
    mkdirSync(folder, { recursive: true });
    for (const one of cases) {
      const asked = await request(one, url);
      const answer = await send(url, asked);
      const body = shortened(await answer.text().catch(() => ""));
      const type = answer.headers.get("content-type");
      const short = `${name.replace(/^@/, "").replace("/", "-")}-${version}-${one.replaceAll("_", "-")}`;
      const head = `library: ${name} ${version}\ncase: ${one}\nstatus: ${answer.status}\ncontent-type: ${type}\n\n`;
      writeFileSync(join(folder, `${short}.txt`), head + body);
      if (after)
        writeFileSync(join(folder, `${short}.state.json`), await (await after(url, asked.path)).text());
      console.log(`${short}: ${body.length} characters`);
    }
    stop();
    behind?.stop();
  }
}
