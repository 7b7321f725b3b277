// Ids of all users of a run and of the threads of this worker, to tell whose a foreign id is.
import type { Registry } from "../session/services.js";

export class UserRegistry implements Registry {
  #users: ReadonlyMap<string, number> = new Map();
  readonly #threads = new Map<string, number>();

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

  userOf(userId: string): number | undefined {
    return this.#users.get(userId);
  }
}
