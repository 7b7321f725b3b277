// The transcript of a trial: what one user sent and saw, in order, with what was made of it. Bounded, without secrets.
import type { EventKind } from "./event.js";
import type { Finding } from "./finding.js";

export const TRANSCRIPT_VERSION = 1;

/** Milliseconds since the trial began. */
interface At {
  readonly atMs: number;
}

export interface RequestEntry extends At {
  readonly type: "request";
  readonly method: string;
  readonly url: string;
  /** 0 if nothing answered. */
  readonly status: number;
  readonly tookMs: number;
  /** Beginning of the answer's body, or what broke. */
  readonly answer: string;
}

export interface ChannelEntry extends At {
  readonly type: "channel";
  readonly what: "opening" | "open" | "closed";
  readonly text: string;
}

export interface SentEntry extends At {
  readonly type: "sent";
  readonly frame: string;
}

/** One frame that came, and why it was taken for what it was. */
export interface FrameEntry extends At {
  readonly type: "frame";
  readonly frame: string;
  /** The name that the transport gave it apart from its text. */
  readonly label?: string;
  readonly kind: EventKind;
  readonly name: string;
  readonly because?: string;
  /** Ids that were found in it: `run`, `message`, `thread`, `user`. */
  readonly ids: Readonly<Record<string, string>>;
  /** What it was counted as, when it was out of the ordinary. */
  readonly anomaly?: string;
}

/** A turn after its settling. */
export interface TurnEntry extends At {
  readonly type: "turn";
  readonly turn: number;
  /** What its requests sent to the target; absent if tracing is off. */
  readonly traceId?: string;
  readonly outcome: string;
  readonly reason?: string;
  readonly missing: readonly string[];
  /** First event and end, milliseconds after the send; absent if there was none. */
  readonly startedMs?: number;
  readonly endedMs?: number;
  readonly stored: "found" | "not found" | "not checked";
}

export type TranscriptEntry = RequestEntry | ChannelEntry | SentEntry | FrameEntry | TurnEntry;

export interface Transcript {
  readonly version: typeof TRANSCRIPT_VERSION;
  readonly profile: string;
  readonly target: string;
  /** Options of the profile, secrets replaced: with them a recording can be decoded again. */
  readonly options: unknown;
  readonly entries: readonly TranscriptEntry[];
  /** Entries beyond the bound; no turn is among them. */
  readonly left: number;
  /** Why the trial could not begin, or was given up; empty if it went on to its end. */
  readonly problems: readonly string[];
  /** What is wrong with the order of events, with their number, or with what is stored; absent if nothing is. */
  readonly findings?: readonly Finding[];
  /** What people should know of the login; absent if there is nothing. */
  readonly notes?: readonly string[];
  /** Turns that were to be taken. */
  readonly asked: number;
  /** Whether the person at the keyboard ended it. */
  readonly interrupted: boolean;
}

/** Whether a turn was completed and showed everything that its profile expects. */
export function isGoodTurn({ outcome, missing }: TurnEntry): boolean {
  return outcome === "completed" && missing.length === 0;
}

/** Whether nothing that was seen is a fault of the service, in the eyes of the checks. */
export function isClean({ findings = [] }: Transcript): boolean {
  return findings.every(({ severity }) => severity !== "fail");
}
