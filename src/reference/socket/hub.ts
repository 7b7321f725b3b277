// Who is connected: the open connections of every user, in the order they were opened.
import type { Connection } from "./connection.js";

export interface Hub {
  add(connection: Connection): void;
  remove(connection: Connection): void;
  of(userId: string): readonly Connection[];
  /** The user's most recently opened connection that is still open. */
  newestOf(userId: string): Connection | undefined;
  /** An open connection of any other user. */
  otherThan(userId: string): Connection | undefined;
  /** Number of connections, and of users with at least one. */
  size(): { connections: number; users: number };
  all(): Connection[];
}

export function createHub(): Hub {
  const byUser = new Map<string, Connection[]>();
  const newestOf = (userId: string): Connection | undefined =>
    byUser.get(userId)?.findLast((connection) => connection.isOpen());
  return {
    add(connection) {
      const { userId } = connection.identity;
      const known = byUser.get(userId);
      if (known) known.push(connection);
      else byUser.set(userId, [connection]);
    },
    remove(connection) {
      const { userId } = connection.identity;
      const rest = (byUser.get(userId) ?? []).filter((other) => other !== connection);
      if (rest.length > 0) byUser.set(userId, rest);
      else byUser.delete(userId);
    },
    of: (userId) => byUser.get(userId) ?? [],
    newestOf,
    otherThan(userId) {
      for (const other of byUser.keys()) {
        const connection = other === userId ? undefined : newestOf(other);
        if (connection) return connection;
      }
      return undefined;
    },
    size() {
      let connections = 0;
      for (const list of byUser.values()) connections += list.length;
      return { connections, users: byUser.size };
    },
    all: () => [...byUser.values()].flat(),
  };
}
