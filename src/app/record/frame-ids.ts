// Finds where frames have their ids, sequence numbers and timestamps: paths whose values behave that way in every turn.
import { stampUs } from "../../profiles/values.js";
import type { ReadFrame } from "./frame-classes.js";
import type { KnownClass } from "./kinds.js";
import { type Data, filled, isIdLike, numbersBelow } from "./leaves.js";

export interface SentIds {
  readonly threadId: string | undefined;
  readonly userId: string | undefined;
  readonly messageIds: readonly (string | undefined)[];
  readonly requestIds: readonly (string | undefined)[];
}

const DAY_US = 86_400e6;
const HOUR_US = 3_600e6;

/** @param nowUs wall clock of the recording, microseconds since the epoch */
export function idOptions(
  frames: readonly ReadFrame[],
  classes: readonly KnownClass[],
  sent: SentIds,
  nowUs: number,
): Data {
  const paths = [...new Set(frames.flatMap(({ values }) => [...values.keys()]))].filter(
    (path) => !path.startsWith("@"),
  );
  const turns = Math.max(0, ...frames.map(({ turn }) => turn)) + 1;
  const at = (path: string, turn?: number): readonly unknown[] =>
    frames.flatMap((frame) => {
      const value = turn === undefined || frame.turn === turn ? frame.values.get(path)?.value : undefined;
      return value === undefined || value === null ? [] : [value];
    });
  const always = (path: string, of: (turn: number) => string | undefined): boolean =>
    numbersBelow(turns).every((turn) => {
      const found = at(path, turn);
      return found.length > 0 && found.every((value) => String(value) === of(turn));
    });
  const found = (of: (turn: number) => string | undefined): readonly string[] =>
    paths.filter((path) => always(path, of));
  const thread = sent.threadId === undefined ? [] : found(() => sent.threadId);
  const message = sent.messageIds.length === 0 ? [] : found((turn) => sent.messageIds[turn]);
  const request = sent.requestIds.length === 0 ? [] : found((turn) => sent.requestIds[turn]);
  const user = sent.userId === undefined ? [] : found(() => sent.userId);
  const known = new Set([...thread, ...message, ...request, ...user]);
  const run = runPath(
    paths.filter((path) => !known.has(path)),
    at,
    turns,
  );
  const seq = paths.find((path) => isNumbering(path, frames, turns) && !known.has(path));
  const stamp = stampPath(paths, at, nowUs);
  const ids = {
    run,
    message: oneOrSome(message),
    request: oneOrSome(request),
    thread: oneOrSome(thread),
    user: oneOrSome(user),
  };
  return filled({
    ids: filled(ids),
    timestamp: stamp?.path,
    zone: stamp?.zone,
    seq,
    tool: toolPaths(classes),
  });
}

function oneOrSome(paths: readonly string[]): string | readonly string[] | undefined {
  return paths.length === 1 ? paths[0] : paths.slice(0, 4);
}

/** The same within a turn, different in the next, and made by the server. */
function runPath(
  paths: readonly string[],
  at: (path: string, turn?: number) => readonly unknown[],
  turns: number,
): string | undefined {
  if (turns < 2) return undefined;
  const all = (path: string): readonly (readonly unknown[])[] =>
    numbersBelow(turns).map((turn) => at(path, turn));
  const rated = paths.flatMap((path) => {
    const values = all(path);
    const own = values.map((list) => list[0]);
    const steady = values.every(
      (list, turn) => list.length > 1 && list.every((value) => value === own[turn]),
    );
    if (
      !steady ||
      !own.every((value) => typeof value === "string" && isIdLike(value)) ||
      new Set(own).size < turns
    )
      return [];
    const named = /run|exec|task|turn|trace/i.test(path) ? 2 : /response|job|request/i.test(path) ? 1.2 : 1;
    return [{ path, rank: named * values.reduce((sum, list) => sum + list.length, 0) }];
  });
  return rated.sort((a, b) => b.rank - a.rank)[0]?.path;
}

/** An integer that increases by one from frame to frame of a turn. */
function isNumbering(path: string, frames: readonly ReadFrame[], turns: number): boolean {
  return numbersBelow(turns).every((turn) => {
    const numbers = frames.flatMap((frame) =>
      frame.turn === turn && frame.values.has(path) ? [frame.values.get(path)?.value] : [],
    );
    if (numbers.length < 3) return false;
    return numbers.every((value, index) => {
      const before = numbers[index - 1];
      return (
        typeof value === "number" &&
        value >= 0 &&
        (index === 0 || (typeof before === "number" && value === before + 1))
      );
    });
  });
}

/** A time close to the recording's in every frame that has it, perhaps off by a time zone. */
function stampPath(
  paths: readonly string[],
  at: (path: string) => readonly unknown[],
  nowUs: number,
): { readonly path: string; readonly zone?: string } | undefined {
  const rated = paths.flatMap((path) => {
    const values = at(path).map((value) => stampUs(value));
    if (values.length === 0 || !values.every((us) => Math.abs(us - nowUs) < DAY_US)) return [];
    // A constant time belongs to something else, such as the creation of the thread.
    if (values.length > 3 && new Set(values).size < 2) return [];
    return [{ path, count: values.length, offUs: (values[0] ?? nowUs) - nowUs }];
  });
  const [best] = rated.sort((a, b) => b.count - a.count);
  if (!best) return undefined;
  const hours = Math.round(best.offUs / HOUR_US);
  if (hours === 0 || Math.abs(best.offUs - hours * HOUR_US) > HOUR_US / 3) return { path: best.path };
  return { path: best.path, zone: `${hours < 0 ? "-" : "+"}${String(Math.abs(hours)).padStart(2, "0")}:00` };
}

function toolPaths(classes: readonly KnownClass[]): Data {
  const begin = classes.find(({ kind }) => kind === "tool_executing");
  const end = classes.find(({ kind }) => kind === "tool_completed");
  if (!begin) return {};
  const marks = new Set(begin.marks.map(({ path }) => path));
  const leaves = (one: KnownClass) => one.frames.flatMap(({ values }) => [...values.values()]);
  const name = leaves(begin).find(
    ({ path, key, value }) =>
      !marks.has(path) &&
      typeof value === "string" &&
      /name|tool|function/i.test(key) &&
      !/id$/i.test(key) &&
      value.length < 100,
  );
  const ended = new Map(end ? leaves(end).map(({ path, value }) => [value, path] as const) : []);
  // An id that other frames of the turn share is that of the run or the message.
  const others = new Set(
    classes.flatMap((one) => (one === begin || one === end ? [] : leaves(one).map(({ value }) => value))),
  );
  const run = leaves(begin)
    .filter(
      ({ path, value }) => !marks.has(path) && isIdLike(value) && ended.has(value) && !others.has(value),
    )
    .sort((a, b) => Number(/call|tool|ref|id/i.test(b.path)) - Number(/call|tool|ref|id/i.test(a.path)))[0];
  const id = run && oneOrSome([...new Set([run.path, ended.get(run.value) ?? run.path])]);
  return filled({ name: name?.path, id });
}
