// Classifies frames by the field whose values recur in each turn, and by the fields that split its groups.
import { parsedJson, parseInside, parsePath } from "../../profiles/generic/language/json-path.js";
import { TELLING } from "../../report/transcript/suggestions.js";
import { type Leaf, leavesOf, type Scalar } from "./leaves.js";
import type { PassedFrame } from "./recording.js";

/** A frame with its values by path. */
export interface ReadFrame {
  readonly turn: number;
  /** Its index among all frames. */
  readonly at: number;
  readonly text: string;
  readonly label: string | undefined;
  /** Its JSON, with JSON inside strings parsed in place. */
  readonly root: unknown;
  readonly values: ReadonlyMap<string, Leaf>;
}

export interface Mark {
  readonly path: string;
  readonly value: Scalar;
}

/** Frames that share the same marks, which no other frames have. */
export interface FrameClass {
  readonly marks: readonly Mark[];
  readonly frames: readonly ReadFrame[];
}

const LONGEST_WORD = 64;
const MAX_WORDS = 40;
const MAX_MARKS = 2;
/** Fields for content and sender, which do not say what kind of frame it is. */
const SPEAKING =
  /(^|[._])(text|content|delta|tokens?|words?|answer|message|messages|output|response|title|query|input|result|args|arguments|.*id|uuid|seq|index|time|timestamp|ts|at|date|model|version|role|author|user|lang)$/i;
const DIVIDING =
  /^(type|event|kind|op|action|phase|state|status|step|stage|done|final|finished|is_?final|last|complete|completed)$/i;

/** @returns the frames, and the paths of strings that hold JSON, outermost first */
export function readFrames(turns: readonly (readonly PassedFrame[])[]): {
  readonly frames: readonly ReadFrame[];
  readonly parse: readonly string[];
} {
  const nested = new Set<string>();
  const all = turns.flatMap((frames, turn) => frames.map((frame) => ({ frame, turn })));
  for (const { frame } of all) leavesOf(parsedJson(frame.text), (path) => nested.add(path));
  // Only strings that hold JSON in most frames: an answer may be JSON by chance.
  const parse = [...nested].filter((path) => !/\[\d+\]/.test(path)).sort((a, b) => a.length - b.length);
  const frames = all.map(({ frame: { text, label }, turn }, at): ReadFrame => {
    const root = parsedJson(text) ?? text;
    for (const path of parse) {
      const segments = parsePath(path);
      if (typeof segments !== "string") parseInside(root, segments);
    }
    const leaves: Leaf[] = [...leavesOf(root)];
    if (typeof root === "string") leaves.push({ path: "@frame", key: "@frame", value: text });
    if (label !== undefined && label !== "message")
      leaves.push({ path: "@label", key: "@label", value: label });
    return { turn, at, text, label, root, values: new Map(leaves.map((leaf) => [leaf.path, leaf])) };
  });
  return { frames, parse };
}

export function classesOf(frames: readonly ReadFrame[]): readonly FrameClass[] {
  const classes: FrameClass[] = sentinelsOf(frames);
  let rest = frames.filter((frame) => !classes.some((one) => one.frames.includes(frame)));
  const used: string[] = [];
  for (let round = 0; round < 4 && rest.length > 0; round++) {
    const path = bestPath(rest, frames, used);
    if (path === undefined) break;
    used.push(path);
    for (const [value, group] of grouped(rest, path))
      classes.push(...divided({ marks: [{ path, value }], frames: group }, used));
    rest = rest.filter(({ values }) => !values.has(path));
  }
  if (rest.length > 0) classes.push({ marks: [], frames: rest });
  return classes;
}

/** A plain text that ends every turn, such as `[DONE]`. */
function sentinelsOf(frames: readonly ReadFrame[]): FrameClass[] {
  const turns = [...new Set(frames.map(({ turn }) => turn))];
  const last = turns.flatMap((turn) => frames.findLast((frame) => frame.turn === turn) ?? []);
  const [first] = last;
  const same = first && typeof first.root === "string" && last.every(({ text }) => text === first.text);
  if (!same || turns.length < 2 || !isWord(first.text)) return [];
  return [{ marks: [{ path: "@frame", value: first.text }], frames: last }];
}

