// OpenAI's Responses API, and its Chat Completions, as aimock serves them; the model's name chooses what is answered.
import { LLMock } from "@copilotkit/aimock";
import { announce } from "./listen.mjs";

const CALL = { name: "weather", arguments: '{"city":"Bergen"}' };
const mock = new LLMock({ host: "127.0.0.1", port: 0, logLevel: "silent", journalMaxEntries: 4 });
mock.on({}, ({ model, messages }) => {
  const said = messages.at(-1)?.content;
  const question = typeof said === "string" ? said : (said ?? []).map(({ text }) => text).join("");
  const content = `You asked: ${question} Measure first. That is all.`;
  switch (model) {
    case "reasoning":
      return { content, reasoning: "the the fleet" };
    case "search":
      return { content, webSearches: ["fleet cost"] };
    case "call":
      return { toolCalls: [CALL] };
    case "parallel":
      return { toolCalls: [CALL, { name: "clock", arguments: '{"zone":"CET"}' }] };
    case "text-and-call":
      return { content: "Let me see.", toolCalls: [CALL] };
    case "fail":
      return { error: { message: "the model is down", type: "server_error" }, status: 500 };
    default:
      return { content };
  }
});
await mock.start();
announce(new URL(mock.baseUrl).port);
