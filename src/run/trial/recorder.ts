// Writes a transcript of a user's traffic: requests, frames and how each was understood, settled turns.

import type { AgentEvent } from "../../model/turn/event.js";
import type { TraceIds } from "../../model/turn/trace.js";
import type { FrameEntry, Transcript, TranscriptEntry, TurnEntry } from "../../model/turn/transcript.js";
import type { SettledTurn } from "../../model/turn/turn.js";
import type { Protocol } from "../../profiles/profile.js";
import { defined } from "../../support/defined.js";
import { redactUrl } from "../../support/redaction.js";
import type { HttpClient } from "../../wire/http/http.js";
import type { StreamHandlers } from "../../wire/http/sse.js";
import type { ChannelHandlers } from "../../wire/socket/channel.js";
import type { Wiretap } from "../worker/wiretap.js";

/** Most entries kept besides those of the turns, whose number the trial sets. */
const MAX_ENTRIES = 5000;
/** Longest frame or body kept, in characters. */
const LONGEST = 4000;
const LONGEST_ANSWER = 400;
/** Longest id, name of an event, or label of a transport. */
const LONGEST_NAME = 200;

/** Written until it is known how a frame is classified. */
type Draft = { -readonly [Key in keyof FrameEntry]: FrameEntry[Key] };

export interface TrialRecorder extends Wiretap {
  readonly entries: readonly TranscriptEntry[];
  readonly left: number;
}

/**
 * @param redact removes secrets from every text kept
 * @param failed called with what went wrong, in the same words for the same failure
 * @param traces ids of the turns' traces, if they are sent to the target
 */
export function createRecorder(
  nowUs: () => number,
  redact: (text: string) => string,
  failed: (what: string) => void,
  traces?: TraceIds,
): TrialRecorder {
  const startUs = nowUs();
  const entries: TranscriptEntry[] = [];
  let left = 0;
  /** The current frame: frames are handled synchronously. */
  let current: Draft | undefined;
  const since = (us: number): number => Math.round(us - startUs) / 1000;
  const kept = (text: string, longest = LONGEST): string => {
    // Cut generously first, so that no secret is cut in half before it is looked for.
    const clean = redact(text.slice(0, longest * 4));
    return clean.length <= longest && text.length <= longest * 4 ? clean : `${clean.slice(0, longest)}…`;
  };
  const add = (entry: Exclude<TranscriptEntry, TurnEntry>): void => {
    if (entries.length < MAX_ENTRIES) entries.push(entry);
    else left++;
  };
  const frame = (text: string, atUs: number, label: string | undefined): void => {
    current = {
      type: "frame",
      atMs: since(atUs),
      frame: kept(text),
      ...(label === undefined ? {} : { label: kept(label, LONGEST_NAME) }),
      kind: "unrecognised",
      name: "",
      ids: {},
    };
    add(current);
  };
  const channel = (what: "opening" | "open" | "closed", text: string): void =>
    add({ type: "channel", atMs: since(nowUs()), what, text: kept(text, LONGEST_ANSWER) });

  return {
    entries,
    get left() {
      return left;
    },
    http: (inner): HttpClient => ({
      ...inner,
      async request(request) {
        const sentUs = nowUs();
        const answer = await inner.request(request);
        add({
          type: "request",
          atMs: since(sentUs),
          method: request.method,
          url: kept(redactUrl(request.url)),
          status: answer.status,
          tookMs: Math.round(answer.doneUs - sentUs) / 1000,
          answer: kept(answer.error ?? answer.body, LONGEST_ANSWER),
        });
        return answer;
      },
    }),
    wire: (inner) => ({
      ...inner,
      openChannel(request, handlers) {
        channel("opening", redactUrl(request.url));
        const opened = inner.openChannel(request, heard(handlers, frame, channel));
        return {
          get open() {
            return opened.open;
          },
          get bufferedBytes() {
            return opened.bufferedBytes;
          },
          ping: () => opened.ping(),
          close: () => opened.close(),
          terminate: () => opened.terminate(),
          send(text) {
            add({ type: "sent", atMs: since(nowUs()), frame: kept(text) });
            opened.send(text);
          },
        };
      },
      openStream(request, idleUs, handlers) {
        channel("opening", `${request.method} ${redactUrl(request.url)}`);
        if (request.body !== undefined)
          add({ type: "sent", atMs: since(nowUs()), frame: kept(request.body) });
        return inner.openStream(request, idleUs, streamed(handlers, frame, channel));
      },
    }),
    protocol: (inner): Protocol => ({
      ...inner,
      decode(text, into, label, each) {
        const told = (): void => {
          if (current && into.part === 0)
            describe(current, into, inner.explain?.(text, label)?.because, kept);
        };
        if (!each) {
          inner.decode(text, into, label);
          told();
          return;
        }
        inner.decode(text, into, label, () => {
          told();
          each();
        });
      },
    }),
    observer: (inner) => ({
      get wantsAnswers() {
        return inner.wantsAnswers;
      },
      mayKeep: (turn) => inner.mayKeep(turn),
      leak: (leak) => inner.leak(leak),
      repeated: (repeat) => inner.repeated(repeat),
      stamped: (event, notBeforeUs, samples) => inner.stamped(event, notBeforeUs, samples),
      answered: (turn) => inner.answered(turn),
      lookup: (lookup) => inner.lookup(lookup),
      probed: (probe) => inner.probed(probe),
      recalled: (recall) => inner.recalled(recall),
      trouble(cause, user, failure) {
        failed(failure ? `${failure.step}: ${failure.request ?? ""} ${failure.message}` : cause);
        inner.trouble(cause, user, failure);
      },
      stray(anomaly, event, text, user) {
        if (current) current.anomaly = anomaly;
        inner.stray(anomaly, event, text, user);
      },
      get keepsToolRuns() {
        return inner.keepsToolRuns;
      },
      settled(turn, seen) {
        // Over the limit: a turn left out of the transcript would look as if it went well.
        entries.push(turnEntry(turn, since(nowUs()), traces));
        if (turn.outcome !== "completed" && !turn.expected)
          failed(`send: ${turn.reason ?? turn.outcome} ${turn.told ?? ""}`.trimEnd());
        inner.settled(turn, seen);
      },
    }),
  };
}

