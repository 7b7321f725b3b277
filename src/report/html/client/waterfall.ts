// Draws one kept turn: a bar of what it waited for, and on demand every event over time.
import type { KeptEvent, KeptTurn } from "../../../model/turn/turn.js";
import { inWords } from "../../text/turn-words.js";
import { element } from "./dom.js";
import { formatMillis } from "./values.js";

/** Consecutive events of one kind, drawn as one line. */
interface EventGroup {
  readonly kind: string;
  readonly tool: string | undefined;
  readonly anomaly: string | undefined;
  readonly fromMs: number;
  toMs: number;
  count: number;
}

/** Events in the order they arrived; a stream of deltas becomes one group. */
function groupEvents(events: readonly KeptEvent[]): EventGroup[] {
  const groups: EventGroup[] = [];
  for (const event of [...events].sort((a, b) => a.atMs - b.atMs)) {
    const last = groups.at(-1);
    if (last && last.kind === event.kind && last.tool === event.tool && last.anomaly === event.anomaly) {
      last.toMs = event.atMs;
      last.count += 1;
    } else {
      const { kind, tool, anomaly, atMs } = event;
      groups.push({ kind, tool, anomaly, fromMs: atMs, toMs: atMs, count: 1 });
    }
  }
  return groups;
}

/** What the turn is doing after an event of this kind: the name of a style and of a legend entry. */
function stateAfter(kind: string): string {
  switch (kind) {
    case "agent_started":
    case "agent_thinking":
    case "tool_completed":
      return "thinking";
    case "tool_executing":
      return "tool";
    case "model_answer":
    case "model_failure":
      return "thinking";
    case "model_call":
      return "model";
    case "answer_delta":
      return "answer";
    case "agent_completed":
    case "agent_error":
    case "rejected":
      return "over";
    default:
      return "waiting";
  }
}

/** Length of the turn in milliseconds, to its end or its last event. */
export function turnLength(turn: KeptTurn): number {
  return Math.max(
    turn.endedAfterMs ?? 0,
    turn.sentAfterMs ?? 0,
    ...turn.events.map((event) => event.atMs),
    0.001,
  );
}

/** The bar of a turn on a scale of `spanMs`, coloured by what it was doing between events. */
export function turnBar(turn: KeptTurn, spanMs: number): HTMLElement {
  const bar = element("div", "turn-bar");
  let state = "waiting";
  let at = 0;
  const stretch = (until: number): void => {
    if (until <= at || state === "over") return;
    const part = element("span", `state-${state}`);
    part.style.left = `${(at / spanMs) * 100}%`;
    part.style.width = `${((until - at) / spanMs) * 100}%`;
    bar.append(part);
    at = until;
  };
  for (const group of groupEvents(turn.events)) {
    stretch(group.fromMs);
    const next = stateAfter(group.kind);
    if (group.anomaly === undefined && !(next === "waiting" && state !== "waiting")) state = next;
    if (group.count > 1) stretch(group.toMs);
  }
  stretch(turnLength(turn));
  return bar;
}

/** One line per event: name, a bar for the time since the previous event, time. */
export function turnEvents(turn: KeptTurn): HTMLElement {
  const span = turnLength(turn);
  const list = element("ol", "events");
  const groups = groupEvents(turn.events);
  const rows: (EventGroup & { readonly state: string })[] = [];
  let state = "waiting";
  if (turn.sentAfterMs !== undefined) {
    const sent = {
      tool: undefined,
      anomaly: undefined,
      fromMs: turn.sentAfterMs,
      toMs: turn.sentAfterMs,
      count: 1,
    };
    rows.push({ kind: "message sent", ...sent, state });
  }
  for (const group of groups) {
    rows.push({ ...group, state });
    state = stateAfter(group.kind);
  }
  let before = 0;
  for (const row of rows) {
    list.append(eventRow(row, before, span));
    before = row.toMs;
  }
  return list;
}

function eventRow(row: EventGroup & { readonly state: string }, before: number, span: number): HTMLElement {
  const many = row.count > 1 ? ` × ${row.count}` : "";
  const tool = row.tool === undefined ? "" : ` (${row.tool})`;
  const name = element("span", "event-name", `${row.kind}${tool}${many}`);
  if (row.anomaly !== undefined) name.append(" ", element("b", "badge bad", `! ${inWords(row.anomaly)}`));
  const track = element("span", "event-track");
  const wait = element("span", `wait state-${row.state}`);
  wait.style.left = `${(before / span) * 100}%`;
  wait.style.width = `${(Math.max(0, row.fromMs - before) / span) * 100}%`;
  const mark = element("span", `mark state-${row.anomaly === undefined ? stateAfter(row.kind) : "anomaly"}`);
  mark.style.left = `${(row.fromMs / span) * 100}%`;
  mark.style.width = `${((row.toMs - row.fromMs) / span) * 100}%`;
  track.append(wait, mark);
  const instant =
    row.count > 1 ? `${formatMillis(row.fromMs)} – ${formatMillis(row.toMs)}` : formatMillis(row.fromMs);
  return element("li", "", name, track, element("span", "event-at", instant));
}
