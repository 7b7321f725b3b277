// A turn that its user stops, or that waits for its user's decision: what was asked, decided and done.
//
//   running ──waiting──▶ paused ──decision──▶ running …        another user's decision must leave it paused
//   running ──stop──▶ stopping ──stopped──▶ over
import type { PhaseSamples } from "../../metrics/samples.js";
import type { Ask, DecisionKind } from "../../model/turn/decision.js";
import type { AgentEvent, EventKind } from "../../model/turn/event.js";
import type { TurnEnd } from "../../model/turn/turn-end.js";

/** Asks that are remembered of one turn: a hostile target may ask without end. */
const MAX_ASKS = 100;
const MAX_WORDS = 300;

/** Made once a turn has any of it, so that all others cost nothing. */
export class TurnControl {
  /** When the stop was handed to the channel; NaN before. */
  stopUs = Number.NaN;
  /** The stop is over by our own hand, such as by closing its stream: when the service ended is not known. */
  cutOff = false;
  /** Called once, at the moment that a stop waits for. */
  onEvent: ((event: AgentEvent) => void) | undefined;
  readonly #asks: Ask[] = [];

  get asks(): readonly Ask[] {
    return this.#asks;
  }

  get stopping(): boolean {
    return !Number.isNaN(this.stopUs);
  }

  /** What the turn waits for now. */
  get pending(): readonly Ask[] {
    return this.#asks.filter(isOpen);
  }

  /** Another user's decision was acted on. */
  get foreignActed(): boolean {
    return this.#asks.some(({ foreignActed }) => foreignActed);
  }

  /** The turn does nothing before its user decides. */
  get paused(): boolean {
    return this.#asks.some(isOpen);
  }

  /** The service says no: to a decision, which ends the turn, or to a stop. @returns whether it was to a stop */
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
   * An event of the turn, as it should be.
   * @param intendedUs of the turn
   */
  saw(event: AgentEvent, intendedUs: number, samples: PhaseSamples): void {
    const { kind, askId } = event;
    // What is asked next is a sign of the turn as well: a rejected tool may be followed by nothing else.
    const repeated = kind === "waiting" && askId !== undefined && this.knows(askId);
    if (kind !== "ack" && !repeated) this.#wentOn(event, samples);
    if (kind === "waiting") this.#asked(event, intendedUs, samples);
    this.onEvent?.(event);
  }

  /** An ask that is told again, as after a reconnect, is the same ask. */
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

/** Nobody has decided it: neither its user nor, wrongly, another one whose word was acted on. */
const isOpen = ({ decision, foreignActed }: Ask): boolean => decision === undefined && !foreignActed;

/** Whether a tool's end is that of the tool that was asked for: by the ask's id, else the call's, else the tool's name. */
function isOf({ id, tool, toolId }: Ask, event: AgentEvent): boolean {
  if (event.askId !== undefined) return event.askId === id;
  if (toolId !== undefined && event.toolId !== undefined) return event.toolId === toolId;
  return tool !== undefined && event.toolName === tool;
}

/**
 * Whether an event is about a stop or a decision, and no event of the turn's own: its refusal; or, where each answer is a
 * stream of its own, the end of the stream that asked.
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

/** What a run does that was not refused. A begin or an end alone proves nothing: a refusal may have them too. */
const PROGRESS: readonly EventKind[] = ["tool_executing", "tool_completed", "answer_delta"];

/** Whether an event of a stream that another user began belongs to the turn: once it shows that the turn goes on. */
export function goesOnBy({ control }: Pick<ControlledTurn, "control">, { kind }: AgentEvent): boolean {
  return control?.foreignActed === true || (control?.paused === true && PROGRESS.includes(kind));
}

interface ControlledTurn {
  readonly control: TurnControl | undefined;
  readonly end: TurnEnd | undefined;
  readonly acked: boolean;
  readonly startedUs: number;
}

/** Whether an event refuses a decision that was none of this user's to make. */
export function isForeignDecision({ askId }: AgentEvent, open: readonly ControlledTurn[]): boolean {
  return askId !== undefined && !open.some(({ control }) => control?.knows(askId));
}
