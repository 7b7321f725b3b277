// Talks in a thread of the user's own, deletes it, and then looks for it wherever it could still be.
import type { Probe } from "../../model/log/observation.js";
import type { HistoryRow } from "../../profiles/profile.js";
import { sleep } from "../../support/clock.js";
import type { Uses } from "../services.js";
import { SocketProbes } from "../user/socket-probes.js";
import type { VirtualUser } from "../user/virtual-user.js";
import { WHOLE_PAGE } from "./endpoints.js";
import { tryMessage } from "./message-probe.js";
import { isRefusal, type Outcome, outcomeOf } from "./probe-outcome.js";
import { tryStream } from "./stream-probe.js";

const SEEKER = "as its owner, after deletion";
/** How long the answer may take to be stored; an earlier deletion would race with it. */
const ANSWER_WAIT_US = 20_000_000;
const LOOK_AGAIN_US = 100_000;

type Place = "history" | "threads" | "search" | "socket";

const PLACES: Readonly<Record<Place, { readonly attempt: string; readonly expected: string }>> = {
  history: { attempt: "GET the messages of a deleted thread", expected: "403 or 404" },
  threads: { attempt: "look for a deleted thread in the list of threads", expected: "not in it" },
  search: { attempt: "search for a word of a deleted thread", expected: "no hit" },
  socket: { attempt: "message into a deleted thread", expected: "an error, and no turn" },
};

/** Reports each probe to the observer. Never rejects. */
export async function probeDeletedThread(
  user: VirtualUser,
  services: Uses<"protocol" | "observer" | "wire" | "schedule">,
): Promise<void> {
  const { protocol, observer, schedule } = services;
  const tell = (place: Place, threadId: string | undefined, outcome: Outcome): void => {
    const probe: Probe = {
      kind: `${place}-of-deleted-thread`,
      seeker: SEEKER,
      ...PLACES[place],
      user: user.number,
      owner: user.number,
      threadId,
      atUs: schedule.clock.nowUs(),
      ...outcome,
    };
    observer.probed(probe);
  };
  const all = (result: "unclear" | "not-checked", answer: string): void => {
    for (const place of Object.keys(PLACES) as Place[]) tell(place, undefined, { answer, result });
  };
  if (!protocol.capabilities.history) return all("not-checked", "the profile knows no history");
  if (protocol.capabilities.madeUpThreads)
    return all("not-checked", "threads are ids that clients make up, and cannot be deleted");
  const made = await protocol.createThread(user.session, "to be deleted");
  if (!made.ok) return all("unclear", `no thread could be made: ${made.message}`);
  const { threadId } = made;
  const word = `keepsake${user.number}x${schedule.clock.nowUs().toString(36)}`;
  const trouble = await talk(user, services, threadId, word);
  if (trouble !== undefined) return all("unclear", trouble);
  const searchable = await isFound(user, services, word);
  const deleted = await protocol.deleteThread(user.session, threadId);
  if (!deleted.ok) {
    const answer = `a thread could not be deleted: ${deleted.message}`;
    return all(isRefusal(deleted.status) ? "not-checked" : "unclear", answer);
  }
  tell("history", threadId, outcomeOf(await protocol.history(user.session, threadId, WHOLE_PAGE)));
  tell("threads", threadId, await inList(user, services, threadId));
  if (!protocol.capabilities.search)
    tell("search", undefined, { answer: "the profile knows no search", result: "not-checked" });
  else if (!searchable)
    tell("search", threadId, { answer: "it was not found before its deletion either", result: "unclear" });
  else tell("search", threadId, await inSearch(user, services, word));
  const said = await tryMessage(threadId, user, services, (late) => tell("socket", threadId, late));
  tell("socket", threadId, said ?? { answer: "no channel", result: "unclear" });
}

/** Sends the word to the thread and waits until the answer is stored; otherwise returns what prevented it. */
async function talk(
  user: VirtualUser,
  services: Uses<"protocol" | "wire" | "schedule">,
  threadId: string,
  word: string,
): Promise<string | undefined> {
  const { clock } = services.schedule;
  const text = `This conversation will be deleted. What should we keep in mind about ${word}?`;
  if (services.protocol.streams) {
    const { result } = await tryStream(services, user.session, threadId, { text, waitUs: ANSWER_WAIT_US });
    if (result !== "breach") return "a message into the new thread was refused";
    return isAnswered(user, services, threadId, clock.nowUs() + ANSWER_WAIT_US);
  }
  if (!(await user.channel.ensure())) return "no channel";
  user.probes ??= new SocketProbes(services, () => user.session);
  user.probes.claim(threadId);
  const reply = await user.probes.send(
    threadId,
    (frame) => user.socket?.send(frame),
    () => {},
    text,
  );
  if (reply === "refused") return "a message into the new thread was refused";
  return isAnswered(user, services, threadId, clock.nowUs() + ANSWER_WAIT_US);
}

/** Nothing once the answer is stored; otherwise what to report. */
async function isAnswered(
  user: VirtualUser,
  services: Uses<"protocol" | "wire" | "schedule">,
  threadId: string,
  untilUs: number,
): Promise<string | undefined> {
  const { clock } = services.schedule;
  const answered = (row: HistoryRow): boolean => row.role === "assistant";
  while (clock.nowUs() < untilUs) {
    const answer = await services.protocol.history(user.session, threadId, WHOLE_PAGE);
    if (answer.ok && answer.page.rows.some(answered)) return undefined;
    await sleep(LOOK_AGAIN_US, clock);
  }
  return "the message into the new thread was not answered in time";
}

async function isFound(user: VirtualUser, { protocol }: Uses<"protocol">, word: string): Promise<boolean> {
  if (!protocol.capabilities.search) return false;
  const answer = await protocol.search(user.session, wordQuery(word));
  return answer.ok && answer.page.rows.some(({ text }) => text.includes(word));
}

async function inSearch(user: VirtualUser, { protocol }: Uses<"protocol">, word: string): Promise<Outcome> {
  const answer = await protocol.search(user.session, wordQuery(word));
  if (!answer.ok) return outcomeOf(answer);
  const hits = answer.page.rows.filter(({ text }) => text.includes(word)).length;
  return hits === 0
    ? { answer: "200 without a hit", result: "refused" }
    : { answer: "200 with a hit", result: "breach" };
}

async function inList(user: VirtualUser, { protocol }: Uses<"protocol">, threadId: string): Promise<Outcome> {
  if (protocol.capabilities.threadList === false)
    return { answer: "the profile lists no threads", result: "not-checked" };
  const answer = await protocol.listThreads(user.session);
  if (!answer.ok)
    return isRefusal(answer.status)
      ? { answer: `it cannot be listed: ${answer.message}`, result: "not-checked" }
      : outcomeOf(answer);
  return answer.threadIds.includes(threadId)
    ? { answer: "listed", result: "breach" }
    : { answer: "not in it", result: "refused" };
}

function wordQuery(word: string) {
  return { text: word, threadId: undefined, role: undefined, limit: 20, offset: 0 };
}
