// A turn that its user stops, or that waits for its user's decision: requests, decisions and their effects.
//
//   running ──waiting──▶ paused ──decision──▶ running …        another user's decision must leave it paused
//   running ──stop──▶ stopping ──stopped──▶ over
import type { PhaseSamples } from "../../metrics/samples.js";
import type { Ask, DecisionKind } from "../../model/turn/decision.js";
import type { AgentEvent, EventKind } from "../../model/turn/event.js";
import type { TurnEnd } from "../../model/turn/turn-end.js";

/** Most requests remembered per turn: a hostile target may ask endlessly. */
const MAX_ASKS = 100;
const MAX_WORDS = 300;

/** Created only when needed, so that other turns cost nothing. */
export class TurnControl {
  /** When the stop was passed to the channel; NaN before. */
  stopUs = Number.NaN;
  /** We ended the turn ourselves, for example by closing its stream: when the service stopped is unknown. */
  cutOff = false;
  /** Called for each event while a stop waits for its moment. */
  onEvent: ((event: AgentEvent) => void) | undefined;
  readonly #asks: Ask[] = [];

  get asks(): readonly Ask[] {
    return this.#asks;
  }

  get stopping(): boolean {
    return !Number.isNaN(this.stopUs);
  }

  /** Requests that the turn is waiting for. */
  get pending(): readonly Ask[] {
    return this.#asks.filter(isOpen);
  }

  /** Whether the service acted on another user's decision. */
  get foreignActed(): boolean {
    return this.#asks.some(({ foreignActed }) => foreignActed);
  }

  /** Whether the turn waits for its user's decision. */
  get paused(): boolean {
    return this.#asks.some(isOpen);
  }

  /** The service refused a decision, which ends the turn, or a stop. @returns whether it was a stop */
  refused({ askId }: AgentEvent): boolean {
    const ask = this.#asks.find(({ id, decision }) => id === askId && decision !== undefined);
    if (ask) ask.refused = true;
    return ask === undefined && this.stopping;
  }

  knows(askId: string): boolean {
    return this.#asks.some(({ id }) => id === askId);
  }

  decide(decision: DecisionKind, atUs: number): void {
    for (const ask of this.pending) Object.assign(ask, { decision, decidedUs: atUs });
  }

  /** Another user tried to decide what the turn waits for. */
  decidedByOther(atUs: number): void {
    for (const ask of this.pending) ask.foreignUs ??= atUs;
  }

  /**
   * A regular event of the turn.
   * @param intendedUs the turn's intended time
   */
  saw(event: AgentEvent, intendedUs: number, samples: PhaseSamples): void {
    const { kind, askId } = event;
    // The next request is also a sign of the turn: nothing else may follow a rejected tool.
    const repeated = kind === "waiting" && askId !== undefined && this.knows(askId);
    if (kind !== "ack" && !repeated) this.#wentOn(event, samples);
    if (kind === "waiting") this.#asked(event, intendedUs, samples);
    this.onEvent?.(event);
  }

  /** A request repeated after a reconnect is the same request. */
  #asked(event: AgentEvent, intendedUs: number, samples: PhaseSamples): void {
    const id = event.askId ?? `${this.#asks.length + 1}`;
    if (this.knows(id) || this.#asks.length >= MAX_ASKS) return;
    const { toolName: tool, toolId, receivedAtUs: askedUs } = event;
    const sinceUs = this.#asks.reduce((last, { decidedUs = last }) => Math.max(last, decidedUs), intendedUs);
    const text = event.text?.slice(0, MAX_WORDS);
    this.#asks.push({ id, tool, toolId, text, askedUs, runs: 0 });
    samples.of("approval.time").push(Math.max(0, askedUs - sinceUs));
  }

  #wentOn(event: AgentEvent, samples: PhaseSamples): void {
    const { kind, receivedAtUs: atUs } = event;
    for (const ask of this.#asks) {
      if (ask.decision === undefined) {
        if (ask.foreignUs !== undefined) ask.foreignActed = true;
      } else if (ask.resumedUs === undefined) {
        ask.resumedUs = atUs;
        samples.of("resume.time").push(Math.max(0, atUs - (ask.decidedUs ?? atUs)));
      }
    }
    if (kind !== "tool_completed") return;
    const ran = this.#asks.find((ask) => isOf(ask, event));
    if (!ran) return;
    ran.runs++;
    if (ran.decision === undefined && ran.foreignUs === undefined) ran.ranUndecided = true;
  }
}

/** Whether nobody has decided it: neither its user nor, wrongly, another one. */
const isOpen = ({ decision, foreignActed }: Ask): boolean => decision === undefined && !foreignActed;

/** Whether a tool's end belongs to this request: by its id, else the call's id, else the tool's name. */
function isOf({ id, tool, toolId }: Ask, event: AgentEvent): boolean {
  if (event.askId !== undefined) return event.askId === id;
  if (toolId !== undefined && event.toolId !== undefined) return event.toolId === toolId;
  return tool !== undefined && event.toolName === tool;
}

/**
 * Whether an event is about a stop or a decision rather than the turn itself: a refusal; or, if each answer is a separate
 * stream, the end of the stream with the request.
 */
export function isOfControl(
  { control, end, acked, startedUs }: ControlledTurn,
  event: AgentEvent,
  streams: boolean,
): boolean {
  const { kind } = event;
  if (!control) return false;
  if (
    streams &&
    (kind === "agent_completed" || kind === "agent_error") &&
    (end === "waiting" || control.paused)
  )
    return true;
  return kind === "rejected" && (acked || !Number.isNaN(startedUs)) && control.refused(event);
}

/** Events of a run that was not refused. A start or an end alone proves nothing, since a refusal may have them too. */
const PROGRESS: readonly EventKind[] = ["tool_executing", "tool_completed", "answer_delta"];

/** Whether an event of another user's stream belongs to the turn, because it shows that the turn goes on. */
export function goesOnBy({ control }: Pick<ControlledTurn, "control">, { kind }: AgentEvent): boolean {
  return control?.foreignActed === true || (control?.paused === true && PROGRESS.includes(kind));
}

interface ControlledTurn {
  readonly control: TurnControl | undefined;
  readonly end: TurnEnd | undefined;
  readonly acked: boolean;
  readonly startedUs: number;
}

/** Whether an event refuses a decision that this user was not allowed to make. */
export function isForeignDecision({ askId }: AgentEvent, open: readonly ControlledTurn[]): boolean {
  return askId !== undefined && !open.some(({ control }) => control?.knows(askId));
}
