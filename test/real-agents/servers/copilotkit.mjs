// CopilotKit's runtime over AG-UI: its built-in agent, agents written against @ag-ui/client, and, where the port of a
// LangGraph server is given (`node copilotkit.mjs 8123`), that server's graphs through CopilotKit's own adapter.
// POST /api/copilotkit/agent/NAME/run
process.env.COPILOTKIT_TELEMETRY_DISABLED = "true";
process.env.DO_NOT_TRACK = "1";

import { AbstractAgent, EventType } from "@ag-ui/client";
import { createOpenAI } from "@ai-sdk/openai";
import { LangGraphAgent } from "@copilotkit/runtime/langgraph";
import { BuiltInAgent, CopilotRuntime, defineTool } from "@copilotkit/runtime/v2";
import { createCopilotNodeListener } from "@copilotkit/runtime/v2/node";
import { Observable } from "rxjs";
import { z } from "zod";
import { startModel } from "./chat-completions.mjs";
import { announce, listen } from "./listen.mjs";

process.on("unhandledRejection", () => {});
const graphPort = process.argv[2];
const provider = createOpenAI({ apiKey: "none", baseURL: `http://127.0.0.1:${await startModel()}/v1` });
const city = z.object({ city: z.string() });
const TOOLS = {
  weather: defineTool({
    name: "weather",
    description: "the weather",
    parameters: city,
    execute: async () => ({ degrees: 18 }),
  }),
  clock: defineTool({
    name: "clock",
    description: "the time",
    parameters: z.object({ zone: z.string() }),
    execute: async () => ({ time: "noon" }),
  }),
  broken: defineTool({
    name: "broken",
    description: "never works",
    parameters: city,
    async execute() {
      throw new Error("the tool broke");
    },
  }),
  payment: defineTool({
    name: "payment",
    description: "pays",
    parameters: z.object({ amount: z.number() }),
    interrupt: true,
  }),
};
const builtIn = (model, ...tools) =>
  new BuiltInAgent({
    model: provider.chat(model),
    maxSteps: 4,
    maxRetries: 0,
    tools: tools.map((name) => TOOLS[name]),
  });

/** An agent that is nothing but its events, which the library checks and encodes. */
class Scripted extends AbstractAgent {
  constructor(script) {
    super();
    this.script = script;
  }
  clone() {
    return new Scripted(this.script);
  }
  run({ threadId, runId, messages }) {
    const question = messages.findLast(({ role }) => role === "user")?.content ?? "";
    return new Observable((subscriber) => {
      for (const event of this.script(String(question))) subscriber.next({ threadId, runId, ...event });
      subscriber.complete();
    });
  }
}
const call = (id, name) => [
  { type: EventType.TOOL_CALL_START, toolCallId: id, toolCallName: name },
  { type: EventType.TOOL_CALL_ARGS, toolCallId: id, delta: "{}" },
  { type: EventType.TOOL_CALL_END, toolCallId: id },
];
const result = (id) => ({
  type: EventType.TOOL_CALL_RESULT,
  messageId: `result-${id}`,
  toolCallId: id,
  content: "done",
  role: "tool",
});
const answer = (text) => [
  { type: EventType.TEXT_MESSAGE_START, messageId: "answer", role: "assistant" },
  { type: EventType.TEXT_MESSAGE_CONTENT, messageId: "answer", delta: "You asked: " },
  { type: EventType.TEXT_MESSAGE_CONTENT, messageId: "answer", delta: text },
  { type: EventType.TEXT_MESSAGE_END, messageId: "answer" },
];
const started = { type: EventType.RUN_STARTED };
const finished = { type: EventType.RUN_FINISHED };
const step = (edge, stepName) => ({ type: EventType[`STEP_${edge}`], stepName });

const agents = {
  text: builtIn("text"),
  reasoning: builtIn("reasoning"),
  tools: builtIn("tools", "weather"),
  parallel: builtIn("parallel", "weather", "clock"),
  fail_tool: builtIn("fail-tool", "broken"),
  bad_input: builtIn("bad-input", "weather"),
  interrupt: builtIn("approve", "payment"),
  error: builtIn("error"),
  fail: builtIn("fail"),
  /** A sub-agent's steps and its own tool, while the outer tool still runs. */
  sub_agent: new Scripted((text) => [
    started,
    step("STARTED", "plan"),
    ...call("outer", "delegate"),
    step("STARTED", "research"),
    ...call("inner", "search"),
    result("inner"),
    step("FINISHED", "research"),
    result("outer"),
    step("FINISHED", "plan"),
    ...answer(text),
    finished,
  ]),
  thinking: new Scripted((text) => [
    started,
    { type: EventType.REASONING_START, messageId: "thought" },
    { type: EventType.REASONING_MESSAGE_START, messageId: "thought", role: "reasoning" },
    { type: EventType.REASONING_MESSAGE_CONTENT, messageId: "thought", delta: "the the " },
    { type: EventType.REASONING_MESSAGE_END, messageId: "thought" },
    { type: EventType.REASONING_END, messageId: "thought" },
    ...answer(text),
    finished,
  ]),
  /** Pieces that start and end by themselves; the runtime writes them out in full. */
  chunks: new Scripted((text) => [
    started,
    { type: EventType.TOOL_CALL_CHUNK, toolCallId: "c1", toolCallName: "search", delta: "{}" },
    result("c1"),
    { type: EventType.TEXT_MESSAGE_CHUNK, messageId: "answer", role: "assistant", delta: "You asked: " },
    { type: EventType.TEXT_MESSAGE_CHUNK, messageId: "answer", delta: text },
    finished,
  ]),
  ...(graphPort
    ? Object.fromEntries(
        ["agent", "approve"].map((graphId) => [
          `graph_${graphId}`,
          new LangGraphAgent({ deploymentUrl: `http://127.0.0.1:${graphPort}`, graphId }),
        ]),
      )
    : {}),
};

const runtime = new CopilotRuntime({ agents });
const handle = createCopilotNodeListener({ runtime, basePath: "/api/copilotkit" });
announce(await listen((request, response) => void handle(request, response)));
