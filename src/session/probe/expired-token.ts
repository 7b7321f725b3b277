// A really expired token: holds a socket open past its expiry, then tries every endpoint with it.
import type { Probe } from "../../model/log/observation.js";
import type { Session } from "../../profiles/profile.js";
import { roughWallMinusMonoUs, sleepUntil } from "../../support/clock.js";
import type { Channel, CloseInfo } from "../../wire/socket/channel.js";
import type { Uses } from "../services.js";
import type { VirtualUser } from "../user/virtual-user.js";
import { controlOf, ENDPOINTS } from "./endpoints.js";
import type { Outcome } from "./probe-outcome.js";
import { type KeylessServices, notTried, tryWithoutKey } from "./unauthorised-probes.js";

export interface ExpiryWish {
  /** Requested lifetime, microseconds. */
  readonly lifeUs: number;
  /** Longest time to wait for a token's end, microseconds. */
  readonly waitUs: number;
  /** How long after its token's end a socket may stay open, microseconds. */
  readonly graceUs: number;
}

const SEEKER = { name: "expired", words: "with a token that has expired" };
/** Tokens have whole seconds: they may expire this much earlier than their lifetime says. */
const WHOLE_SECOND_US = 1_000_000;

/** A session whose token expires at a known instant, monotonic microseconds. */
interface Ending {
  readonly session: Session;
  readonly endUs: number;
}

export type ExpiryServices = KeylessServices & Uses<"observer" | "logInBriefly" | "controls">;

/** Reports each probe to the observer. Never rejects. */
export async function probeExpiredToken(
  user: VirtualUser,
  services: ExpiryServices,
  wish: ExpiryWish,
): Promise<void> {
  const { observer } = services;
  const ending = await endingSession(user, services, wish);
  if ("why" in ending) {
    observer.probed(socketProbe(user, services, wish, { answer: ending.why, result: ending.result }));
    if (ending.result === "not-checked")
      for (const door of ENDPOINTS) observer.probed(notTried(door, SEEKER, user, services, ending.why));
    return;
  }
  const held: Outcome = services.protocol.streams
    ? { answer: "the profile keeps no socket open", result: "not-checked" }
    : await holdOpen(services, ending, wish);
  observer.probed(socketProbe(user, services, wish, held));
  // A socket closed early says nothing about the token: the endpoints are tried once it has certainly expired.
  await sleepUntil(ending.endUs, services.schedule.clock);
  for (const door of ENDPOINTS) {
    const control = await controlOf(door, user, services);
    if (control === undefined) continue;
    const probe =
      control === "open"
        ? await tryWithoutKey(door, { ...SEEKER, session: ending.session }, user, services)
        : notTried(door, SEEKER, user, services, control.why);
    if (probe) observer.probed(probe);
  }
}

type NoEnding = { readonly why: string; readonly result: "unclear" | "not-checked" };

/** A token requested with a short lifetime; otherwise the user's own, if it expires soon. */
async function endingSession(
  user: VirtualUser,
  services: Uses<"schedule" | "logInBriefly">,
  { lifeUs, waitUs }: ExpiryWish,
): Promise<Ending | NoEnding> {
  const { clock } = services.schedule;
  const answer = await services.logInBriefly(user.number, lifeUs);
  if (answer && !answer.ok && (answer.status === 0 || answer.status >= 500))
    return { why: `no token of a short life: ${answer.message}`, result: "unclear" };
  const fresh = answer?.ok ? answer.session : undefined;
  let shortestUs = Number.POSITIVE_INFINITY;
  if (fresh?.lifeUs !== undefined && answer) {
    if (fresh.lifeUs <= waitUs) return { session: fresh, endUs: answer.doneUs + fresh.lifeUs };
    shortestUs = fresh.lifeUs;
  }
  const { expiresAtWallUs } = user.session;
  if (expiresAtWallUs !== undefined) {
    const endUs = expiresAtWallUs - roughWallMinusMonoUs();
    if (endUs - clock.nowUs() <= waitUs) return { session: user.session, endUs };
    shortestUs = Math.min(shortestUs, endUs - clock.nowUs());
  }
  const why = Number.isFinite(shortestUs)
    ? `the target's tokens live for ${seconds(shortestUs)}, and this step waits no longer than ${seconds(waitUs)}`
    : "the target's tokens name no end that could be waited for";
  return { why, result: "not-checked" };
}

/** How long to wait for an answer to the last ping, microseconds; Socket.IO does not answer. */
const PONG_WITHIN_US = 2_000_000;

/**
 * Opens a socket with the token and waits until it is closed, or until the grace period after the token's expiry is over.
 * Then a ping decides: a close that arrives before its answer was sent in time, and only read late by a busy worker.
 */
export function holdOpen(
  { wire, protocol, schedule: { clock } }: Uses<"wire" | "protocol" | "schedule">,
  { session, endUs }: Ending,
  { graceUs }: Pick<ExpiryWish, "graceUs">,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const cancels: (() => void)[] = [];
    let opened = false;
    let asked = false;
    const stillOpen: Outcome = { answer: `still open ${seconds(graceUs)} after it`, result: "breach" };
    const end = (outcome: Outcome): void => {
      for (const cancel of cancels.splice(0)) cancel();
      resolve(outcome);
      channel.terminate();
    };
    const channel: Channel = wire.openChannel(protocol.socket(session), {
      onOpen: () => {
        opened = true;
      },
      onText() {},
      onBinary() {},
      onPong: () => {
        if (asked) end(stillOpen);
      },
      onClose: (info) => end(closed(info, opened, clock.nowUs() < endUs - WHOLE_SECOND_US)),
    });
    cancels.push(
      clock.at(Math.max(endUs, clock.nowUs()) + graceUs, () => {
        if (!opened) return end({ answer: "the socket never opened", result: "unclear" });
        asked = true;
        channel.ping();
        cancels.push(clock.at(clock.nowUs() + PONG_WITHIN_US, () => end(stillOpen)));
      }),
    );
  });
}

function closed({ code, status, errorCode }: CloseInfo, opened: boolean, early: boolean): Outcome {
  const answer = status > 0 ? `HTTP ${status} on the upgrade` : (errorCode ?? `close ${code}`);
  if (!opened) return { answer: `the socket never opened: ${answer}`, result: "unclear" };
  return early ? { answer: `${answer} long before it`, result: "unclear" } : { answer, result: "refused" };
}

function socketProbe(
  user: VirtualUser,
  { schedule }: Uses<"schedule">,
  { graceUs }: ExpiryWish,
  outcome: Outcome,
): Probe {
  return {
    kind: "socket-past-expiry",
    seeker: SEEKER.words,
    attempt: "hold a socket open past the end of its token",
    user: user.number,
    owner: user.number,
    threadId: undefined,
    expected: `closed within ${seconds(graceUs)} of it (1008)`,
    atUs: schedule.clock.nowUs(),
    ...outcome,
  };
}

function seconds(us: number): string {
  return `${Number((us / 1_000_000).toFixed(1))} s`;
}
