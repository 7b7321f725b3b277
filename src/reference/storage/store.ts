// What the service needs from a database: the interface that every storage implements, and its row types.

export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly org: string;
  readonly passwordHash: string;
}

export interface ThreadRow {
  readonly id: string;
  readonly userId: string;
  readonly title: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdUs: number;
}

export type Role = "user" | "assistant";

export interface MessageRow {
  readonly id: string;
  readonly threadId: string;
  readonly userId: string;
  readonly role: Role;
  readonly content: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Microseconds since the Unix epoch; strictly increasing within one process, so that there are no ties. */
  readonly createdUs: number;
  /** The client's `message_id`, unique per user; `undefined` for answers. */
  readonly clientId: string | undefined;
  readonly runId: string;
}

export type SortOrder = "asc" | "desc";

export interface Page<T> {
  readonly rows: readonly T[];
  /** Total rows on all pages. */
  readonly total: number;
}

export interface MessageSearch {
  readonly userId: string;
  /** Case-insensitive part of the content; `undefined` means any. */
  readonly text: string | undefined;
  readonly threadId: string | undefined;
  readonly role: Role | undefined;
  readonly limit: number;
  readonly offset: number;
  readonly order: SortOrder;
}

/** A fact stated in a thread: `budget` is `7,300 dollars`; `previous` is the value it replaced. */
export interface Fact {
  readonly subject: string;
  readonly value: string;
  readonly previous: string | undefined;
}

/** How much work a turn is: scales its pauses. */
export type TurnWeight = "light" | "medium" | "heavy";

/** A run that started but did not end, with its message. */
export interface OpenRun {
  readonly message: MessageRow;
  readonly weight: TurnWeight;
}

/** Journal entry of a run in progress. */
export interface OpenRunNote {
  readonly runId: string;
  /** The service that executes it. */
  readonly owner: string;
  /** Id of the message's row. */
  readonly messageId: string;
  readonly weight: TurnWeight;
}

/** The database is unavailable: the request gets a 503, the message an `error` with code `unavailable`. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

export interface Store {
  /** `false` if the email is taken. */
  addUser(user: UserRow): Promise<boolean>;
  userByEmail(email: string): Promise<UserRow | undefined>;
  userById(id: string): Promise<UserRow | undefined>;

  addRefreshToken(hash: string, userId: string, expiresUs: number): Promise<void>;
  /** Removes the token, so that it works only once. Returns its user; `undefined` if it is unknown, used or expired. */
  takeRefreshToken(hash: string, nowUs: number): Promise<string | undefined>;

  addThread(thread: ThreadRow): Promise<void>;
  thread(id: string): Promise<ThreadRow | undefined>;
  /** Newest first. */
  threadsOf(userId: string, limit: number, offset: number): Promise<ThreadRow[]>;
  /** A thread of another user that can take a stray row; only defects use it. */
  foreignThread(userId: string): Promise<ThreadRow | undefined>;
  /** Deletes the thread, its facts and its messages; only a defect keeps these. */
  deleteThread(id: string, keepMessages?: boolean): Promise<void>;

  /** `false` if the thread is gone, or the user has already stored another message with this `clientId`. */
  addMessage(message: MessageRow): Promise<boolean>;
  removeMessage(id: string): Promise<void>;
  messageByClientId(userId: string, clientId: string): Promise<MessageRow | undefined>;
  /** By time, ties by id. */
  messagesOf(threadId: string, limit: number, offset: number, order: SortOrder): Promise<Page<MessageRow>>;
  /** The last messages of a thread, oldest first. */
  recentMessages(threadId: string, limit: number): Promise<MessageRow[]>;
  /** By time, ties by id. */
  search(query: MessageSearch): Promise<Page<MessageRow>>;
  /** Any one message of another user, preferring one that contains the text; only defects use it. */
  foreignMessage(userId: string, text: string | undefined): Promise<MessageRow | undefined>;

  message(id: string): Promise<MessageRow | undefined>;
  addOpenRun(note: OpenRunNote): Promise<void>;
  removeOpenRun(runId: string): Promise<void>;
  /** An owner's open runs whose messages were stored, by time. */
  openRuns(owner: string): Promise<OpenRun[]>;

  /** Stores an open run's request to its user, and the decision; empty while there is none. */
  putAsk(runId: string, askId: string, decision: string): Promise<void>;
  asksOf(runId: string): Promise<readonly (readonly [askId: string, decision: string])[]>;

  factsOf(threadId: string): Promise<Fact[]>;
  putFact(threadId: string, subject: string, value: string): Promise<void>;
  /** A fact on this subject in any other thread; only defects use it. */
  factElsewhere(threadId: string, subject: string): Promise<Fact | undefined>;

  /** Rejects if the database is unusable. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** A pattern for `LIKE` or `ILIKE` (SQLite's `LIKE` ignores the case of ASCII letters), with special characters escaped. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, (special) => `\\${special}`)}%`;
}
