// Recorded streams of real libraries through the presets: what each means, byte by byte, and broken off anywhere.
import { describe, expect, it } from "vitest";
import { settledTurn } from "../../src/session/turn/ending/outcome.js";
import { type Playing, playing, type Recording, recordingsOf } from "../support/replay.js";

/** What a case comes to: its events, and its answer or the words of its error. */
interface Meaning {
  readonly kinds: string;
  readonly answer?: string;
  readonly error?: string;
  /** What it asks its user, who does not decide. */
  readonly asks?: string;
  /** Calls of which no result was told. */
  readonly unpaired?: number;
}

const QUESTION = "hello zebra-7f3a, and good morning";
const PLAIN = `You asked: ${QUESTION} Measure first. That is all.`;
const AFTER_TOOL = `It is 18 degrees, so take a coat. ${PLAIN}`;
const SHORT = `In short: measure first. You asked: ${QUESTION}`;

/** Kinds in short, as `kinds` of a meaning has them: S started, T thinking, C completed, E error, W waiting, X stopped, a answer's pieces. */
const SHORT_KINDS: Readonly<Record<string, string>> = {
  agent_started: "S",
  agent_thinking: "T",
  answer_delta: "a",
  agent_completed: "C",
  agent_error: "E",
  waiting: "W",
  stopped: "X",
};

const AI_SDK: Readonly<Record<string, Meaning>> = {
  text: { kinds: "S T a C", answer: PLAIN },
  data: { kinds: "S T a C", answer: PLAIN },
  tools: { kinds: "S T +weather -call T a C", answer: AFTER_TOOL },
  parallel: { kinds: "S T +weather +clock -call -call T a C", answer: AFTER_TOOL },
  preliminary: { kinds: "S T +weather -call T a C", answer: AFTER_TOOL },
  "fail-tool": { kinds: "S T +broken -call T a C", answer: AFTER_TOOL },
  "bad-input": { kinds: "S T !weather -call T a C", answer: AFTER_TOOL },
  approval: { kinds: "S T +payment W E", asks: "", unpaired: 1 },
  "client-tool": { kinds: "S T +weather E", error: "tool-calls", unpaired: 1 },
  error: { kinds: "S T a E", error: "the model broke off" },
  fail: { kinds: "S E", error: "the model is down" },
  abort: { kinds: "S T a X", error: "aborted" },
};

const LANGGRAPH: Readonly<Record<string, Meaning>> = {
  agent: { kinds: "S T +weather T -weather T a T C", answer: AFTER_TOOL },
  parallel: { kinds: "S T +weather +clock T -weather -clock T a T C", answer: AFTER_TOOL },
  both_at_once: { kinds: "S T +weather +clock T -weather -clock T a T C", answer: AFTER_TOOL },
  whole: { kinds: "S +weather -weather a C", answer: AFTER_TOOL },
  fail_tool: { kinds: "S T +broken T -broken T a T C", answer: AFTER_TOOL },
  approve: { kinds: "S T +payment T W", asks: "pay 12?", unpaired: 1 },
  team: { kinds: "S +weather -weather a C", answer: `${AFTER_TOOL}${SHORT}` },
  routed: { kinds: "S T a T a T C", answer: PLAIN },
  supervised: { kinds: "S T a T a T C", answer: PLAIN },
  broken: { kinds: "S T a E", error: "the model broke off" },
  down: { kinds: "S E", error: "500 the model is down" },
};

