// Stops and decisions over streams: what is asked of the service, and what becomes of the turn.
import { describe, expect, it } from "vitest";
import { settledTurn } from "../../src/session/turn/ending/outcome.js";
import { TurnControl } from "../../src/session/turn/turn-control.js";
import { decide, stopTurn } from "../../src/session/user/stop-and-decide.js";
import { type Playing, playing } from "../support/replay.js";

const sse = (play: Playing, ...events: readonly object[]): void => {
  for (const event of events) play.data(Buffer.from(`data: ${JSON.stringify(event)}\n\n`));
};
const labelled = (play: Playing, label: string, data: unknown): void =>
  play.data(Buffer.from(`event: ${label}\ndata: ${JSON.stringify(data)}\n\n`));

describe("a run of AG-UI that was interrupted", () => {
  async function interrupted(): Promise<Playing> {
    const play = await playing("ag-ui", {}, true);
    play.head();
    const interrupts = [
      { id: "i1", reason: "tool_call", message: "pay 12?", toolCallId: "t1" },
      { id: "i2", reason: "tool_call", toolCallId: "t2" },
    ];
    sse(
      play,
      { type: "RUN_STARTED", threadId: "thread-1", runId: "r1" },
      { type: "RUN_FINISHED", threadId: "thread-1", runId: "r1", outcome: { type: "interrupt", interrupts } },
    );
    play.end();
    return play;
  }

  it("waits for its user, and continues in the run that carries the decisions", async () => {
    const play = await interrupted();
    const { turn, user, services } = play;
    expect([turn.end, turn.control?.pending.map(({ id, toolId }) => [id, toolId])]).toEqual([
      undefined,
      [
        ["i1", "t1"],
        ["i2", "t2"],
      ],
    ]);
    expect(decide(user, turn, { kind: "approve", text: "" }, services)).toBe(true);
    const payload = { approved: true };
    expect(play.bodies.at(-1)).toMatchObject({
      threadId: "thread-1",
      resume: [
        { interruptId: "i1", status: "resolved", payload },
        { interruptId: "i2", status: "resolved", payload },
      ],
    });
    play.head();
    sse(
      play,
      { type: "RUN_STARTED", threadId: "thread-1", runId: "r2" },
      { type: "TEXT_MESSAGE_CONTENT", messageId: "m", delta: "paid" },
      { type: "RUN_FINISHED", threadId: "thread-1", runId: "r2", outcome: { type: "success" } },
    );
    play.end();
    await play.over();
    const settled = settledTurn(turn, undefined, ["agent_started"]);
    expect([settled.outcome, turn.control?.asks.every(({ resumedUs }) => resumedUs !== undefined)]).toEqual([
      "completed",
      true,
    ]);
    expect(Object.values(settled.anomalies).every((count) => count === 0)).toBe(true);
  });

  it("continues from the path that the file gives its messages", async () => {
    const play = await playing("ag-ui", { stream: { request: { path: "/agent/run" } } }, true);
    play.head();
    sse(play, {
      type: "RUN_FINISHED",
      threadId: "thread-1",
      runId: "r1",
      outcome: { type: "interrupt", interrupts: [{ id: "i1", reason: "input" }] },
    });
    play.end();
    decide(play.user, play.turn, { kind: "answer", text: "blue" }, play.services);
    expect(play.requests).toEqual(["POST /agent/run", "POST /agent/run"]);
    expect(play.bodies.at(-1)).toMatchObject({ resume: [{ payload: { approved: true, answer: "blue" } }] });
  });
});

describe("a stop", () => {
  it.each(["ag-ui", "ai-sdk", "openai-responses"])(
    "of %s hangs up, and is over with that",
    async (preset) => {
      const play = await playing(preset);
      play.turn.control = new TurnControl();
      play.head();
      stopTurn(play.user, play.turn, play.services);
      expect([play.turn.end, play.turn.control.cutOff, play.requests.length]).toEqual(["stopped", true, 1]);
    },
  );

  it("of a response in the background cancels it, and is over when it says so", async () => {
    const play = await playing("openai-responses", { background: true });
    expect(play.bodies.at(-1)).toMatchObject({ stream: true, background: true, store: true });
    play.turn.control = new TurnControl();
    play.head();
    sse(play, { type: "response.created", response: { id: "resp_1", status: "in_progress" } });
    sse(play, { type: "response.output_text.delta", delta: "half an " });
    stopTurn(play.user, play.turn, play.services);
    expect(play.requests.at(-1)).toBe("POST /v1/responses/resp_1/cancel");
    expect(play.turn.end).toBeUndefined();
    play.toFirst();
    sse(play, { type: "response.incomplete", response: { id: "resp_1", status: "cancelled" } });
    expect([play.turn.end, play.turn.errorText]).toEqual(["stopped", undefined]);
  });

  it("of LangGraph cancels the run, and is over when its stream ends", async () => {
    const play = await playing("langgraph");
    play.turn.control = new TurnControl();
    play.head();
    stopTurn(play.user, play.turn, play.services);
    // A run that nothing has named yet cannot be cancelled.
    expect(play.requests).toHaveLength(1);
    labelled(play, "metadata", { run_id: "r1" });
    stopTurn(play.user, play.turn, play.services);
    expect(play.requests.at(-1)).toBe("POST /threads/thread-1/runs/r1/cancel");
    expect(play.turn.end).toBeUndefined();
    play.end(true, 0);
    expect(play.turn.end).toBe("stopped");
  });
});

it("a run of LangGraph continues with the command that resumes it", async () => {
  const play = await playing("langgraph", {}, true);
  play.head();
  labelled(play, "metadata", { run_id: "r1" });
  labelled(play, "updates", { __interrupt__: [{ id: "i1", value: { question: "pay 12?" } }] });
  play.end();
  expect(play.turn.control?.pending.map(({ id, text }) => [id, text])).toEqual([["i1", "pay 12?"]]);
  decide(play.user, play.turn, { kind: "reject", text: "" }, play.services);
  expect(play.bodies.at(-1)).toMatchObject({ assistant_id: "agent", command: { resume: false } });
  play.head();
  labelled(play, "metadata", { run_id: "r2" });
  labelled(play, "messages", [{ type: "AIMessageChunk", content: "as you wish", id: "m1" }, {}]);
  play.end();
  expect(play.turn.end).toBe("completed");
});
