// The transcript of a trial: what one user sent and received, and how it was understood. Bounded, without secrets.
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
  /** Start of the answer's body, or the error. */
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

/** One frame received, and how it was recognised. */
export interface FrameEntry extends At {
  readonly type: "frame";
  readonly frame: string;
  /** The transport's name for it. */
  readonly label?: string;
  readonly kind: EventKind;
  readonly name: string;
  readonly because?: string;
  /** Ids found in it: `run`, `message`, `thread`, `user`. */
  readonly ids: Readonly<Record<string, string>>;
  readonly anomaly?: string;
}

/** A turn after its settling. */
export interface TurnEntry extends At {
  readonly type: "turn";
  readonly turn: number;
  /** Sent with its requests; absent if tracing is off. */
  readonly traceId?: string;
  readonly outcome: string;
  readonly reason?: string;
  readonly missing: readonly string[];
  /** First event and end, milliseconds after the send. */
  readonly startedMs?: number;
  readonly endedMs?: number;
  readonly stored: "found" | "not found" | "not checked";
}

export type TranscriptEntry = RequestEntry | ChannelEntry | SentEntry | FrameEntry | TurnEntry;

export interface Transcript {
  readonly version: typeof TRANSCRIPT_VERSION;
  readonly profile: string;
  readonly target: string;
  /** Options of the profile, without secrets: enough to decode a recording again. */
  readonly options: unknown;
  readonly entries: readonly TranscriptEntry[];
  /** Entries left out; never turns. */
  readonly left: number;
  /** Why the trial could not start, or was given up; empty if it completed. */
  readonly problems: readonly string[];
  /** Faults in the order or number of events, or in what is stored. */
  readonly findings?: readonly Finding[];
  /** Notes on the login. */
  readonly notes?: readonly string[];
  /** Turns planned. */
  readonly asked: number;
  /** Whether the person at the keyboard ended it. */
  readonly interrupted: boolean;
}

/** Whether a turn completed with all events that its profile expects. */
export function isGoodTurn({ outcome, missing }: TurnEntry): boolean {
  return outcome === "completed" && missing.length === 0;
}

/** Whether the checks found no fault of the service. */
export function isClean({ findings = [] }: Transcript): boolean {
  return findings.every(({ severity }) => severity !== "fail");
}
