// Reads one prompt of the backend under test: which turn it belongs to, and what in it belongs to another user.
//
// A prompt belongs to the turn whose nonce is in its last user message; a call without such a message (a summary, a title)
// to the newest turn of the user whose messages it contains. Anything that identifies another user is a leak.
import type { ModelMessage, ModelRequest } from "../../llm/conversation.js";
import type { PromptLeak } from "../../model/log/model-call.js";
import { type NonceCodec, type NonceOwner, nonceCodec } from "../../model/turn/nonce.js";
import { foundValues, toldValues } from "../../session/turn/text/fact-memory.js";
import { foundRecords } from "../../session/turn/text/planted-records.js";
import type { PromptRules } from "./messages.js";

export interface ReadPrompt {
  /** `undefined` if it belongs to no turn. */
  readonly owner: NonceOwner | undefined;
  readonly leaks: readonly PromptLeak[];
}

interface Found extends NonceOwner {
  readonly message: number;
  readonly at: number;
}

/** How much of one message the patterns read; nonces and threads are searched for in all of it. */
const READ = 1_048_576;
/** Most places reported per prompt. */
const MAX_LEAKS = 20;
/** Most facts and threads remembered; the oldest are dropped first. */
const MAX_KNOWN = 200_000;
/** Stated by several users, so it identifies none of them. */
const SHARED = -1;
const LEAST_ID = 8;
const MAX_ID_LENGTH = 128;

export class PromptReader {
  readonly #codec: NonceCodec;
  readonly #rules: PromptRules;
  readonly #facts = new Map<string, number>();
  readonly #threads = new Map<string, number>();
  /** Lengths of the threads' ids. */
  readonly #lengths = new Set<number>();

  constructor(rules: PromptRules) {
    this.#rules = rules;
    this.#codec = nonceCodec(rules.runSeed);
  }

  learnThreads(threads: readonly (readonly [string, number])[]): void {
    for (const [id, user] of threads) {
      // What could be a word, or part of one, identifies nobody.
      if (id.length < LEAST_ID || id.length > MAX_ID_LENGTH || !/^[\w-]*\d[\w-]*$/.test(id)) continue;
      this.#threads.set(id, user);
      this.#lengths.add(id.length);
      forgetOldest(this.#threads);
    }
  }

  read({ messages }: ModelRequest): ReadPrompt {
    const nonces: Found[] = [];
    for (const [message, { text }] of messages.entries()) {
      this.#codec.scan(text, ({ user, turn }, at) => nonces.push({ user, turn, message, at }));
    }
    const owner = ownerOf(nonces, messages);
    if (!owner) return { owner, leaks: [] };
    const { user } = owner;
    if (this.#rules.tellsFacts) this.#learnFacts(messages, nonces, user);
    const leaks: PromptLeak[] = nonces
      .filter((found) => found.user !== user)
      .map(({ user: other, turn, message, at }) => {
        return { by: "nonce", owner: other, turn, message, role: messages[message]?.role ?? "", at };
      });
    for (const [message, { role, text }] of messages.entries()) {
      if (leaks.length >= MAX_LEAKS) break;
      for (const { by, owner: other, at } of this.#foreign(text, user))
        leaks.push({ by, owner: other, message, role, at });
    }
    return { owner, leaks: leaks.slice(0, MAX_LEAKS) };
  }

  *#foreign(text: string, user: number): Generator<Pick<PromptLeak, "by" | "owner" | "at">> {
    const { tellsFacts, plantsRecords } = this.#rules;
    const part = text.length > READ ? text.slice(0, READ) : text;
    if (plantsRecords)
      for (const [owner, at] of foundRecords(part)) if (owner !== user) yield { by: "record", owner, at };
    if (tellsFacts) {
      for (const [value, at] of foundValues(part)) {
        const owner = this.#facts.get(value);
        if (owner !== undefined && owner !== SHARED && owner !== user) yield { by: "fact", owner, at };
      }
    }
    yield* this.#foreignThreads(text, user);
  }

  *#foreignThreads(text: string, user: number): Generator<Pick<PromptLeak, "by" | "owner" | "at">> {
    if (this.#lengths.size === 0) return;
    for (let from = 0; from < text.length; from++) {
      if (!isIdCharacter(text.charCodeAt(from))) continue;
      let to = from + 1;
      while (to < text.length && isIdCharacter(text.charCodeAt(to))) to++;
      if (this.#lengths.has(to - from)) {
        const owner = this.#threads.get(text.slice(from, to));
        if (owner !== undefined && owner !== user) yield { by: "thread", owner, at: from };
      }
      from = to;
    }
  }

  /** A fact belongs to the user who stated it, in a message with that user's nonce. */
  #learnFacts(messages: readonly ModelMessage[], nonces: readonly Found[], user: number): void {
    const own = nonces.findLast((found) => found.user === user && messages[found.message]?.role === "user");
    const text = own && messages[own.message]?.text;
    if (text === undefined) return;
    for (const value of toldValues(text.slice(0, READ))) {
      const known = this.#facts.get(value);
      this.#facts.set(value, known === undefined || known === user ? user : SHARED);
      forgetOldest(this.#facts);
    }
  }
}

/** The user and turn of a prompt; see above. */
function ownerOf(nonces: readonly Found[], messages: readonly ModelMessage[]): NonceOwner | undefined {
  const asked = nonces.findLast(({ message }) => messages[message]?.role === "user");
  const near = asked ? nonces.filter(({ message }) => message === asked.message) : nonces;
  const user = mostNamed(near, nonces);
  if (user === undefined) return undefined;
  const turn = Math.max(...near.filter((found) => found.user === user).map((found) => found.turn));
  return { user, turn };
}

/** The user with the most nonces; in a tie, the one with the most in the whole prompt, then the one named last. */
function mostNamed(near: readonly Found[], all: readonly Found[]): number | undefined {
  let best: readonly [user: number, near: number, all: number] | undefined;
  for (const user of new Set(near.map((found) => found.user))) {
    const turnsIn = (found: readonly Found[]): number =>
      new Set(found.filter((one) => one.user === user).map(({ turn }) => turn)).size;
    const counts = [user, turnsIn(near), turnsIn(all)] as const;
    if (!best || counts[1] > best[1] || (counts[1] === best[1] && counts[2] >= best[2])) best = counts;
  }
  return best?.[0];
}

function isIdCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 45 ||
    code === 95
  );
}

function forgetOldest(known: Map<string, number>): void {
  if (known.size <= MAX_KNOWN) return;
  for (const key of known.keys()) {
    known.delete(key);
    return;
  }
}
