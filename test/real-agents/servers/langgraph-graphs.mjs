// Graphs of the LangGraph server: one for each thing that an agent may do; the assistant's id of a run chooses one.
import { tool } from "@langchain/core/tools";
import { Annotation, interrupt, MessagesAnnotation, StateGraph } from "@langchain/langgraph";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import { ChatOpenAI } from "@langchain/openai";
import { z } from "zod";

const city = z.object({ city: z.string() });
const weather = tool(() => "18 degrees", { name: "weather", description: "the weather", schema: city });
const clock = tool(() => "noon", {
  name: "clock",
  description: "the time",
  schema: z.object({ zone: z.string() }),
});
const broken_tool = tool(
  () => {
    throw new Error("the tool broke");
  },
  { name: "broken", description: "never works", schema: city },
);
const paying = (heeds) =>
  tool(
    ({ amount }) => {
      const yes = interrupt({ question: `pay ${amount}?`, tool: "payment" });
      if (heeds && yes !== true) throw new Error("the user said no");
      return `paid ${amount}`;
    },
    { name: "payment", description: "pays", schema: z.object({ amount: z.number() }) },
  );

const model = (name, more = {}) =>
  new ChatOpenAI({
    model: name,
    apiKey: "none",
    maxRetries: 0,
    configuration: { baseURL: process.env.OPENAI_BASE_URL },
    ...more,
  });
const react = (name, tools = [weather, clock], more = {}) =>
  createReactAgent({ llm: model(name, more), tools });

export const agent = react("tools");
export const parallel = react("parallel");
export const both_at_once = react("both-at-once");
/** The model is not streamed: its message comes whole, with `tool_calls` and no chunks. */
export const whole = react("tools", undefined, { disableStreaming: true });
export const reasoning = react("reasoning", []);
export const fail_tool = react("fail-tool", [broken_tool]);
export const approve = react("approve", [paying(true)]);
/** Pays whatever its user says. */
export const approve_ignored = react("approve", [paying(false)]);
export const slow = react("slow", []);
/** A model that breaks off in the middle of its answer, and one that cannot be reached at all. */
export const broken = react("error", []);
export const down = react("fail", []);

/** An agent that hands over to another one, which is a graph of its own. */
export const team = new StateGraph(MessagesAnnotation)
  .addNode("researcher", react("tools"))
  .addNode("writer", react("sum-up", []))
  .addEdge("__start__", "researcher")
  .addEdge("researcher", "writer")
  .addEdge("writer", "__end__")
  .compile();

const Routed = Annotation.Root({ ...MessagesAnnotation.spec, next: Annotation() });
const answers = async ({ messages }) => ({ messages: [await model("text").invoke(messages)] });
const routes = async ({ messages }) => ({
  next: (await model("sum-up").invoke(messages)).content.slice(0, 2),
});

/** A router whose model's words are streamed like any other's, and are no message of the thread. */
export const routed = new StateGraph(Routed)
  .addNode("router", routes)
  .addNode("writer", answers)
  .addEdge("__start__", "router")
  .addConditionalEdges("router", ({ next }) => (next === "In" ? "writer" : "__end__"), ["writer", "__end__"])
  .addEdge("writer", "__end__")
  .compile();

/** The same, asked again after the answer whether all is done. */
export const supervised = new StateGraph(Routed)
  .addNode("writer", answers)
  .addNode("supervisor", routes)
  .addEdge("__start__", "writer")
  .addEdge("writer", "supervisor")
  .addEdge("supervisor", "__end__")
  .compile();
