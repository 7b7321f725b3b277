// Ids of all users of a run and of the threads of this worker, to tell whose a foreign id is.
import type { Registry } from "../session/services.js";

export class UserRegistry implements Registry {
  #users: ReadonlyMap<string, number> = new Map();
  readonly #threads = new Map<string, number>();
  /** User → a thread in which a turn of that user completed. */
  readonly #talked = new Map<number, string>();

  /** Users of all workers, known once everybody is logged in. */
  setUsers(users: readonly (readonly [string, number])[]): void {
    this.#users = new Map(users);
  }

  addThread(threadId: string, user: number): void {
    this.#threads.set(threadId, user);
  }

  threadOwner(threadId: string): number | undefined {
    return this.#threads.get(threadId);
  }

  talkedIn(threadId: string, user: number): void {
    if (!this.#talked.has(user)) this.#talked.set(user, threadId);
  }

  /** Of the next user by number, round in a circle. */
  foreignThread(user: number): string | undefined {
    let next: number | undefined;
    for (const other of this.#talked.keys()) {
      if (other === user) continue;
      if (next === undefined || isNearer(user, other, next)) next = other;
    }
    return next === undefined ? undefined : this.#talked.get(next);
  }

  userOf(userId: string): number | undefined {
    return this.#users.get(userId);
  }
}

/** Whether `one` comes before `other` when counting up from `user` and starting again at 0. */
function isNearer(user: number, one: number, other: number): boolean {
  return one > user === other > user ? one < other : one > user;
}
