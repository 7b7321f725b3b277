// Kinds of error that may reach a person, and their exit codes.

/** All exit codes. For their precedence see `EXIT_PRECEDENCE`. */
export const EXIT = {
  pass: 0,
  fail: 1,
  usage: 2,
  invalid: 3,
  bug: 70,
  /** Results could not be written. */
  unwritten: 74,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The first code in this list that applies is the exit code: a bug hides everything else. */
export const EXIT_PRECEDENCE: readonly ExitCode[] = [
  EXIT.bug,
  EXIT.usage,
  EXIT.interrupted,
  EXIT.fail,
  EXIT.unwritten,
  EXIT.invalid,
  EXIT.pass,
];

/** The code with the highest precedence; `EXIT.pass` for an empty list. */
export function worstExit(codes: readonly ExitCode[]): ExitCode {
  return EXIT_PRECEDENCE.find((code) => codes.includes(code)) ?? EXIT.pass;
}

/** Something the user can fix: shown without a stack trace; exit code 2. */
export class UserError extends Error {
  override readonly name = "UserError";
  /** What to do about it; may have several lines. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** For the `catch` of a promise: throws a `UserError` of what failed, why, and what to do. */
export function asUserError(what: string, hint?: string): (error: unknown) => never {
  return (error) => {
    throw new UserError(`${what}: ${messageOf(error)}`, hint);
  };
}

/** The value; if getting it throws, the same `UserError`. */
export function orUserError<T>(get: () => T, what: string, hint?: string): T {
  try {
    return get();
  } catch (error) {
    return asUserError(what, hint)(error);
  }
}

/** The value; `undefined` if getting it throws. */
export function tried<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}

/** Text of anything thrown; never throws itself. The code of a system error comes first. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  if (error instanceof Error) {
    const code = codeOf(error);
    const text = error.message || error.name;
    return code && !text.includes(code) ? `${code}: ${text}` : text;
  }
  return String(error);
}

/** The `code` of a system or library error, or of its `cause`. */
export function codeOf(error: unknown): string | undefined {
  for (let e = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth++) {
    const code = (e as { code?: unknown }).code;
    if (typeof code === "string") return code;
    if (e instanceof AggregateError && e.errors.length > 0) {
      const inner = codeOf(e.errors[0]);
      if (inner) return inner;
    }
  }
  return undefined;
}

export const ROOM_HINT = "make room on the disk, or name another folder (--reports)";

const NO_ROOM: ReadonlySet<string | undefined> = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EIO"]);

/** The file system takes no more data: full, over quota, read-only or broken. */
export function isOutOfRoom(error: unknown): boolean {
  return NO_ROOM.has(codeOf(error));
}