/** The most telling path: in most frames, with several words that are the same in each turn. */
function bestPath(
  frames: readonly ReadFrame[],
  all: readonly ReadFrame[],
  used: readonly string[],
): string | undefined {
  const paths = new Set(frames.flatMap(({ values }) => [...values.keys()]));
  const rated = [...paths].flatMap((path) => {
    if (used.includes(path)) return [];
    const rank = rankOf(path, frames, all);
    return rank > 0 ? [{ path, rank }] : [];
  });
  return rated.sort((a, b) => b.rank - a.rank || a.path.length - b.path.length)[0]?.path;
}

function rankOf(path: string, frames: readonly ReadFrame[], all: readonly ReadFrame[]): number {
  const held = frames.filter(({ values }) => values.has(path));
  const words = grouped(held, path);
  const key = held[0]?.values.get(path)?.key ?? path;
  const special = path.startsWith("@");
  if (words.size > MAX_WORDS || (!special && SPEAKING.test(key))) return 0;
  for (const value of words.keys()) if (!isWord(value)) return 0;
  const turns = new Set(all.map(({ turn }) => turn)).size;
  const again = held.filter(({ values }) => {
    const value = values.get(path)?.value;
    return new Set(words.get(value ?? null)?.map(({ turn }) => turn)).size === turns;
  }).length;
  // A number that differs in each frame is a counter.
  const counts =
    held.length > 3 &&
    [...words.keys()].every((value) => typeof value === "number") &&
    words.size > held.length / turns / 2;
  if (counts || again / held.length < 0.4) return 0;
  const telling = (TELLING as readonly string[]).indexOf(key.toLowerCase());
  const bonus =
    path === "@label"
      ? 4
      : path === "@frame"
        ? 1
        : telling >= 0 && telling < 5
          ? 3
          : telling >= 0 || DIVIDING.test(key)
            ? 1.5
            : 1;
  const flag = [...words.keys()].every((value) => typeof value === "boolean" || value === null) ? 0.3 : 1;
  return (held.length / frames.length) * (again / held.length) * (0.3 + Math.log2(words.size)) * bonus * flag;
}

function isWord(value: Scalar): boolean {
  if (typeof value === "string")
    return value !== "" && value.length <= LONGEST_WORD && !/\s\S+\s/.test(value);
  return value === null || typeof value === "boolean" || Number.isInteger(value);
}

function grouped(frames: readonly ReadFrame[], path: string): ReadonlyMap<Scalar, readonly ReadFrame[]> {
  const groups = new Map<Scalar, ReadFrame[]>();
  for (const frame of frames) {
    const leaf = frame.values.get(path);
    if (leaf) groups.set(leaf.value, [...(groups.get(leaf.value) ?? []), frame]);
  }
  return groups;
}

/** Splits a group by one more field into a few parts, such as start and end of a tool. */
function divided(whole: FrameClass, used: readonly string[]): readonly FrameClass[] {
  const { frames, marks } = whole;
  if (frames.length < 2) return [whole];
  const paths = new Set(frames.flatMap(({ values }) => [...values.keys()]));
  const found = [...paths].flatMap((path) => {
    const key = frames.find(({ values }) => values.has(path))?.values.get(path)?.key ?? "";
    if (used.includes(path) || !DIVIDING.test(key)) return [];
    const words = grouped(frames, path);
    const there = [...words.values()].reduce((sum, group) => sum + group.length, 0);
    const parts = words.size + (there < frames.length ? 1 : 0);
    return parts < 2 || parts > 8 || ![...words.keys()].every(isWord) ? [] : [{ path, words }];
  });
  const [best] = found.sort((a, b) => b.words.size - a.words.size);
  if (!best) return [whole];
  const rest = frames.filter(({ values }) => !values.has(best.path));
  const parts = [...best.words].map(([value, group]) => ({
    marks: [...marks, { path: best.path, value }],
    frames: group,
  }));
  return [
    ...(marks.length < MAX_MARKS ? parts.flatMap((part) => divided(part, [...used, best.path])) : parts),
    ...(rest.length > 0 ? [{ marks, frames: rest }] : []),
  ];
}