/** A transcript of what was recorded. */
export function transcriptOf(
  listener: TrialRecorder,
  facts: Omit<Transcript, "version" | "entries" | "left">,
): Transcript {
  return { version: 1, ...facts, entries: listener.entries, left: listener.left };
}

function heard(
  inner: ChannelHandlers,
  frame: (text: string, atUs: number, label: string | undefined) => void,
  channel: (what: "open" | "closed", text: string) => void,
): ChannelHandlers {
  return {
    ...inner,
    onOpen() {
      channel("open", "");
      inner.onOpen();
    },
    onText(text, atUs, label) {
      frame(text, atUs, label);
      inner.onText(text, atUs, label);
    },
    onBinary(bytes, atUs) {
      frame(`(binary frame of ${bytes} bytes)`, atUs, undefined);
      inner.onBinary(bytes, atUs);
    },
    onClose(info) {
      const { kind, code, status, reason, errorCode } = info;
      channel("closed", errorCode ?? (status > 0 ? `HTTP ${status}` : `${code} ${kind} ${reason}`));
      inner.onClose(info);
    },
  };
}

function streamed(
  inner: StreamHandlers,
  frame: (text: string, atUs: number, label: string | undefined) => void,
  channel: (what: "open" | "closed", text: string) => void,
): StreamHandlers {
  return {
    ...inner,
    onOpen(atUs) {
      channel("open", "the stream begins");
      inner.onOpen(atUs);
    },
    onFrame(text, atUs, label) {
      frame(text, atUs, label);
      inner.onFrame(text, atUs, label);
    },
    onEnd(end) {
      channel("closed", `the stream ended: ${end.kind}${end.reason === "" ? "" : `: ${end.reason}`}`);
      inner.onEnd(end);
    },
  };
}

function describe(
  entry: Draft,
  event: AgentEvent,
  because: string | undefined,
  kept: (text: string, longest: number) => string,
): void {
  entry.kind = event.kind;
  entry.name = kept(event.name, LONGEST_NAME);
  if (because !== undefined) entry.because = kept(because, LONGEST_ANSWER);
  entry.ids = Object.fromEntries(
    Object.entries({
      run: event.runId,
      message: event.messageId,
      thread: event.threadId,
      user: event.userId,
    }).flatMap(([name, id]) => (id === undefined ? [] : [[name, kept(id, LONGEST_NAME)]])),
  );
}

function turnEntry(turn: SettledTurn, atMs: number, traces: TraceIds | undefined): TurnEntry {
  const after = (us: number): number | undefined =>
    Number.isNaN(us) || Number.isNaN(turn.sentUs) ? undefined : Math.round(us - turn.sentUs) / 1000;
  const startedMs = after(turn.startedUs);
  const endedMs = after(turn.terminalUs);
  return {
    type: "turn",
    atMs,
    turn: turn.turn,
    outcome: turn.outcome,
    ...defined({ reason: turn.reason }),
    missing: turn.missing,
    ...(traces ? { traceId: traces.turn(turn.user, turn.turn).traceId } : {}),
    ...defined({ startedMs, endedMs }),
    stored: turn.stored === undefined ? "not checked" : turn.stored.answerRows > 0 ? "found" : "not found",
  };
}
