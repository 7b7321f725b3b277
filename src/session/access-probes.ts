// Attempts at what must not be reached: each door tried as somebody who has no key to it.
import type { Probe } from "../model/observation.js";
import type { Answer, Session } from "../profiles/profile.js";
import type { Services } from "./services.js";
import { isOfProbe, SocketProbes } from "./socket-probes.js";
import { tryStream } from "./stream-probe.js";
import { tryUpgrade } from "./upgrade-probe.js";
import type { VirtualUser } from "./virtual-user.js";

export const SEEKERS = ["other-user", "nobody", "garbage", "expired"] as const;
/** `expired`: the user's own token with an expiry of long ago, so that its signature does not fit either. */
export type Seeker = (typeof SEEKERS)[number];

export const DOORS = ["history", "search", "threads", "socket"] as const;
export type Door = (typeof DOORS)[number];

type Outcome = Pick<Probe, "answer" | "result">;

const WITHOUT_KEY: Readonly<Record<Exclude<Seeker, "other-user">, string>> = {
  nobody: "without a token",
  garbage: "with a made-up token",
  expired: "with an expired token",
};

/** Tries one door as one seeker; `undefined` where that makes no sense, or there is nothing yet to try it on. */
export async function tryDoor(
  door: Door,
  seeker: Seeker,
  user: VirtualUser,
  services: Services,
): Promise<Probe | undefined> {
  return seeker === "other-user"
    ? asOtherUser(door, user, services)
    : withoutKey(door, seeker, user, services);
}

async function asOtherUser(door: Door, user: VirtualUser, services: Services): Promise<Probe | undefined> {
  const { protocol, registry, schedule } = services;
  const threadId = registry.foreignThread(user.number);
  if (threadId === undefined) return undefined;
  const told = (attempt: string, expected: string, outcome: Outcome): Probe => ({
    kind: `${door}-as-other-user`,
    attempt,
    user: user.number,
    threadId,
    expected,
    atUs: schedule.clock.nowUs(),
    ...outcome,
  });
  switch (door) {
    case "history": {
      if (!protocol.capabilities.history) return undefined;
      const answer = await protocol.history(user.session, threadId, { limit: 20, offset: 0, order: "asc" });
      return told("GET another user's messages", "403 or 404", outcomeOf(answer));
    }
    case "search": {
      if (!protocol.capabilities.search) return undefined;
      const answer = await protocol.search(user.session, wholeThread(threadId));
      // What the searcher itself got into the thread is its own, and a breach of the socket alone.
      const hidden: Outcome = { answer: "200 without a hit", result: "refused" };
      const outcome = answer.ok && answer.page.rows.every(isOfProbe) ? hidden : outcomeOf(answer);
      return told("search in another user's thread", "403, 404 or no hit", outcome);
    }
    case "socket": {
      if (!user.channel.ready) return undefined;
      // A thread that is but an id of the client's making belongs to nobody.
      if (protocol.capabilities.madeUpThreads) return undefined;
      const tell = (outcome: Outcome): Probe =>
        told("message into another user's thread", "an error, and no turn", outcome);
      if (protocol.streams) return tell(await tryStream(services, user.session, threadId));
      const late = (): void => services.observer.probed(tell({ answer: "accepted late", result: "breach" }));
      user.probes ??= new SocketProbes(services, () => user.session);
      const reply = await user.probes.send(threadId, (frame) => user.channel.send(frame), late);
      if (reply === "accepted") return tell({ answer: "accepted", result: "breach" });
      return tell({ answer: reply === "refused" ? "error" : "no reaction", result: "refused" });
    }
    case "threads":
      return undefined;
  }
}

async function withoutKey(
  door: Door,
  seeker: Exclude<Seeker, "other-user">,
  user: VirtualUser,
  services: Services,
): Promise<Probe | undefined> {
  const { protocol, schedule } = services;
  const session = sessionOf(seeker, user.session);
  const threadId = user.threads[0]?.id;
  if (!session || threadId === undefined) return undefined;
  const told = (what: string, expected: string, outcome: Outcome): Probe => ({
    kind: `${door}-as-${seeker}`,
    attempt: `${what} ${WITHOUT_KEY[seeker]}`,
    user: user.number,
    threadId,
    expected,
    atUs: schedule.clock.nowUs(),
    ...outcome,
  });
  switch (door) {
    case "history": {
      if (!protocol.capabilities.history) return undefined;
      const answer = await protocol.history(session, threadId, { limit: 20, offset: 0, order: "asc" });
      return told("GET a thread's messages", "401", outcomeOf(answer));
    }
    case "search":
      if (!protocol.capabilities.search) return undefined;
      return told("search", "401", outcomeOf(await protocol.search(session, wholeThread(threadId))));
    case "threads":
      if (protocol.capabilities.threadList === false) return undefined;
      return told("GET the list of threads", "401", outcomeOf(await protocol.listThreads(session)));
    case "socket":
      if (protocol.streams) return told("message", "401", await tryStream(services, session, threadId));
      return told("socket", "401, or close 1008", await tryUpgrade(services, session));
  }
}

function wholeThread(threadId: string) {
  return { text: "", threadId, role: undefined, limit: 20, offset: 0 };
}

/** Any clear no of the service is a refusal; its status is told. */
function outcomeOf(answer: Answer<object>): Outcome {
  if (answer.ok) return { answer: "200", result: "breach" };
  const { status, code } = answer;
  if (status === 0) return { answer: code ?? "no answer", result: "unclear" };
  const refused = status >= 400 && status < 500 && status !== 429 && status !== 408;
  return { answer: String(status), result: refused ? "refused" : "unclear" };
}

/** `undefined` where the token has no expiry that could be moved. */
function sessionOf(seeker: Exclude<Seeker, "other-user">, session: Session): Session | undefined {
  if (seeker === "nobody") return { ...session, token: "" };
  if (seeker === "garbage") return { ...session, token: "made-up-and-not-a-token" };
  const token = expired(session.token);
  return token === undefined ? undefined : { ...session, token };
}

const LONG_AGO_SECONDS = 1_000_000_000;

function expired(token: string): string | undefined {
  const [head, claims, signature] = token.split(".");
  if (!head || !claims || !signature) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(claims, "base64url").toString("utf8"));
    const moved = { ...(parsed as object), exp: LONG_AGO_SECONDS };
    return [head, Buffer.from(JSON.stringify(moved)).toString("base64url"), signature].join(".");
  } catch {
    return undefined;
  }
}
