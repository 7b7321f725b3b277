// Real servers of the ecosystem under the built command line: a PASS with a model that works, and never with one that
// fails. What the streams mean in detail is proved byte by byte by the recordings of the same servers.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunReport } from "../../src/model/report/report.js";
import { CLEAN, runFile, summary } from "../e2e/support/profile-run.js";
import { type AgentServer, startAgent } from "./support/server.js";

type Keys = Readonly<Record<string, unknown>>;

/** A target of the scenario file for one behaviour of a server. */
type Target = (url: string, behaviour: string) => Keys;

interface Subject {
  readonly server: readonly string[];
  readonly target: Target;
  readonly history?: true;
  readonly works: readonly string[];
  readonly fails: readonly string[];
  /** Those in which the agent asks its user, who never decides. */
  readonly waits?: readonly string[];
}

const aiSdk: Target = (url, behaviour) => ({
  profile: "ai-sdk",
  url,
  options: { stream: { request: { path: `/${behaviour}/api/chat` } } },
});

const agUi =
  (path: string): Target =>
  (url, behaviour) => ({
    profile: "ag-ui",
    url,
    options: { stream: { request: { path: path.replace("NAME", behaviour) } } },
  });

const chatCompletions: Target = (url, model) => ({
  profile: "generic",
  url,
  options: {
    transport: "sse",
    stream: {
      request: {
        path: "/v1/chat/completions",
        body: { model, stream: true, messages: [{ role: "user", content: "{text}" }] },
      },
    },
    events: [
      { when: { path: "@frame", equals: "[DONE]" }, kind: "ignored" },
      { when: { path: "error", exists: true }, kind: "agent_error" },
      { when: { path: "choices[0].delta.role", exists: true }, kind: "agent_started" },
      { when: { path: "choices[0].finish_reason", exists: true }, kind: "agent_completed" },
      {
        when: { path: "choices[0].delta.reasoning_content", exists: true },
        kind: "agent_thinking",
        text: "choices[0].delta.reasoning_content",
      },
      { when: { path: "choices[0].delta.content", exists: true }, kind: "answer_delta" },
      { when: { path: "usage", exists: true }, kind: "ignored" },
    ],
    ids: { run: "id" },
    text: "choices[0].delta.content",
    timestamp: "created",
    error: { code: "error.code", text: "error.message" },
  },
});

const socketIo: Target = (url, mode) => ({
  profile: "generic",
  url,
  options: {
    transport: "socket.io",
    socket: {
      path: "/socket.io",
      carry: { in: "auth", name: "token", value: "{token}" },
      handshake: [{ await: { path: "@label", equals: "ready" } }],
      ready: "open",
    },
    send: { event: "message", data: { id: "{messageId}", text: "{text}", mode } },
    events: [
      {
        path: "@label",
        kinds: {
          run_started: "agent_started",
          thinking: "agent_thinking",
          tool_start: "tool_executing",
          tool_end: "tool_completed",
          token: "answer_delta",
          failed: "agent_error",
          done: "agent_completed",
        },
      },
    ],
    ids: { run: "run", message: "message" },
    text: "text",
    tool: { name: "tool", id: "call" },
    error: { code: "error.code", text: "error.text" },
    expects: ["agent_started", "agent_completed"],
  },
});

/** Serialisation 2.0.0 of Phoenix channels: [join_ref, ref, topic, event, payload]. */
const phoenix: Target = (url, mode) => ({
  profile: "generic",
  url,
  options: {
    socket: {
      path: "/socket/websocket",
      query: { vsn: "2.0.0" },
      handshake: [
        { send: ["1", "1", "chat:lobby", "phx_join", { token: "{token}" }] },
        {
          await: {
            all: [
              { path: "[3]", equals: "phx_reply" },
              { path: "[4].status", equals: "ok" },
            ],
          },
        },
      ],
      refused: {
        all: [
          { path: "[3]", equals: "phx_reply" },
          { path: "[4].status", equals: "error" },
        ],
      },
      ready: "open",
    },
    send: ["1", "{requestId}", "chat:lobby", "message", { id: "{messageId}", text: "{text}", mode }],
    events: [
      { path: "[3]", kinds: { phx_reply: "ack", token: "answer_delta" } },
      {
        when: {
          all: [
            { path: "[3]", equals: "run" },
            { path: "[4].state", in: ["finished", "closed"] },
          ],
        },
        kind: "agent_completed",
        name: "run is over",
      },
      {
        path: "[4].state",
        kinds: { started: "agent_started", failed: "agent_error", running: "tool_executing" },
      },
      { path: "[4].state", kinds: { finished: "tool_completed" } },
    ],
    ids: { message: ["[4].id", "[4].response.id"] },
    text: "[4].piece",
    tool: { name: "[4].name", id: "[4].call" },
    error: { text: "[4].error" },
    expects: ["agent_started", "agent_completed"],
  },
});

