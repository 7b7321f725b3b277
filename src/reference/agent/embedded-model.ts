// The embedded model: aimock's OpenAI-compatible server in this process, with a brain that answers dynamically.
import { type ChatCompletionRequest, type ChatMessage, LLMock } from "@copilotkit/aimock";
import { composeAnswer } from "./answer.js";
import { askedSubject, type RememberedFact } from "./facts.js";
import { figuresIn } from "./figures.js";
import { keywordOf, topicOf } from "./topics.js";

export interface EmbeddedModel {
  /** Base URL with `/v1`. */
  readonly url: string;
  stop(): Promise<void>;
}

const NO_TOOL =
  /\bno tools?(?: (?:is|are))? (?:needed|required|necessary)\b|\bwithout (?:using )?(?:any |a )?tools?\b/i;
const RECORDS =
  /\b(?:my|our) (?:own )?(?:earlier|past|previous|stored) (?:messages|records|questions|notes)\b|\b(?:search|find|look up)\b.*\brecords\b/i;
/** Shares and durations are quoted, but not added up over a year while there are amounts. */
const NO_AMOUNT =
  /(?:%|\bpercent\b|\bms\b|\bs\b|\bmilliseconds?\b|\bseconds?\b|\bminutes?\b|\bhours?\b|\bdays?\b)/i;
const FACT_LINE = /^- (.+?): (.+)$/gm;

/** Starts the model on a free loopback port. Rejects when it cannot listen. */
export async function startEmbeddedModel(): Promise<EmbeddedModel> {
  const mock = new LLMock({ host: "127.0.0.1", port: 0, logLevel: "silent", journalMaxEntries: 16 });
  mock.on({ endpoint: "chat" }, brain);
  await mock.start();
  return { url: `${mock.baseUrl.replace(/\/$/, "")}/v1`, stop: () => mock.stop() };
}

/** First call: a tool, unless the prompt says that none is needed. Call with results, or without tools: the answer. */
function brain(request: ChatCompletionRequest) {
  const asked = request.messages.findLastIndex((message) => message.role === "user");
  const prompt = textOf(request.messages[asked]);
  const results = request.messages.slice(asked + 1).filter((message) => message.role === "tool");
  if (results.length === 0 && (request.tools?.length ?? 0) > 0 && !NO_TOOL.test(prompt))
    return toolCall(prompt);
  return { content: composeAnswer({ prompt, facts: factsIn(request), results: results.map(parsedResult) }) };
}

function toolCall(prompt: string): { toolCalls: { name: string; arguments: string }[] } {
  const figures = figuresIn(prompt);
  const topic = topicOf(prompt);
  if (figures.length === 0 || RECORDS.test(prompt)) {
    const query = askedSubject(prompt) ?? keywordOf(topic, prompt);
    return { toolCalls: [{ name: "search_records", arguments: JSON.stringify({ query, limit: 3 }) }] };
  }
  const amounts = figures.filter((figure) => !NO_AMOUNT.test(figure.text));
  const rows = (amounts.length > 0 ? amounts : figures).map(({ label, text, value }) => ({
    label: label || text,
    value,
  }));
  const parameters = { figures: rows, saving_percent: topic.savingPercent };
  return { toolCalls: [{ name: "cost_model", arguments: JSON.stringify(parameters) }] };
}

/** The facts that the supervisor put into the system message, one `- subject: value` a line. */
function factsIn(request: ChatCompletionRequest): RememberedFact[] {
  const system = request.messages
    .filter((message) => message.role === "system")
    .map(textOf)
    .join("\n");
  return [...system.matchAll(FACT_LINE)].flatMap(([, subject, value]) =>
    subject && value ? [{ subject, value }] : [],
  );
}

function parsedResult(message: ChatMessage): Record<string, unknown> {
  try {
    return JSON.parse(textOf(message));
  } catch {
    return {};
  }
}

function textOf(message: ChatMessage | undefined): string {
  if (typeof message?.content === "string") return message.content;
  return (message?.content ?? []).map((part) => part.text ?? "").join("");
}
