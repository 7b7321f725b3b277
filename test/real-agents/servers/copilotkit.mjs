// CopilotKit's runtime over AG-UI: its built-in agent, agents written against @ag-ui/client, and, where the port of a
// LangGraph server is given (`node copilotkit.mjs 8123`), that server's graphs through CopilotKit's own adapter.
// POST /api/copilotkit/agent/NAME/run
process.env.COPILOTKIT_TELEMETRY_DISABLED = "true";
process.env.DO_NOT_TRACK = "1";

import { AbstractAgent } from "@ag-ui/client";
import { createOpenAI } from "@ai-sdk/openai";
import { LangGraphAgent } from "@copilotkit/runtime/langgraph";
import { BuiltInAgent, CopilotRuntime, defineTool } from "@copilotkit/runtime/v2";
import { createCopilotNodeListener } from "@copilotkit/runtime/v2/node";
import { Observable } from "rxjs";
import { z } from "zod";
import { SCRIPTS } from "./ag-ui-scripts.mjs";
import { modelUrl } from "./chat-completions.mjs";
import { announce, listen } from "./listen.mjs";

process.on("unhandledRejection", () => {});
const graphPort = process.argv[2];
const provider = createOpenAI({ apiKey: "none", baseURL: await modelUrl() });
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
  ...Object.fromEntries(Object.entries(SCRIPTS).map(([name, script]) => [name, new Scripted(script)])),
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
