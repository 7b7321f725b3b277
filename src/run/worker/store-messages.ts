// Stores messages before the load: imports them into a thread of each user, if the target accepts them.

import pLimit from "p-limit";
import type { Protocol, Session, StoredMessage } from "../../profiles/profile.js";
import type { Stored } from "../process/messages.js";

/** Messages per request. */
const BATCH = 250;

export interface StoreOptions {
  /** Messages of the whole run; each user gets its share. */
  readonly wanted: number;
  readonly users: number;
  readonly sessions: ReadonlyMap<number, Session>;
  readonly protocol: Protocol;
  readonly concurrency: number;
  /** Called for each thread created: its content belongs to its user, wherever it appears. */
  readonly onThread: (threadId: string, user: number) => void;
}

/** Stores the users' messages. Never rejects: reports what could not be stored. */
export async function storeMessages(options: StoreOptions): Promise<Stored> {
  const { wanted, users, sessions, protocol, concurrency, onThread } = options;
  if (!protocol.importMessages) return { stored: 0, why: "the profile cannot import messages" };
  const limit = pLimit(concurrency);
  let stored = 0;
  let why: string | undefined;
  const storeFor = async (user: number, session: Session): Promise<void> => {
    if (why !== undefined) return;
    const made = await protocol.createThread(session, "stock of earlier messages");
    if (!made.ok) {
      why ??= made.message;
      return;
    }
    onThread(made.threadId, user);
    const share = shareOfUser(wanted, user, users);
    for (let from = 0; from < share && why === undefined; from += BATCH) {
      const messages = batchOf(user, from, Math.min(share, from + BATCH));
      const answer = await protocol.importMessages?.(session, made.threadId, messages);
      if (answer?.ok) stored += messages.length;
      else why ??= answer?.message ?? "no import";
    }
  };
  await Promise.all([...sessions].map(([user, session]) => limit(() => storeFor(user, session))));
  return { stored, why };
}

/** Shares of all users sum exactly to the whole. */
function shareOfUser(whole: number, user: number, users: number): number {
  return Math.floor(whole / users) + (user < whole % users ? 1 : 0);
}

function batchOf(user: number, from: number, to: number): readonly StoredMessage[] {
  return Array.from({ length: to - from }, (_, at) => storedMessage(user, from + at));
}

const QUESTIONS = [
  "How did the numbers of week {n} compare with those of the week before?",
  "Please sum up the meeting number {n} about the release, and list what is open.",
  "Which of the {n} tickets of last month came back, and why?",
  "What would it take to serve {n} customers from one region less?",
] as const;
const ANSWERS = [
  "Week {n} was a little quieter: fewer visits, the same share of them with a purchase.",
  "Meeting {n} left two things open: the date of the freeze, and who writes the notes.",
  "Of {n} tickets nine came back, most of them because the first reply missed the point.",
  "For {n} customers it takes a second cache and a failover that was tried at least once.",
] as const;

/** Alternating questions and answers; a pure function of the numbers of user and message. */
function storedMessage(user: number, number: number): StoredMessage {
  const pair = Math.floor(number / 2);
  const texts = number % 2 === 0 ? QUESTIONS : ANSWERS;
  const text = (texts[pair % texts.length] ?? "").replace("{n}", String(user * 1000 + pair));
  return { role: number % 2 === 0 ? "user" : "assistant", text };
}
