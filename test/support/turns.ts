// Turns, events and settled turns for tests, complete and unremarkable but for what a test says of them.
import { PhaseSamples } from "../../src/metrics/samples.js";
import { type AgentEvent, blankEvent } from "../../src/model/turn/event.js";
import { emptyAnomalies } from "../../src/model/turn/ledger.js";
import { nonceCodec } from "../../src/model/turn/nonce.js";
import type { SettledTurn } from "../../src/model/turn/turn.js";
import type { Expectation, TurnEnd } from "../../src/model/turn/turn-end.js";
import type { OrderRules } from "../../src/profiles/profile.js";
import { Turn } from "../../src/session/turn/turn.js";

export const CODEC = nonceCodec(0x1234_5678);

export const USUAL_ORDER: OrderRules = {
  repeatStarted: false,
  thinkingBetweenTools: true,
  parallelTools: true,
};

export interface TurnShape {
  readonly user?: number;
  readonly number?: number;
  readonly threadId?: string;
  readonly intendedUs?: number;
  readonly sentUs?: number;
  readonly runId?: string;
  readonly expect?: Expectation;
  readonly phase?: string;
  readonly end?: TurnEnd;
  readonly endedUs?: number;
  readonly samples?: PhaseSamples;
  readonly rules?: OrderRules;
}

/** A turn that was sent 1 ms after it was intended; with `end`, it is over. */
export function turn(shape: TurnShape = {}): Turn {
  const { user = 0, number = 0, intendedUs = 1_000_000 } = shape;
  const made = new Turn({
    user,
    number,
    nonce: CODEC.encode(user, number),
    threadId: shape.threadId ?? "thread-a",
    phase: shape.phase ?? "hold",
    samples: shape.samples ?? new PhaseSamples(),
    intendedUs,
    expect: shape.expect ?? "completed",
    rules: shape.rules ?? USUAL_ORDER,
  });
  made.sentUs = shape.sentUs ?? intendedUs + 1000;
  made.runId = shape.runId;
  made.end = shape.end;
  made.endedUs = shape.endedUs ?? Number.NaN;
  return made;
}

export function event(kind: AgentEvent["kind"], fields: Partial<AgentEvent> = {}): AgentEvent {
  return { ...blankEvent(), kind, name: kind, ...fields };
}

/** A turn that completed live, as a check sees it. */
export function settled(fields: Partial<SettledTurn> = {}): SettledTurn {
  return {
    user: 3,
    turn: 0,
    threadId: "thread-a",
    runId: "run-1",
    nonce: CODEC.encode(3, 0),
    phase: "hold",
    intendedUs: 1_000_000,
    sentUs: 1_001_000,
    startedUs: 1_100_000,
    terminalUs: 2_000_000,
    outcome: "completed",
    reason: undefined,
    delivery: "live",
    channelLost: false,
    expected: false,
    overUs: 0,
    unexpected: false,
    missing: [],
    anomalies: emptyAnomalies(),
    answerShowsNonce: true,
    stored: { userRows: 1, answerRows: 1, linked: true, sameText: true, sameMessage: true },
    ...fields,
  };
}
