// A kept turn as spans: with the ids that its target was told, and the names of the GenAI conventions.
import { describe, expect, it } from "vitest";
import { tracesRequest } from "../../src/export/spans.js";
import { traceIds } from "../../src/model/turn/trace.js";
import type { KeptTurn } from "../../src/model/turn/turn.js";

const RUN = {
  runId: "r1",
  version: "0.0.0",
  scenario: "s",
  target: { name: "t", profile: "netra", url: "https://api.example.com" },
};
const IDS = traceIds("run").turn(3, 4);
const TURN: KeptTurn = {
  why: "failed",
  user: 3,
  turn: 4,
  threadId: "thread-1",
  runId: "agent-run-1",
  ...IDS,
  phase: "hold",
  intendedMs: 1500,
  sentAfterMs: 2,
  endedAfterMs: 900.5,
  outcome: "failed",
  reason: "error_event",
  error: "the model is gone",
  tokens: { input: 120, output: 0 },
  events: [
    { kind: "agent_started", atMs: 10 },
    { kind: "tool_executing", atMs: 100, tool: "search", toolId: "call-1" },
    { kind: "tool_executing", atMs: 150, tool: "sum" },
    { kind: "tool_completed", atMs: 300, tool: "search" },
    { kind: "tool_completed", atMs: 310, tool: "search", anomaly: "duplicate" },
    { kind: "agent_error", atMs: 900.5 },
  ],
};

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly events?: readonly { readonly name: string; readonly timeUnixNano: string }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

function spansOf(...turns: readonly KeptTurn[]): readonly Span[] {
  const request = tracesRequest(RUN, turns, 1_700_000_000_000_000) as {
    readonly resourceSpans: readonly [
      { readonly scopeSpans: readonly [{ readonly spans: readonly Span[]; readonly schemaUrl: string }] },
    ];
  };
  const [scope] = request.resourceSpans[0].scopeSpans;
  expect(scope.schemaUrl).toBe("https://opentelemetry.io/schemas/gen-ai/0.1.0");
  return scope.spans;
}

const attributes = (span: Span | undefined): Record<string, unknown> =>
  Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));

describe("the span of a turn", () => {
  it("is the parent of the target's own spans, from the intended time to the end", () => {
    const [whole] = spansOf(TURN);
    expect(whole).toMatchObject({
      ...IDS,
      name: "invoke_agent t",
      kind: 3,
      startTimeUnixNano: "1700000001500000000",
      endTimeUnixNano: "1700000002400500000",
      status: { code: 2, message: "the model is gone" },
    });
    expect(attributes(whole)).toEqual({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.provider.name": "netra",
      "gen_ai.agent.name": "t",
      "gen_ai.usage.input_tokens": "120",
      "gen_ai.usage.output_tokens": "0",
      "gen_ai.conversation.id": "thread-1",
      "server.address": "api.example.com",
      "server.port": "443",
      "error.type": "error_event",
      "gpload.user": "3",
      "gpload.turn": "4",
      "gpload.phase": "hold",
      "gpload.outcome": "failed",
      "gpload.kept": "failed",
      "gpload.agent.run_id": "agent-run-1",
    });
    expect(whole?.events?.map(({ name, timeUnixNano }) => [name, timeUnixNano]).slice(0, 2)).toEqual([
      ["sent", "1700000001502000000"],
      ["agent_started", "1700000001510000000"],
    ]);
    expect(whole?.events).toHaveLength(7);
  });

  it("of a completed turn is not an error, and without an end it ends with the last event", () => {
    const { error, reason, endedAfterMs, ...open } = TURN;
    const [slow, lost] = [
      spansOf({ ...open, endedAfterMs: 900, why: "slow", outcome: "completed" })[0],
      spansOf({ ...open, outcome: "lost" })[0],
    ];
    expect(slow?.status).toEqual({});
    expect(attributes(slow)).not.toHaveProperty("error.type");
    expect(lost?.endTimeUnixNano).toBe("1700000002400500000");
    expect(lost?.status).toEqual({ code: 2, message: "lost" });
    expect(attributes(lost)["error.type"]).toBe("lost");
  });

  it("has ids of its own if none were sent to the target", () => {
    const { traceId, spanId, ...untold } = TURN;
    const [first, second] = [spansOf(untold)[0], spansOf({ ...untold, turn: 5 })[0]];
    expect(first?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(first?.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(second?.traceId).not.toBe(first?.traceId);
  });
});

describe("the spans of tools", () => {
  it("are children of the turn's, each from start to end; unfinished or repeated calls have none", () => {
    const [, ...tools] = spansOf(TURN);
    expect(tools).toMatchObject([
      {
        traceId: IDS.traceId,
        parentSpanId: IDS.spanId,
        name: "execute_tool search",
        kind: 1,
        startTimeUnixNano: "1700000001600000000",
        endTimeUnixNano: "1700000001800000000",
      },
    ]);
    expect(attributes(tools[0])).toEqual({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "search",
      "gen_ai.tool.call.id": "call-1",
      "gen_ai.agent.name": "t",
    });
  });

  it("pair by the id of their call, if both have one", () => {
    const events = [
      { kind: "tool_executing", atMs: 10, tool: "sql", toolId: "a" },
      { kind: "tool_executing", atMs: 20, tool: "sql", toolId: "b" },
      { kind: "tool_completed", atMs: 30, tool: "sql", toolId: "b" },
      { kind: "tool_completed", atMs: 90, tool: "sql", toolId: "a" },
    ];
    const [, ...tools] = spansOf({ ...TURN, events });
    const took = tools.map((span) => [
      attributes(span)["gen_ai.tool.call.id"],
      Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6,
    ]);
    expect(took).toEqual([
      ["b", 10],
      ["a", 80],
    ]);
  });

  it("have ids that are unique within the trace", () => {
    const events = Array.from({ length: 40 }, (_, at) => ({
      kind: at % 2 === 0 ? "tool_executing" : "tool_completed",
      atMs: at,
      tool: "t",
    }));
    const ids = spansOf({ ...TURN, events }).map(({ spanId }) => spanId);
    expect(ids).toHaveLength(21);
    expect(new Set(ids).size).toBe(21);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
  });
});
