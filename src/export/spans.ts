// Spans of a kept turn: the agent's invocation as seen by its user, with the tools that the agent ran.

import { isAsItShould } from "../model/turn/ledger.js";
import { traceIds } from "../model/turn/trace.js";
import type { KeptEvent, KeptTurn } from "../model/turn/turn.js";
import { agentOf, attributesOf, type ExportedRun, nanosOf, resourceOf, SCHEMA_URL, scopeOf } from "./otlp.js";

const CLIENT = 3;
const INTERNAL = 1;
const ERROR = 2;
const MAX_NAME = 64;

interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * The body of a request to `/v1/traces`. The span of a turn has the id that its requests sent to the target as their
 * parent, so that the target's own spans are its children.
 * @param startUs the start barrier, microseconds since the epoch
 */
export function tracesRequest(run: ExportedRun, turns: readonly KeptTurn[], startUs: number): object {
  const derived = traceIds(run.runId);
  const spans = turns.flatMap((turn) => {
    const { traceId, spanId } = turn;
    const sent = traceId !== undefined && spanId !== undefined ? { traceId, spanId } : undefined;
    return spansOf(run, turn, startUs, sent ?? derived.turn(turn.user, turn.turn));
  });
  const scopeSpans = [{ scope: scopeOf(run), spans, schemaUrl: SCHEMA_URL }];
  return { resourceSpans: [{ resource: resourceOf(run), scopeSpans, schemaUrl: SCHEMA_URL }] };
}

function spansOf(run: ExportedRun, turn: KeptTurn, startUs: number, ids: SpanIds): readonly object[] {
  const intendedUs = startUs + turn.intendedMs * 1000;
  const at = (ms: number): string => nanosOf(intendedUs + ms * 1000);
  // Without an end, it ends with its last event.
  const endMs = turn.endedAfterMs ?? Math.max(turn.sentAfterMs ?? 0, ...turn.events.map(({ atMs }) => atMs));
  const failed = !isAsItShould(turn.outcome);
  const whole = {
    ...ids,
    name: `invoke_agent ${run.target.name}`.slice(0, MAX_NAME),
    kind: CLIENT,
    startTimeUnixNano: at(0),
    endTimeUnixNano: at(endMs),
    attributes: attributesOf({
      ...agentOf(run),
      "gen_ai.conversation.id": turn.threadId,
      "gen_ai.usage.input_tokens": turn.tokens?.input,
      "gen_ai.usage.output_tokens": turn.tokens?.output,
      "gen_ai.usage.cache_read.input_tokens": turn.tokens?.cached,
      "gen_ai.usage.reasoning.output_tokens": turn.tokens?.reasoning,
      "error.type": failed ? (turn.reason ?? turn.outcome) : undefined,
      "gpload.user": turn.user,
      "gpload.turn": turn.turn,
      "gpload.phase": turn.phase,
      "gpload.outcome": turn.outcome,
      "gpload.kept": turn.why,
      "gpload.agent.run_id": turn.runId,
    }),
    events: eventsOf(turn, at),
    status: failed ? { code: ERROR, message: turn.error ?? turn.reason ?? turn.outcome } : {},
  };
  return [whole, ...toolSpans(run, turn.events, ids, at)];
}

function eventsOf(turn: KeptTurn, at: (ms: number) => string): readonly object[] {
  const sent = turn.sentAfterMs === undefined ? [] : [{ timeUnixNano: at(turn.sentAfterMs), name: "sent" }];
  return [
    ...sent,
    ...turn.events.map(({ kind, atMs, tool, anomaly }) => ({
      timeUnixNano: at(atMs),
      name: kind.slice(0, MAX_NAME),
      attributes: attributesOf({ "gen_ai.tool.name": tool?.slice(0, MAX_NAME), "gpload.anomaly": anomaly }),
    })),
  ];
}

/** Pairs each start with the end of the same call, or else with the next of the same tool; unpaired ones have no span. */
function toolSpans(
  run: ExportedRun,
  events: readonly KeptEvent[],
  ids: SpanIds,
  at: (ms: number) => string,
): object[] {
  const begun: KeptEvent[] = [];
  const spans: object[] = [];
  for (const event of events) {
    if (event.anomaly !== undefined) continue;
    if (event.kind === "tool_executing") begun.push(event);
    if (event.kind !== "tool_completed") continue;
    const place = begun.findIndex(({ tool, toolId }) =>
      toolId === undefined || event.toolId === undefined ? tool === event.tool : toolId === event.toolId,
    );
    const [begin] = place < 0 ? [] : begun.splice(place, 1);
    if (!begin) continue;
    const tool = (begin.tool ?? "tool").slice(0, MAX_NAME);
    spans.push({
      traceId: ids.traceId,
      spanId: childOf(ids.spanId, spans.length + 1),
      parentSpanId: ids.spanId,
      name: `execute_tool ${tool}`,
      kind: INTERNAL,
      startTimeUnixNano: at(begin.atMs),
      endTimeUnixNano: at(event.atMs),
      attributes: attributesOf({
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": tool,
        "gen_ai.tool.call.id": begin.toolId,
        "gen_ai.agent.name": run.target.name,
      }),
      status: {},
    });
  }
  return spans;
}

/** Unique among its parent and siblings, which is enough within a trace. */
function childOf(spanId: string, number: number): string {
  const low = (Number.parseInt(spanId.slice(8), 16) ^ number) >>> 0;
  return spanId.slice(0, 8) + low.toString(16).padStart(8, "0");
}
