// Ids of all users of a run and of their threads: to find the owner of a foreign id, and targets for access probes.
import type { DirectoryEntry, ForeignThread, Registry, Relation } from "../../../session/services.js";

/** Most entries taken from other workers: a directory, not a copy of a million threads. */
const MAX_LEARNT = 200_000;

export class UserRegistry implements Registry {
  readonly #users = new Map<string, number>();
  readonly #threads = new Map<string, number>();
  /** User → a thread in which a turn of that user completed. */
  readonly #talked = new Map<number, string>();
  /** User → an empty thread created for access probes. */
  readonly #decoys = new Map<number, string>();
  readonly #organisationOf: (user: number) => string | undefined;
  #news: DirectoryEntry[] = [];
  #learnt = 0;

  constructor(organisationOf: (user: number) => string | undefined = () => undefined) {
    this.#organisationOf = organisationOf;
  }

  /** Users of all workers, known once everybody is logged in. An id that two of them share belongs to the first. */
  setUsers(users: readonly (readonly [string, number])[]): void {
    for (const [userId, user] of users) this.claim(userId, user);
  }

  claim(userId: string, user: number): number {
    const owner = this.#users.get(userId);
    if (owner !== undefined) return owner;
    this.#users.set(userId, user);
    return user;
  }

  addThread(threadId: string, user: number): void {
    this.#threads.set(threadId, user);
    this.#news.push(["thread", threadId, user]);
  }

  threadOwner(threadId: string): number | undefined {
    return this.#threads.get(threadId);
  }

  talkedIn(threadId: string, user: number): void {
    if (this.#talked.has(user)) return;
    this.#talked.set(user, threadId);
    this.#news.push(["talked", threadId, user]);
  }

  addDecoy(threadId: string, user: number): void {
    this.#decoys.set(user, threadId);
    this.#news.push(["decoy", threadId, user]);
  }

  dropDecoy(threadId: string): void {
    for (const [user, id] of this.#decoys) if (id === threadId) this.#decoys.delete(user);
  }

  foreignThread(user: number, relation: Relation): ForeignThread | undefined {
    return this.#foreign(this.#talked, user, relation);
  }

  foreignDecoy(user: number, relation: Relation): ForeignThread | undefined {
    return this.#foreign(this.#decoys, user, relation);
  }

  userOf(userId: string): number | undefined {
    return this.#users.get(userId);
  }

  /** News from this worker since the last call, for the others. */
  takeNews(): readonly DirectoryEntry[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  /** News from another worker. */
  learn(entries: readonly DirectoryEntry[]): void {
    for (const [kind, threadId, user] of entries) {
      if (this.#learnt++ >= MAX_LEARNT) return;
      if (kind === "thread") this.#threads.set(threadId, user);
      else if (kind === "decoy") this.#decoys.set(user, threadId);
      else if (!this.#talked.has(user)) this.#talked.set(user, threadId);
    }
  }

  /** Of the next suitable user by number, wrapping around. */
  #foreign(known: ReadonlyMap<number, string>, user: number, relation: Relation): ForeignThread | undefined {
    let next: number | undefined;
    for (const other of known.keys()) {
      if (other === user || !this.#fits(user, other, relation)) continue;
      if (next === undefined || isNearer(user, other, next)) next = other;
    }
    const threadId = next === undefined ? undefined : known.get(next);
    return next === undefined || threadId === undefined ? undefined : { threadId, owner: next };
  }

  #fits(user: number, other: number, relation: Relation): boolean {
    const own = this.#organisationOf(user);
    if (own === undefined) return relation === "colleague";
    return (own === this.#organisationOf(other)) === (relation === "colleague");
  }
}

/** Whether `one` comes before `other` when counting up from `user` and starting again at 0. */
function isNearer(user: number, one: number, other: number): boolean {
  return one > user === other > user ? one < other : one > user;
}
