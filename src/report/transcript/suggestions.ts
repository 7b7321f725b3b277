// Suggestions for unrecognised frames: lines of YAML for the profile's options, for a person to check.
import type { EventKind } from "../../model/turn/event.js";
import type { FrameEntry, Transcript } from "../../model/turn/transcript.js";

export interface Unrecognised {
  readonly name: string;
  readonly count: number;
  /** Place of the name in the frame: `type`, `body.phase`, `@label`; `undefined` if unclear. */
  readonly path: string | undefined;
  readonly guess: EventKind;
}

/** Tried in this order: the first pattern that matches is the guess. */
const GUESSES: readonly (readonly [RegExp, EventKind])[] = [
  [/ping|heart|keep.?alive|noop|status|presence|usage|metric/i, "ignored"],
  [/err|fail|abort|cancel/i, "agent_error"],
  [/tool.*(result|out|end|done|complete|finish)|observation/i, "tool_completed"],
  [/tool|function|action|call/i, "tool_executing"],
  [/reason|think|thought|plan|step/i, "agent_thinking"],
  [/delta|chunk|token|text|content|message/i, "answer_delta"],
  [/start|begin|creat|accept/i, "agent_started"],
  [/done|complete|finish|final|end|stop/i, "agent_completed"],
];
const MAX_SUGGESTIONS = 20;
const DEEPEST = 4;
const LONGEST_WORD = 64;

/** Keys that may say what a frame is, most trusted first. */
export const TELLING = ["type", "event", "kind", "op", "action", "name", "phase", "state", "status"] as const;

/** Most frequent first. */
export function unrecognisedIn({ entries }: Transcript): readonly Unrecognised[] {
  const seen = new Map<string, { count: number; name: string; path: string | undefined }>();
  for (const entry of entries) {
    if (entry.type !== "frame" || entry.kind !== "unrecognised") continue;
    const { name, path } = nameInFrame(entry);
    const known = seen.get(`${path} ${name}`);
    if (known) known.count++;
    else seen.set(`${path} ${name}`, { count: 1, name, path });
  }
  return [...seen.values()]
    .map((one) => ({ ...one, guess: kindByName(one.name) ?? "ignored" }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_SUGGESTIONS);
}

/** `options:` of a target that would recognise them; empty if there is nothing to add. */
export function suggestedOptions(unrecognised: readonly Unrecognised[]): string {
  const byPath = new Map<string, Unrecognised[]>();
  for (const one of unrecognised) {
    if (one.path === undefined) continue;
    byPath.set(one.path, [...(byPath.get(one.path) ?? []), one]);
  }
  if (byPath.size === 0) return "";
  const rules = [...byPath].flatMap(([path, ones]) => [
    `    - path: ${quoted(path)}`,
    "      kinds:",
    ...ones.map(({ name, guess, count }) => `        ${quoted(name)}: ${guess} # seen ${count} times`),
  ]);
  return ["options:", "  events:", ...rules].join("\n");
}

/** Judging only by its name; `undefined` if it says nothing. */
export function kindByName(name: string): EventKind | undefined {
  return GUESSES.find(([pattern]) => pattern.test(name))?.[1];
}

/** The word that says what the frame is, and its place. */
export function nameInFrame({ frame, label, name }: Pick<FrameEntry, "frame" | "label" | "name">): {
  readonly name: string;
  readonly path: string | undefined;
} {
  if (label !== undefined && label !== "message") return { name: label, path: "@label" };
  try {
    return tellingIn(JSON.parse(frame), "", 0) ?? { name, path: undefined };
  } catch {
    return frame.length <= LONGEST_WORD ? { name: frame, path: "@frame" } : { name, path: undefined };
  }
}

function tellingIn(
  value: unknown,
  prefix: string,
  depth: number,
): { readonly name: string; readonly path: string } | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value) || depth > DEEPEST)
    return undefined;
  const held = value as Readonly<Record<string, unknown>>;
  for (const key of TELLING) {
    const word = held[key];
    if (typeof word === "string" && word !== "" && word.length <= LONGEST_WORD)
      return { name: word, path: `${prefix}${key}` };
  }
  for (const [key, inner] of Object.entries(held)) {
    const below = tellingIn(inner, `${prefix}${key}.`, depth + 1);
    if (below) return below;
  }
  return undefined;
}

/** A YAML scalar that is read as this text. */
function quoted(text: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
