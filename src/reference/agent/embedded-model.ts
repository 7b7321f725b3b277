// The embedded model: the model endpoint on a free loopback port, with a brain that answers the agent's questions.
import { type ModelReply, type ModelRequest, promptOf, toolResults } from "../../llm/conversation.js";
import { NO_DELAY } from "../../llm/delays.js";
import { startModelEndpoint } from "../../llm/server.js";
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
const BOTH_TOOLS = /\bboth (?:of your )?tools\b/i;
/** Shares and durations are quoted, but not added up over a year if there are amounts. */
const NO_AMOUNT =
  /(?:%|\bpercent\b|\bms\b|\bs\b|\bmilliseconds?\b|\bseconds?\b|\bminutes?\b|\bhours?\b|\bdays?\b)/i;
const FACT_LINE = /^- (.+?): (.+)$/gm;

/** Starts the model on a free loopback port. Rejects if it cannot listen. */
export async function startEmbeddedModel(): Promise<EmbeddedModel> {
  const endpoint = await startModelEndpoint({
    brain: agentBrain,
    firstToken: NO_DELAY,
    tokenGap: NO_DELAY,
    faults: [],
    faultHeader: true,
    seed: 1,
  });
  return { url: `${endpoint.url}/v1`, stop: () => endpoint.close() };
}

/** The model that the agent was made for: calls a tool first, unless the prompt says that none is needed, then answers. */
export function agentBrain(request: ModelRequest): ModelReply {
  const prompt = promptOf(request);
  const results = toolResults(request);
  if (results.length === 0 && request.tools.length > 0 && !NO_TOOL.test(prompt))
    return BOTH_TOOLS.test(prompt) ? bothTools(prompt) : toolCall(prompt);
  return {
    text: composeAnswer({ prompt, facts: factsIn(request), results: results.map(parsedResult) }),
    tools: [],
  };
}

function bothTools(prompt: string): ModelReply {
  return { text: "", tools: [...searchCall(prompt).tools, ...costCall(prompt).tools] };
}

function toolCall(prompt: string): ModelReply {
  return figuresIn(prompt).length === 0 || RECORDS.test(prompt) ? searchCall(prompt) : costCall(prompt);
}

function searchCall(prompt: string): ModelReply {
  const query = askedSubject(prompt) ?? keywordOf(topicOf(prompt), prompt);
  return { text: "", tools: [{ name: "search_records", arguments: JSON.stringify({ query, limit: 3 }) }] };
}

function costCall(prompt: string): ModelReply {
  const figures = figuresIn(prompt);
  const topic = topicOf(prompt);
  const amounts = figures.filter((figure) => !NO_AMOUNT.test(figure.text));
  const rows = (amounts.length > 0 ? amounts : figures).map(({ label, text, value }) => ({
    label: label || text,
    value,
  }));
  const parameters = { figures: rows, saving_percent: topic.savingPercent };
  return { text: "", tools: [{ name: "cost_model", arguments: JSON.stringify(parameters) }] };
}

/** The facts that the supervisor put into the system message, one `- subject: value` per line. */
function factsIn(request: ModelRequest): RememberedFact[] {
  const system = request.messages
    .filter(({ role }) => role === "system")
    .map(({ text }) => text)
    .join("\n");
  return [...system.matchAll(FACT_LINE)].flatMap(([, subject, value]) =>
    subject && value ? [{ subject, value }] : [],
  );
}

function parsedResult(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