const langgraph: Target = (url, assistant) => ({
  profile: "langgraph",
  url,
  options: { stream: { request: { body: { assistant_id: assistant } } } },
});

const responses: Target = (url, model) => ({
  profile: "openai-responses",
  url,
  options: { stream: { request: { body: { model } } } },
});

const SUBJECTS: Readonly<Record<string, Subject>> = {
  "LangGraph's API server": {
    server: ["langgraph"],
    target: langgraph,
    history: true,
    works: ["agent", "both_at_once", "whole", "team", "routed", "supervised"],
    fails: ["broken", "down"],
    waits: ["approve"],
  },
  "the AI SDK, version 6": {
    server: ["ai-sdk", "6"],
    target: aiSdk,
    works: ["text", "parallel", "preliminary", "bad-input"],
    fails: ["error", "fail", "abort"],
    waits: ["approval"],
  },
  "the AI SDK, version 5": {
    server: ["ai-sdk", "5"],
    target: aiSdk,
    works: ["tools", "preliminary"],
    fails: ["error", "client-tool"],
  },
  "CopilotKit's runtime": {
    server: ["copilotkit"],
    target: agUi("/api/copilotkit/agent/NAME/run"),
    works: ["tools", "parallel", "sub_agent", "chunks"],
    fails: ["error", "fail"],
    waits: ["interrupt"],
  },
  "an agent of AG-UI 1": {
    server: ["ag-ui"],
    target: agUi("/NAME"),
    works: ["subagent_error", "thinking"],
    fails: ["error"],
    waits: ["interrupt"],
  },
  "the Responses API": {
    server: ["openai"],
    target: responses,
    works: ["text", "search"],
    fails: ["fail", "call"],
  },
  "a Chat Completions server": {
    server: ["chat-completions"],
    target: chatCompletions,
    works: ["text", "reasoning", "last-piece", "empty-piece", "usage"],
    fails: ["error", "fail", "limit", "cut"],
  },
  "an agent behind Socket.IO": {
    server: ["socket-io"],
    target: socketIo,
    works: ["tools"],
    fails: ["error"],
  },
  "channels of Phoenix": { server: ["phoenix"], target: phoenix, works: ["tools"], fails: ["error"] },
};

const CHECKS = ["critical-events", "isolation", "ordering", "contract"];

/** A few users through a few turns: what a stream means does not depend on their number. */
function fileFor(target: Keys, history: boolean): object {
  return {
    version: 1,
    targets: { system: target },
    scenarios: {
      real: {
        target: "system",
        load: { users: 3, ramp: "500ms", hold: "5s", baseline: false },
        journey: [
          "connect",
          {
            loop: [
              { send: { prompt: "optimisation" } },
              ...(history ? ["history"] : []),
              { think: "300ms..600ms" },
            ],
          },
        ],
        checks: history ? [...CHECKS, "history"] : CHECKS,
      },
    },
  };
}

/** Runs that are short, and share their machine, may lack the samples of a rule: that is no word about the server. */
function enoughSaid(report: RunReport): RunReport {
  return { ...report, invalidReasons: report.invalidReasons.filter(({ code }) => code !== "no-data") };
}

describe.each(Object.entries(SUBJECTS))("%s", (_name, { server, target, history, works, fails, waits }) => {
  let agent: AgentServer;
  beforeAll(async () => {
    agent = await startAgent(server);
  });
  afterAll(() => agent.stop());

  const run = (behaviour: string) => runFile(fileFor(target(agent.url, behaviour), history === true));

  // Side by side: they are only counted.
  test(`passes with a model that works: ${works.join(", ")}`, async () => {
    const results = await Promise.all(works.map(run));
    for (const [at, { report }] of results.entries()) {
      expect([works[at], summary(enoughSaid(report))]).toEqual([works[at], CLEAN]);
      expect(report.ledger.completed).toBeGreaterThan(2);
    }
  });

  test(`never passes with a model that fails: ${fails.join(", ")}`, async () => {
    const results = await Promise.all(fails.map(run));
    for (const [at, { report }] of results.entries())
      expect([fails[at], report.verdict, report.ledger.completed]).toEqual([fails[at], "FAIL", 0]);
  });

  test.runIf(waits)("neither fails nor completes a turn whose agent asks its user", async () => {
    const results = await Promise.all((waits ?? []).map(run));
    for (const [at, { report }] of results.entries()) {
      const { attempted, waiting } = report.ledger;
      expect([waits?.[at], waiting]).toEqual([waits?.[at], attempted]);
      expect(report.verdict).not.toBe("FAIL");
    }
  });
});
