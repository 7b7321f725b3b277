// Tries one endpoint with a session whose token must not open it.
import type { Probe } from "../../model/log/observation.js";
import type { Session } from "../../profiles/profile.js";
import type { Uses } from "../services.js";
import type { VirtualUser } from "../user/virtual-user.js";
import { type Door, decoyOf, WHOLE_PAGE, wholeThread } from "./endpoints.js";
import { type Outcome, outcomeOf } from "./probe-outcome.js";
import { tryStream } from "./stream-probe.js";
import { type TryServices, tryUpgrade } from "./upgrade-probe.js";

/** The intruder: a short name for the kind of probe, and a description for people. */
export interface KeylessSeeker {
  readonly name: string;
  readonly words: string;
  readonly session: Session;
}

const WHAT: Readonly<Record<Door, string>> = {
  history: "GET a thread's messages",
  search: "search a thread",
  threads: "GET the list of threads",
  create: "POST a new thread",
  delete: "DELETE a thread",
  socket: "open a socket",
};

const EXPECTED_WITHOUT_KEY: Readonly<Record<Door, string>> = {
  history: "401",
  search: "401",
  threads: "401",
  create: "401",
  delete: "401",
  socket: "401, or close 1008",
};

export type KeylessServices = TryServices & Uses<"registry">;

/** `undefined` while there is no thread to try. */
export async function tryWithoutKey(
  door: Door,
  { name, words, session }: KeylessSeeker,
  user: VirtualUser,
  services: KeylessServices,
): Promise<Probe | undefined> {
  const threadId = door === "delete" ? await decoyOf(user, services) : user.threads[0]?.id;
  if (threadId === undefined) return undefined;
  const outcome = await outcomeAt(door, session, threadId, services);
  if (door === "delete" && outcome.result === "breach") {
    services.registry.dropDecoy(threadId);
    user.decoy = undefined;
  }
  const named = door === "history" || door === "search" || door === "delete";
  return {
    kind: `${door}-as-${name}`,
    seeker: words,
    attempt: `${WHAT[door]} ${words}`,
    user: user.number,
    owner: named ? user.number : undefined,
    threadId: named ? threadId : undefined,
    expected: EXPECTED_WITHOUT_KEY[door],
    atUs: services.schedule.clock.nowUs(),
    ...outcome,
  };
}

/** What is reported of a door that could not be tried, and why. */
export function notTried(
  door: Door,
  { name, words }: Pick<KeylessSeeker, "name" | "words">,
  user: VirtualUser,
  { schedule }: Uses<"schedule">,
  why: string,
  expected = EXPECTED_WITHOUT_KEY[door],
): Probe {
  return {
    kind: `${door}-as-${name}`,
    seeker: words,
    attempt: `${door} ${words}`,
    user: user.number,
    owner: undefined,
    threadId: undefined,
    expected,
    answer: why,
    result: "not-checked",
    atUs: schedule.clock.nowUs(),
  };
}

/** What comes of trying a door with a session that must not open it. */
export async function outcomeAt(
  door: Door,
  session: Session,
  threadId: string,
  services: TryServices,
): Promise<Outcome> {
  const { protocol } = services;
  switch (door) {
    case "history":
      return outcomeOf(await protocol.history(session, threadId, WHOLE_PAGE));
    case "search":
      return outcomeOf(await protocol.search(session, wholeThread(threadId)));
    case "threads":
      return outcomeOf(await protocol.listThreads(session));
    case "create":
      return outcomeOf(await protocol.createThread(session, "made by an access probe: must be refused"));
    case "delete":
      return outcomeOf(await protocol.deleteThread(session, threadId));
    case "socket":
      return protocol.streams ? tryStream(services, session, threadId) : tryUpgrade(services, session);
  }
}
