// Sends a message as a stream request that must be refused, and reports the result.
import { blankEvent } from "../../model/turn/event.js";
import type { Session } from "../../profiles/profile.js";
import type { StreamEnd } from "../../wire/http/sse.js";
import type { Uses } from "../services.js";
import { probeMessage } from "../turn/probe-message.js";
import { isRefusal, type Outcome } from "./probe-outcome.js";

/** A service that has not reacted by then has not accepted it. */
const SILENCE_US = 2_000_000;
const ACCEPTED: Outcome = { answer: "accepted", result: "breach" };

/** Sends its own text, and follows the stream to its end if it is accepted. */
export interface Saying {
  readonly text: string;
  /** Longest time until its end, microseconds. */
  readonly waitUs: number;
}

export function tryStream(
  services: Uses<"protocol" | "wire" | "schedule">,
  session: Session,
  threadId: string,
  saying?: Saying,
): Promise<Outcome> {
  const { protocol, wire, schedule } = services;
  const { streams } = protocol;
  if (!streams) return Promise.resolve({ answer: "no stream", result: "unclear" });
  const { clock } = schedule;
  return new Promise((resolve) => {
    const event = blankEvent();
    const end = (answer: Outcome): void => {
      // Do this first: closing the stream is also reported as its end, and only the first answer counts.
      resolve(answer);
      cancel();
      stream.cancel();
    };
    const message = probeMessage(threadId, clock.nowUs().toString(36), saying?.text);
    let accepted = false;
    const stream = wire.openStream(streams.request(message, session), streams.idleUs, {
      onOpen() {},
      onSign() {},
      onFrame(frame, _atUs, label) {
        protocol.decode(frame, event, label);
        const { kind } = event;
        if (kind === "rejected" || kind === "agent_error") end({ answer: "error", result: "refused" });
        else if (kind !== "ignored" && kind !== "unrecognised") {
          accepted = true;
          if (!saying) end(ACCEPTED);
        }
      },
      onEnd: (told) => end(accepted ? ACCEPTED : ended(told)),
    });
    const cancel = clock.at(clock.nowUs() + (saying?.waitUs ?? SILENCE_US), () =>
      end(accepted ? ACCEPTED : { answer: "no reaction", result: "refused" }),
    );
  });
}

function ended({ kind, status, errorCode }: StreamEnd): Outcome {
  if (kind === "refused")
    return { answer: String(status), result: isRefusal(status) ? "refused" : "unclear" };
  // An empty stream: nothing was done.
  if (kind === "ended") return { answer: "200 without an event", result: "refused" };
  return { answer: errorCode ?? kind, result: "unclear" };
}
