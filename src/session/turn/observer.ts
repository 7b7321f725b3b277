// The observer of turns: gets answers, leaks, repeats, lookups and probes.

import type { PhaseSamples } from "../../metrics/samples.js";
import type { RequestFailure } from "../../model/log/failed-request.js";
import type { Lookup, Probe, Recall } from "../../model/log/observation.js";
import type { AnsweredTurn } from "../../model/turn/answer.js";
import type { AgentEvent } from "../../model/turn/event.js";
import type { Anomaly } from "../../model/turn/ledger.js";
import type { SettledTurn } from "../../model/turn/turn.js";
import type { Turn } from "./turn.js";

/** A frame, row or answer with another user's data. */
export interface Leak {
  readonly user: number;
  /** Number of the user whose data it was. */
  readonly owner: number;
  readonly where: "frame" | "history" | "search" | "login";
  /** Name of the event, or of the reading. */
  readonly what: string;
  readonly turn: number | undefined;
  readonly runId: string | undefined;
  readonly atUs: number;
  /** What gave it away. */
  readonly by: "nonce" | "record" | "user id" | "thread id" | "token";
  /** It may be caused by the accounts themselves: reported as a warning. */
  readonly suspected?: boolean;
}

/** Something repeated although it was finished. */
export interface Repeat {
  /**
   * - `second-run`: a run that no message requested; reported once per run
   * - `second-end`: another end after the turn's grace window; `long-after-end`: another event then
   * - `said-twice`: the pieces of an answer form one text, twice
   * - `suspected`: the same event again except for its stamp, if the profile allows repeats
   */
  readonly kind: "second-run" | "second-end" | "long-after-end" | "said-twice" | "suspected";
  readonly user: number;
  readonly turn: number | undefined;
  readonly threadId: string | undefined;
  readonly runId: string | undefined;
  /** Name of the event. */
  readonly what: string;
  readonly atUs: number;
}

/** All calls are cheap and synchronous. */
export interface Observer {
  leak(leak: Leak): void;
  /** An anomaly of a frame without a turn (orphan, unrecognised, leaked). */
  stray(anomaly: Anomaly, event: AgentEvent, frame: string, user: number): void;
  /** Repeated work or a repeated event. */
  repeated(repeat: Repeat): void;
  /** A frame stamped by the server; `notBeforeUs` is when its cause was sent, NaN when unknown. */
  stamped(event: AgentEvent, notBeforeUs: number, samples: PhaseSamples | undefined): void;
  /** A completed turn with a known prompt; only called if {@link wantsAnswers}. */
  answered(turn: AnsweredTurn): void;
  readonly wantsAnswers: boolean;
  /** Whether a plain turn may still be kept for people because of its duration; once false, always false. */
  mayKeep(turn: Pick<Turn, "intendedUs" | "endedUs">): boolean;
  /** Whether turns keep the durations of their tools. */
  readonly keepsToolRuns: boolean;
  /** @param seen the turn itself, for its waterfall */
  settled(turn: SettledTurn, seen: Turn): void;
  /** A search or a paged reading, compared with what its user knows. */
  lookup(lookup: Lookup): void;
  /** An attempt to reach what must not be reached. */
  probed(probe: Probe): void;
  /** A question about a fact that was stated, or that must be unknown. */
  recalled(recall: Recall): void;
  /**
   * A problem with the connection: a short cause such as `connect ECONNREFUSED`; and, if the target failed a user, which
   * request failed and how.
   */
  trouble(cause: string, user?: number, failure?: RequestFailure): void;
}
