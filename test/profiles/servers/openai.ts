// OpenAI's Responses API as aimock serves it.
import { LLMock } from "@copilotkit/aimock";
import { onTestFinished } from "vitest";
import { answerTo, type Model, model, type Service } from "./base.js";

export async function openAiServer(wishes: Partial<Model> = {}): Promise<Service> {
  const mind = model(wishes);
  let messages = 0;
  const mock = new LLMock({ host: "127.0.0.1", port: 0, logLevel: "silent", journalMaxEntries: 4 });
  mock.on({}, ({ messages: said }) => {
    messages++;
    const content = said.at(-1)?.content;
    const prompt = typeof content === "string" ? content : (content ?? []).map(({ text }) => text).join("");
    if (mind.failing) return { error: { message: "the model is away", type: "server_error" }, status: 500 };
    return { content: answerTo(prompt) };
  });
  await mock.start();
  onTestFinished(() => mock.stop());
  return { url: mock.baseUrl.replace(/\/$/, ""), messages: () => messages };
}