const SUB_AGENT = "S T +delegate T +search -inner -outer a C";
const AG_UI: Readonly<Record<string, Meaning>> = {
  text: { kinds: "S a C", answer: PLAIN },
  tools: { kinds: "S +weather -call a C", answer: AFTER_TOOL },
  parallel: { kinds: "S +weather +clock -call -call a C", answer: AFTER_TOOL },
  // CopilotKit tells no result of a tool that threw, or that it never ran.
  fail_tool: { kinds: "S +broken a C", answer: AFTER_TOOL, unpaired: 1 },
  bad_input: { kinds: "S +weather a C", answer: AFTER_TOOL, unpaired: 1 },
  interrupt: { kinds: "S +payment W", asks: "tool_call", unpaired: 1 },
  error: { kinds: "S a E", error: "AI SDK stream error" },
  fail: { kinds: "S E", error: "the model is down" },
  sub_agent: { kinds: SUB_AGENT, answer: `You asked: ${QUESTION}` },
  thinking: { kinds: "S T a C", answer: `You asked: ${QUESTION}` },
  chunks: { kinds: "S +search -c1 a C", answer: `You asked: ${QUESTION}` },
  graph_agent: { kinds: "S T +weather T -call T a C", answer: AFTER_TOOL },
  graph_approve: { kinds: "S T +payment T W C", asks: '{"question":"pay 12?"}', unpaired: 1 },
  subagent_error: { kinds: "S +delegate T +search -inner T -outer a C", answer: `You asked: ${QUESTION}` },
};

const RESPONSES: Readonly<Record<string, Meaning>> = {
  text: { kinds: "S T a C", answer: PLAIN },
  reasoning: { kinds: "S T a C", answer: PLAIN },
  search: { kinds: "S T +web_search_call -web_search_call a C", answer: PLAIN },
  call: { kinds: "S T +weather -weather E", error: "weather" },
  parallel: { kinds: "S T +weather -weather +clock -clock E", error: "clock" },
  "text-and-call": { kinds: "S T a +weather -weather E", error: "weather" },
};

const A2A: Readonly<Record<string, Meaning>> = {
  artifacts: { kinds: "S T a C", answer: PLAIN },
  status: { kinds: "S T a C", answer: PLAIN },
  message: { kinds: "C", answer: PLAIN },
  asks: { kinds: "S T W", asks: "Which budget?" },
  rejects: { kinds: "S T E", error: "not my kind of work" },
  quits: { kinds: "S T E" },
  fails: { kinds: "S T E", error: "the model is down" },
  cancels: { kinds: "S T X" },
  "bad-request": { kinds: "E", error: "ethod not found" },
};

/** Where a version of a library says something else. */
const EXCEPTIONS: Readonly<Record<string, Meaning>> = {
  // A call whose arguments do not parse is not told at all, and ends the turn.
  "ai-5.0.277-bad-input": { kinds: "S T E", error: "tool-calls" },
  // Approval came with version 6: the tool just ran.
  "ai-5.0.277-approval": { kinds: "S T +payment -call T a C", answer: AFTER_TOOL },
  // No tool-output-error follows the refusal.
  "ai-7.0.173-bad-input": { kinds: "S T !weather T a C", answer: AFTER_TOOL },
  // An abort says why from version 6 on.
  "ai-5.0.277-abort": { kinds: "S T a X" },
  // Sub-graphs are streamed as their parent is.
  "langchain-langgraph-api-0.0.71-team": {
    kinds: "S T +weather T -weather T a T a T C",
    answer: `${AFTER_TOOL}${SHORT}`,
  },
  "ag-ui-encoder-1.0.0-error": { kinds: "S E", error: "the model is down" },
  "ag-ui-encoder-1.0.0-interrupt": { kinds: "S +payment W", asks: "pay 12?", unpaired: 1 },
};

const PRESETS = {
  "ai-sdk": AI_SDK,
  langgraph: LANGGRAPH,
  "ag-ui": AG_UI,
  "openai-responses": RESPONSES,
  a2a: A2A,
};

function shortOf(kinds: readonly string[]): string {
  const short = kinds.map((kind) => {
    const [name = "", tool = ""] = kind.split(":");
    const called = tool.replace(/^call_.*$/, "call");
    const mark = { tool_executing: "+", tool_completed: "-", tool_refused: "!" }[name];
    return mark === undefined ? (SHORT_KINDS[name] ?? name) : `${mark}${called}`;
  });
  return short.join(" ");
}

async function started(preset: string, { status, contentType }: Recording): Promise<Playing> {
  const play = await playing(preset);
  play.head(status, contentType);
  return play;
}

