// Guesses which event each class of frames is, from its name, its position in the turn, and its text.
import type { EventKind } from "../../model/turn/event.js";
import { kindByName } from "../../report/transcript/suggestions.js";
import type { FrameClass } from "./frame-classes.js";
import { isIdLike, numbersBelow } from "./leaves.js";

export interface KnownClass extends FrameClass {
  readonly kind: EventKind;
  /** Path of its text, for answers, thoughts and ends. */
  readonly text?: string;
  /** Why the user should check it. */
  readonly doubt?: string;
}

export interface Kinds {
  readonly classes: readonly KnownClass[];
  /** No frame marks the end of a turn. */
  readonly endless: boolean;
}

type Draft = { -readonly [Key in keyof KnownClass]: KnownClass[Key] } & { guess: EventKind | undefined };

const ACK = /\back|accept|receiv|queued|echo/i;
const NAMELESS = /^(true|false|null|\d+)$/;

export function kindsOf(classes: readonly FrameClass[], turns: number): Kinds {
  const drafts: Draft[] = classes.map((bare) => {
    const one = withTool(bare);
    const words = nameOf(one).replaceAll(".", " ");
    const guess = ACK.test(words) && !/tool/i.test(words) ? "ack" : kindByName(words);
    return { ...one, kind: "ignored", guess };
  });
  const endless = !markEnd(drafts, turns);
  markTools(drafts, turns);
  markText(drafts);
  markStart(drafts, turns);
  for (const draft of drafts) {
    if (draft.kind !== "ignored") continue;
    if (draft.guess === "agent_thinking" || draft.guess === "ack" || draft.guess === "agent_error")
      draft.kind = draft.guess;
    else if (draft.guess === undefined && draft.marks.length > 0) {
      const early = isBefore(draft, drafts, ["answer_delta", "tool_executing", "agent_completed"]);
      if (early && drafts.every(({ kind }) => kind !== "agent_thinking")) {
        draft.kind = "agent_thinking";
        draft.doubt = "guessed from its place: behind the start, before any tool and any text";
      } else draft.doubt = "not known what it is";
    }
  }
  return { classes: drafts, endless };
}

/** A class whose frames all belong to a tool because of another field, whatever their name: that field becomes a mark. */
function withTool(one: FrameClass): FrameClass {
  if (isToolish(kindByName(nameOf(one)))) return one;
  const [first, ...others] = one.frames;
  const leaf = [...(first?.values.values() ?? [])].find(
    ({ path, key, value }) =>
      /^(type|kind|role)$/i.test(key) &&
      isToolish(kindByName(String(value))) &&
      others.every(({ values }) => values.get(path)?.value === value),
  );
  if (!leaf || one.marks.some(({ path }) => path === leaf.path)) return one;
  return { ...one, marks: [...one.marks, { path: leaf.path, value: leaf.value }] };
}

function isToolish(kind: EventKind | undefined): boolean {
  return kind === "tool_executing" || kind === "tool_completed";
}

/** The words of a class, such as `tool.in`. */
export function nameOf({ marks }: FrameClass): string {
  return marks
    .map(({ path, value }) => (NAMELESS.test(String(value)) ? path.split(".").at(-1) : String(value)))
    .join(".");
}

function perTurn({ frames }: FrameClass, turns: number): readonly number[] {
  return numbersBelow(turns).map((turn) => frames.filter((frame) => frame.turn === turn).length);
}

const places = (draft: FrameClass, turn: number): readonly number[] =>
  draft.frames.filter((frame) => frame.turn === turn).map(({ at }) => at);

function lastAt(draft: FrameClass, turn: number): number {
  return Math.max(-1, ...places(draft, turn));
}

function firstAt(draft: FrameClass, turn: number): number {
  return Math.min(Number.POSITIVE_INFINITY, ...places(draft, turn));
}

function isBefore(draft: Draft, drafts: readonly Draft[], kinds: readonly EventKind[]): boolean {
  const turn = draft.frames[0]?.turn ?? 0;
  return drafts.every((other) => !kinds.includes(other.kind) || firstAt(draft, turn) < firstAt(other, turn));
}

/** The last class that appears once per turn, ignoring what usually follows the end, such as usage. */
function markEnd(drafts: readonly Draft[], turns: number): boolean {
  const once = drafts.filter((draft) => perTurn(draft, turns).every((count) => count === 1));
  const late = [...once].sort((a, b) => lastAt(b, 0) - lastAt(a, 0));
  const named = late.filter(({ guess }) => guess !== "ignored" && guess !== "ack" && guess !== "agent_error");
  const last = named[0];
  if (!last) return false;
  // Other frames after it mean that the stream continues, unless its name says that it is the end.
  const behind = drafts.filter(
    (draft) =>
      draft !== last &&
      lastAt(draft, 0) > lastAt(last, 0) &&
      draft.guess !== "ignored" &&
      draft.guess !== "ack",
  );
  if (behind.length > 0 && last.guess !== "agent_completed") return false;
  last.kind = "agent_completed";
  if (last.guess !== "agent_completed") last.doubt = "taken for the end because nothing comes after it";
  return true;
}

