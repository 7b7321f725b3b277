// Messages that must be stored before the load begins: imported into a thread of each user, as far as the target takes them.
import pLimit from "p-limit";
import type { Protocol, Session, StoredMessage } from "../../../profiles/profile.js";
import type { Stored } from "../../process/messages.js";
import { seedMessage } from "./seed-messages.js";

/** Messages of one request. */
const BATCH = 250;

export interface StoreOptions {
  /** Messages of the whole run; each user gets its share. */
  readonly wanted: number;
  readonly users: number;
  readonly sessions: ReadonlyMap<number, Session>;
  readonly protocol: Protocol;
  readonly concurrency: number;
  /** Called for each thread that was made: what stands in it is its user's, wherever it shows up. */
  readonly onThread: (threadId: string, user: number) => void;
}

/** Fills the users' stock. Never rejects: what could not be stored is told. */
export async function storeMessages(options: StoreOptions): Promise<Stored> {
  const { wanted, users, sessions, protocol, concurrency, onThread } = options;
  if (!protocol.importMessages) return { stored: 0, why: "the profile cannot import messages" };
  const limit = pLimit(concurrency);
  let stored = 0;
  let why: string | undefined;
  const fill = async (user: number, session: Session): Promise<void> => {
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
  await Promise.all([...sessions].map(([user, session]) => limit(() => fill(user, session))));
  return { stored, why };
}

/** Shares of all users sum exactly to the whole. */
function shareOfUser(whole: number, user: number, users: number): number {
  return Math.floor(whole / users) + (user < whole % users ? 1 : 0);
}

function batchOf(user: number, from: number, to: number): readonly StoredMessage[] {
  return Array.from({ length: to - from }, (_, at) => seedMessage(user, from + at));
}