describe.each(Object.entries(PRESETS))("a recorded stream of %s", (preset, meanings) => {
  const recordings = recordingsOf(preset);

  it("is there for every case, and every recording is held to a meaning", () => {
    expect(new Set(recordings.map((recording) => recording.case))).toEqual(new Set(Object.keys(meanings)));
  });

  it.each(recordings.map((recording) => [recording.name, recording] as const))(
    "%s means what the library says, byte by byte, and has one outcome",
    async (name, recording) => {
      const meaning = EXCEPTIONS[name] ?? meanings[recording.case];
      const play = await started(preset, recording);
      for (const byte of recording.body) play.data(Buffer.of(byte));
      play.end();
      const { turn } = play;
      const { answerText, unpairedTools } = turn;
      const closes = preset === "langgraph" && turn.end === "completed" ? " C" : "";
      expect(shortOf(play.kinds) + closes).toBe(meaning?.kinds);
      const asks = meaning?.asks !== undefined;
      expect(turn.end).toBe(asks ? "waiting" : meaning?.answer === undefined ? "error" : "completed");
      if (asks) expect(turn.control?.asks.map(({ text = "" }) => text)).toEqual([meaning?.asks]);
      if (meaning?.answer !== undefined) expect(answerText).toBe(meaning.answer);
      if (meaning?.error !== undefined) expect(turn.errorText).toContain(meaning.error);
      expect(unpairedTools).toBe(meaning?.unpaired ?? 0);
      await play.over();
      const settled = settledTurn(turn, undefined, preset === "a2a" ? [] : ["agent_started"]);
      const ended = meaning?.answer === undefined ? "failed" : "completed";
      expect(settled.outcome).toBe(asks ? "waiting" : ended);
      expect({ ...settled.anomalies, unpairedTool: 0 }).toEqual(NOTHING_ODD);
      expect([play.observer.strays, play.observer.leaks]).toEqual([[], []]);
      expect(play.requests).toHaveLength(1);
    },
  );

  it.each(recordings.map((recording) => [recording.name, recording] as const))(
    "%s broken off at any byte is no answer before its end came, and never two outcomes",
    async (_name, recording) => {
      const { body } = recording;
      const whole = await started(preset, recording);
      /** Bytes after which the turn was over. */
      let over = Number.POSITIVE_INFINITY;
      for (let at = 0; at < body.length; at++) {
        whole.data(body.subarray(at, at + 1));
        if (whole.turn.end !== undefined) over = Math.min(over, at + 1);
      }
      for (const cut of cutsOf(body)) {
        const play = await started(preset, recording);
        play.data(body.subarray(0, cut));
        expect([cut, play.turn.end === undefined]).toEqual([cut, cut < over]);
        // What takes it up again finds nothing: the service is gone.
        for (let tries = 0; tries < 4; tries++) play.end(false);
        await play.over();
        // Nothing is asked for before the run's id is known; afterwards a run that has not ended is.
        const resumes = preset === "langgraph" && cut < over && play.turn.runId !== undefined;
        expect([cut, play.requests.length > 1]).toEqual([cut, resumes]);
        const { outcome } = settledTurn(play.turn, undefined, []);
        const { end } = whole.turn;
        const known = end === "waiting" ? "waiting" : end === "error" ? "failed" : "completed";
        expect([cut, outcome]).toEqual([cut, cut < over ? "lost" : known]);
      }
    },
  );
});

/** Every byte of a short stream; of a long one the bytes about the ends of its events, where meanings change. */
function cutsOf(body: Buffer): readonly number[] {
  if (body.length <= 600) return Array.from({ length: body.length + 1 }, (_, cut) => cut);
  const cuts = new Set([0, body.length]);
  for (let end = body.indexOf("\n\n"); end >= 0; end = body.indexOf("\n\n", end + 1))
    for (const near of [-40, -1, 0, 1, 2, 3]) cuts.add(Math.min(body.length, Math.max(0, end + near)));
  return [...cuts].sort((a, b) => a - b);
}

const NOTHING_ODD = {
  duplicate: 0,
  late: 0,
  leaked: 0,
  missing: 0,
  orphan: 0,
  outOfOrder: 0,
  replayed: 0,
  unpairedTool: 0,
  unrecognised: 0,
};