function markTools(drafts: readonly Draft[], turns: number): void {
  const open = drafts.filter(({ kind }) => kind === "ignored");
  const first = (draft: Draft): number =>
    Math.min(...numbersBelow(turns).map((turn) => firstAt(draft, turn)));
  const toolish = open.filter((draft) => isToolish(draft.guess)).sort((a, b) => first(a) - first(b));
  const begins = toolish.find(({ guess }) => guess === "tool_executing") ?? toolish[0];
  const ends =
    toolish.findLast((draft) => draft.guess === "tool_completed" && draft !== begins) ??
    (toolish.at(-1) === begins ? undefined : toolish.at(-1));
  if (begins) {
    begins.kind = "tool_executing";
    if (ends) ends.kind = "tool_completed";
    else begins.doubt = "no frame was seen that ends a tool";
    for (const draft of toolish) if (draft.kind === "ignored") draft.guess = "ignored";
    return;
  }
  // Without names: two classes in sequence that share an id which no other frame has.
  for (const one of open)
    for (const two of open) {
      if (one === two || one.guess !== undefined || two.guess !== undefined || first(one) >= first(two))
        continue;
      if (!sharesId(one, two, drafts)) continue;
      one.kind = "tool_executing";
      two.kind = "tool_completed";
      one.doubt = two.doubt = "guessed: both name the same id, and no other frame does";
      return;
    }
}

function idsIn({ frames }: FrameClass): ReadonlySet<string> {
  return new Set(
    frames.flatMap(({ values }) =>
      [...values.values()].flatMap(({ value }) =>
        typeof value === "string" && isIdLike(value) ? [value] : [],
      ),
    ),
  );
}

function sharesId(one: Draft, two: Draft, drafts: readonly Draft[]): boolean {
  const others = new Set(
    drafts.flatMap((draft) => (draft === one || draft === two ? [] : [...idsIn(draft)])),
  );
  const theirs = idsIn(two);
  return [...idsIn(one)].some((id) => theirs.has(id) && !others.has(id));
}

/** The class with the most text in pieces is the answer; an end with text has all of it. */
function markText(drafts: readonly Draft[]): void {
  const texts = drafts.flatMap((draft) => {
    const found = textIn(draft);
    return found ? [{ draft, ...found }] : [];
  });
  for (const { draft, path } of texts) {
    if (draft.kind === "agent_completed" || draft.guess === "agent_thinking") draft.text = path;
    if (draft.guess === "agent_thinking" && draft.kind === "ignored") draft.kind = "agent_thinking";
  }
  const free = texts.filter(
    ({ draft }) => draft.kind === "ignored" && draft.guess !== "ack" && draft.guess !== "agent_error",
  );
  const whole = texts.find(({ draft }) => draft.kind === "agent_completed");
  const pieces = free
    .filter(({ count, draft }) => count > 1 || draft.guess === "answer_delta" || whole === undefined)
    .sort((a, b) => Number(b.count > 2) - Number(a.count > 2) || b.length - a.length)[0];
  if (!pieces) return;
  pieces.draft.kind = "answer_delta";
  pieces.draft.text = pieces.path;
  if (pieces.draft.guess !== "answer_delta" && pieces.draft.guess !== undefined)
    pieces.draft.doubt = "taken for the answer because of its text";
  for (const { draft } of free)
    if (draft !== pieces.draft && draft.guess === "answer_delta") draft.guess = "ignored";
}

interface TextFound {
  readonly path: string;
  /** Total length of a turn's strings at this path. */
  readonly length: number;
  /** Number of frames per turn that have one. */
  readonly count: number;
}

const LEAST_TEXT = 2;
const NO_TEXT = /(^|_)(id|uuid|name|model|role|type|title|time|timestamp|ts|date|at|url|ref)$|[a-z]Id$|At$/;

/** The path whose strings differ between frames and are longest in total; ids, marks and timestamps do not count. */
function textIn({ frames, marks }: FrameClass): TextFound | undefined {
  const turn = frames[0]?.turn ?? 0;
  const own = frames.filter((frame) => frame.turn === turn);
  const texts = new Map<string, string[]>();
  for (const { values } of own)
    for (const { path, key, value } of values.values()) {
      const isMark = path === "@label" || marks.some((mark) => mark.path === path);
      if (typeof value === "string" && !isMark && !NO_TEXT.test(key))
        texts.set(path, [...(texts.get(path) ?? []), value]);
    }
  const [best] = [...texts]
    .map(([path, list]) => ({ path, list, length: list.join("").length }))
    .filter(({ list, length }) => length >= LEAST_TEXT && isSpeech(list))
    .sort((a, b) => b.length - a.length);
  return best && { path: best.path, length: best.length, count: best.list.length };
}

/** Words, or pieces that differ, unlike an id. */
function isSpeech(list: readonly string[]): boolean {
  return list.length > 2 ? new Set(list).size > 1 : list.some((text) => /\s/.test(text));
}

/** The first class without a kind that appears once per turn. */
function markStart(drafts: readonly Draft[], turns: number): void {
  const first = [...drafts]
    .filter(({ guess, kind }) => kind !== "agent_completed" && guess !== "ack")
    .sort((a, b) => firstAt(a, 0) - firstAt(b, 0));
  const named = drafts.find(
    (draft) =>
      draft.kind === "ignored" &&
      draft.guess === "agent_started" &&
      perTurn(draft, turns).every((count) => count >= 1) &&
      draft === first.find(({ kind }) => kind === "ignored"),
  );
  const unnamed = first[0];
  if (named) named.kind = "agent_started";
  else if (
    unnamed &&
    unnamed.kind === "ignored" &&
    unnamed.guess === undefined &&
    perTurn(unnamed, turns).every((count) => count === 1)
  ) {
    unnamed.kind = "agent_started";
    unnamed.doubt = "taken for the start because it comes first";
  }
}
