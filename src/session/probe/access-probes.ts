// Attempts that must be refused: each endpoint, tried by someone without permission.

import type { Probe } from "../../model/log/observation.js";
import type { Session } from "../../profiles/profile.js";
import { claimsOf } from "../../support/jwt.js";
import type { ForeignThread, Relation, Uses } from "../services.js";
import { isOfProbe } from "../turn/probe-message.js";
import type { VirtualUser } from "../user/virtual-user.js";
import { controlOf, type Door, decoyOf, ENDPOINTS, wholeThread } from "./endpoints.js";
import { tryMessage } from "./message-probe.js";
import { type Outcome, outcomeOf } from "./probe-outcome.js";
import { type KeylessServices, notTried, outcomeAt, tryWithoutKey } from "./unauthorised-probes.js";

/** For the report: what is used instead of a valid token. */
const WITHOUT_KEY = {
  nobody: "without a token",
  garbage: "with a made-up token",
  forged: "with a token whose claims were changed",
  unsigned: "with a token that claims to need no signature",
} as const;

type Keyless = keyof typeof WITHOUT_KEY;

/** The session with such a token, or why there is none: the user's token has no claims to change. */
function keylessSession(seeker: Keyless, session: Session): Session | string {
  switch (seeker) {
    case "nobody":
      return { ...session, cookies: undefined, token: "" };
    case "garbage":
      return { ...session, cookies: undefined, token: "made-up-and-not-a-token" };
    case "forged":
    case "unsigned": {
      const parts = session.token.split(".");
      const claims = claimsOf(session.token);
      if (!claims) return "the target's tokens are not JWTs, and cannot be forged by changing their claims";
      const longer = encoded({ ...claims, exp: FAR_AHEAD_SECONDS });
      const token =
        seeker === "forged"
          ? `${parts[0]}.${longer}.${parts[2]}`
          : `${encoded({ alg: "none", typ: "JWT" })}.${longer}.`;
      return { ...session, cookies: undefined, token };
    }
  }
}

const FAR_AHEAD_SECONDS = 4_000_000_000;

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** `forged`, `unsigned`: the user's own token with a later expiry, and its signature kept or removed. */
export const SEEKERS = [
  "other-user",
  "other-organisation",
  "nobody",
  "garbage",
  "forged",
  "unsigned",
] as const;
export type Seeker = (typeof SEEKERS)[number];

export type AccessServices = KeylessServices & Uses<"observer" | "controls">;

/** Endpoints with an owner: listing and creating have none. */
const FOREIGN_ENDPOINTS = ["history", "search", "delete", "socket"] as const satisfies readonly Door[];
type ForeignDoor = (typeof FOREIGN_ENDPOINTS)[number];

const INTRUDERS = {
  "other-user": { relation: "colleague", words: "as another user", whose: "another user's" },
  "other-organisation": {
    relation: "stranger",
    words: "as a user of another organisation",
    whose: "another organisation's",
  },
} as const satisfies Record<string, { relation: Relation; words: string; whose: string }>;
type Intruder = keyof typeof INTRUDERS;

/** Every sensible combination of the two, in a fixed order. */
export function attemptsOf(
  seekers: readonly Seeker[],
  endpoints: readonly Door[],
): readonly (readonly [Seeker, Door])[] {
  return SEEKERS.filter((seeker) => seekers.includes(seeker)).flatMap((seeker) =>
    ENDPOINTS.filter((door) => endpoints.includes(door) && (!isIntruder(seeker) || isForeign(door))).map(
      (door) => [seeker, door] as const,
    ),
  );
}

const MADE_UP = "threads are ids that clients make up, and belong to no user";

/** Tries one endpoint as one seeker; `undefined` while there is no thread to try. */
export async function tryDoor(
  door: Door,
  seeker: Seeker,
  user: VirtualUser,
  services: AccessServices,
): Promise<Probe | undefined> {
  if (user.threads.length === 0) return undefined;
  const control = await controlOf(door, user, services);
  if (control === undefined) return undefined;
  const named = { name: seeker, words: isIntruder(seeker) ? INTRUDERS[seeker].words : WITHOUT_KEY[seeker] };
  if (isIntruder(seeker)) {
    if (control !== "open") return notTried(door, named, user, services, control.why, "a refusal");
    // A thread that is only an id made up by the client belongs to nobody.
    if (services.protocol.capabilities.madeUpThreads)
      return notTried(door, named, user, services, MADE_UP, "a refusal");
    return isForeign(door) ? intrude(door, seeker, user, services) : undefined;
  }
  if (control !== "open") return notTried(door, named, user, services, control.why);
  const session = keylessSession(seeker, user.session);
  if (typeof session === "string") return notTried(door, named, user, services, session);
  return tryWithoutKey(door, { ...named, session }, user, services);
}

function isIntruder(seeker: Seeker): seeker is Intruder {
  return Object.hasOwn(INTRUDERS, seeker);
}

function isForeign(door: Door): door is ForeignDoor {
  return FOREIGN_ENDPOINTS.some((one) => one === door);
}

async function intrude(
  door: ForeignDoor,
  intruder: Intruder,
  user: VirtualUser,
  services: AccessServices,
): Promise<Probe | undefined> {
  const { registry, schedule } = services;
  const { relation, words, whose } = INTRUDERS[intruder];
  if (door === "delete") await decoyOf(user, services);
  const foreign =
    door === "delete"
      ? registry.foreignDecoy(user.number, relation)
      : registry.foreignThread(user.number, relation);
  if (!foreign) return undefined;
  const { attempt, expected } = WORDS[door];
  const probeWith = (outcome: Outcome): Probe => ({
    kind: `${door}-as-${intruder}`,
    seeker: words,
    attempt: `${attempt} ${whose} thread`,
    user: user.number,
    owner: foreign.owner,
    threadId: foreign.threadId,
    expected,
    atUs: schedule.clock.nowUs(),
    ...outcome,
  });
  if (door !== "socket") return probeWith(await outcomeOfIntrusion(door, foreign, user, services));
  const outcome = await tryMessage(foreign.threadId, user, services, (late) =>
    services.observer.probed(probeWith(late)),
  );
  return outcome && probeWith(outcome);
}

const WORDS: Readonly<Record<ForeignDoor, { readonly attempt: string; readonly expected: string }>> = {
  history: { attempt: "GET the messages of", expected: "403 or 404" },
  search: { attempt: "search in", expected: "403, 404 or no hit" },
  delete: { attempt: "DELETE", expected: "403 or 404" },
  socket: { attempt: "message into", expected: "an error, and no turn" },
};

async function outcomeOfIntrusion(
  door: Exclude<ForeignDoor, "socket">,
  { threadId }: ForeignThread,
  { session }: VirtualUser,
  services: KeylessServices,
): Promise<Outcome> {
  if (door === "search") {
    const answer = await services.protocol.search(session, wholeThread(threadId));
    // Hits on the seeker's own probe message only show a breach of the socket, reported there.
    return answer.ok && answer.page.rows.every(isOfProbe)
      ? { answer: "200 without a hit", result: "refused" }
      : outcomeOf(answer);
  }
  const outcome = await outcomeAt(door, session, threadId, services);
  if (door === "delete" && outcome.result === "breach") services.registry.dropDecoy(threadId);
  return outcome;
}
