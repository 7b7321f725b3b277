// What the neutral server stores: threads and their rows, with the mishaps of a bad store.
import { randomUUID } from "node:crypto";
import type { NeutralAccount } from "./neutral-account.js";
import type { Behaviour } from "./neutral-behaviour.js";

interface Row {
  readonly id: string;
  readonly role: "user" | "assistant";
  readonly content: string;
  readonly created_at: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface ThreadRows {
  readonly owner: string;
  readonly rows: Row[];
}

export class NeutralHistory {
  readonly #behaviour: Behaviour;
  readonly #account: NeutralAccount;
  readonly #threads = new Map<string, ThreadRows>();

  constructor(behaviour: Behaviour, account: NeutralAccount) {
    this.#behaviour = behaviour;
    this.#account = account;
  }

  /** A new thread of the user, or the one that it has for ever. */
  createThread(owner: string): string {
    const known = this.#behaviour.oneThreadForEver
      ? [...this.#threads].find(([, thread]) => thread.owner === owner)?.[0]
      : undefined;
    if (known !== undefined) return known;
    const id = randomUUID();
    this.#threads.set(id, { owner, rows: [] });
    return id;
  }

  /** @param number of the message, from 0: every n-th row may go wrong */
  store(thread: string, number: number, role: Row["role"], content: string, ids: Row["metadata"]): void {
    const { every } = this.#behaviour;
    const hits = (n: number): boolean => n > 0 && (number + 1) % n === 0;
    const row = { id: randomUUID(), role, content, created_at: new Date().toISOString(), metadata: ids };
    if (role === "assistant") {
      if (hits(every["row-missing"])) {
        this.#account.happened("row-missing");
        return;
      }
      if (hits(every["row-doubled"])) {
        this.#account.happened("row-doubled");
        this.#append(thread, { ...row, id: randomUUID() });
      }
      if (hits(every["row-of-another"])) this.#appendElsewhere(thread, { ...row, id: randomUUID() });
    }
    this.#append(thread, row);
  }

  /** `undefined` for a thread that is not the user's. */
  page(thread: string, user: string, query: URLSearchParams): unknown {
    const known = this.#threads.get(thread);
    if (!known || known.owner !== user) return undefined;
    const limit = Math.min(100, Number(query.get("limit") ?? 50));
    const offset = Number(query.get("offset") ?? 0);
    const ordered = query.get("order") === "desc" ? known.rows.toReversed() : known.rows;
    const messages = ordered.slice(offset, offset + limit);
    return { messages, thread_id: thread, total: known.rows.length, limit, offset };
  }

  #append(thread: string, row: Row): void {
    this.#threads.get(thread)?.rows.push(row);
  }

  #appendElsewhere(thread: string, row: Row): void {
    const owner = this.#threads.get(thread)?.owner;
    const other = [...this.#threads.values()].find((candidate) => candidate.owner !== owner);
    if (!other) return;
    other.rows.push(row);
    this.#account.happened("row-of-another");
  }
}
