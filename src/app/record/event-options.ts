// Writes the rules that recognise events, in the scenario file's form, from a recording's classes of frames.
import { CRITICAL_EVENTS } from "../../model/turn/event.js";
import { classesOf, type Mark, readFrames } from "./frame-classes.js";
import { idOptions, type SentIds } from "./frame-ids.js";
import { type KnownClass, kindsOf, nameOf } from "./kinds.js";
import { type Data, filled, numbersBelow } from "./leaves.js";
import type { Notes } from "./notes.js";
import { type PassedFrame, wallUs } from "./recording.js";
import { PING, type SocketFacts } from "./socket-options.js";
import type { RecordedTurns } from "./turns.js";

export interface EventFacts {
  /** `parse`, `events`, `ids`, `text` and the like. */
  readonly options: Data;
  readonly classes: readonly KnownClass[];
}

export function describeEvents(
  found: RecordedTurns,
  socket: SocketFacts | undefined,
  sent: SentIds,
  notes: Notes,
): EventFacts {
  const { frames, parse } = readFrames(found.turns.map((turn) => turn.frames));
  const { classes, endless } = kindsOf(classesOf(frames), found.turns.length);
  const events = [
    ...rulesOf(classes),
    ...aroundRules(socket?.around ?? [], classes, socket?.options.handshake === undefined),
  ];
  const error = frames.every(
    ({ values }) => !["error", "error.message", "error.code"].some((path) => values.has(path)),
  );
  const known = classes.some(({ kind }) => kind === "agent_error");
  const errors =
    !known && error
      ? [
          {
            when: { path: "error", exists: true },
            kind: "agent_error",
            text: ["error.message", "error"],
            code: "error.code",
          },
        ]
      : [];
  if (!known) notes.add("events", "no error was seen: say in a rule of kind agent_error what one looks like");
  for (const { kind, doubt, ...one } of classes)
    if (doubt !== undefined)
      notes.add("events", `${nameOf(one) || "frames without a mark"} (${kind}): ${doubt}`);
  const seen = (kind: string): boolean =>
    found.turns.every((_, turn) =>
      classes.some((one) => one.kind === kind && one.frames.some((frame) => frame.turn === turn)),
    );
  const shown = CRITICAL_EVENTS.filter(seen);
  const expects: readonly string[] = shown.filter(
    (kind) => kind === "agent_started" || kind === "agent_completed",
  );
  const more = shown.filter((kind) => !expects.includes(kind));
  if (more.length > 0)
    notes.add("expects", `seen in both turns as well: ${more.join(", ")}; add what every turn must show`);
  const firstUs = found.turns[0]?.atUs ?? 0;
  return {
    classes,
    options: {
      ...filled({ parse }),
      events: [...errors, ...events],
      ...idOptions(frames, classes, sent, wallUs(firstUs)),
      ...filled({ text: textOption(classes), expects, order: orderOption(classes, found.turns.length) }),
      ...(endless ? endOption(found, notes) : {}),
    },
  };
}

function textOption(classes: readonly KnownClass[]): string | readonly string[] | undefined {
  const of = (kind: string): readonly string[] =>
    classes.flatMap((one) => (one.kind === kind && one.text !== undefined ? [one.text] : []));
  const paths = [...new Set([...of("answer_delta"), ...of("agent_completed")])];
  return paths.length === 1 ? paths[0] : paths;
}

function endOption({ transport }: RecordedTurns, notes: Notes): Data {
  if (transport === "sse") return { end: { close: "completed" } };
  notes.add("end", "no frame marks the end of a turn: silence does, the last resort");
  return { end: { silence: "2s" } };
}

function orderOption(classes: readonly KnownClass[], turns: number): Data {
  const of = (kind: string, turn: number) =>
    classes
      .filter((one) => one.kind === kind)
      .flatMap(({ frames }) => frames.filter((frame) => frame.turn === turn));
  const all = numbersBelow(turns);
  const repeatStarted = all.some((turn) => of("agent_started", turn).length > 1);
  const during = all.some((turn) => {
    const begins = of("tool_executing", turn).map(({ at }) => at);
    const ends = of("tool_completed", turn).map(({ at }) => at);
    return of("agent_thinking", turn).some(
      ({ at }) => begins.filter((one) => one < at).length > ends.filter((one) => one < at).length,
    );
  });
  return filled({ repeatStarted, thinkingDuringTools: during });
}

/** One table for all classes with a single mark at the same path; classes with several marks come first, as conditions. */
function rulesOf(all: readonly KnownClass[]): readonly Data[] {
  const classes = all.map((one) => ({ ...one, marks: needed(one, all) }));
  // If all parts of a group have the same kind, the group's own mark is enough.
  const apart = (one: KnownClass): boolean =>
    one.marks.length > 1 && classes.some((other) => other.kind !== one.kind && sharesMark(one, other));
  const isTool = ({ kind }: KnownClass): boolean => kind === "tool_executing" || kind === "tool_completed";
  const split = classes.filter((one) => apart(one) || (one.marks.length > 1 && isTool(one)));
  const tables = new Map<string, Map<string, string>>();
  const single: Data[] = [];
  for (const one of classes) {
    const [mark] = one.marks;
    if (!mark || split.includes(one)) continue;
    if (typeof mark.value === "object" || mark.path === "@frame")
      single.push({ when: equals(mark), kind: one.kind });
    else {
      const table = tables.get(mark.path) ?? new Map<string, string>();
      tables.set(mark.path, table.set(String(mark.value), one.kind));
    }
  }
  const markless = classes.filter(({ marks }) => marks.length === 0);
  return [
    ...split.map((one): Data => ({ when: { all: one.marks.map(equals) }, kind: one.kind })),
    ...single,
    ...[...tables].map(([path, kinds]) => ({ path, kinds: Object.fromEntries(kinds) })),
    ...markless.map((one): Data => ({ when: anything(one), kind: one.kind })),
  ];
}

/** The marks without the first, if only frames that have it also have the second's path. */
function needed(one: KnownClass, all: readonly KnownClass[]): readonly Mark[] {
  const [, second] = one.marks;
  if (!second) return one.marks;
  const outside = all.filter((other) => !sharesMark(one, other));
  const alone = outside.every(({ frames }) => frames.every(({ values }) => !values.has(second.path)));
  return alone ? one.marks.slice(1) : one.marks;
}

function sharesMark(one: KnownClass, other: KnownClass): boolean {
  return one.marks[0]?.path === other.marks[0]?.path && one.marks[0]?.value === other.marks[0]?.value;
}

function equals({ path, value }: Mark): Data {
  return { path, equals: value };
}

/** Frames without a mark are recognised by their fields. */
function anything({ text, frames }: KnownClass): Data {
  const path = text ?? [...(frames[0]?.values.keys() ?? [])].find((one) => !one.startsWith("@"));
  return { path: path ?? "@frame", exists: true };
}

/** Frames before the first message, which belong to no turn; the welcome only if there is no handshake. */
function aroundRules(
  around: readonly PassedFrame[],
  classes: readonly KnownClass[],
  welcomes: boolean,
): readonly Data[] {
  if (around.length === 0) return [];
  const known = new Set(classes.flatMap(({ marks }) => marks.map(({ path, value }) => `${path} ${value}`)));
  const { frames } = readFrames([around]);
  const rules = classesOf(frames).flatMap(({ marks }) => {
    const [mark] = marks;
    return mark && !known.has(`${mark.path} ${mark.value}`) ? [mark] : [];
  });
  const unique = [...new Map(rules.map((mark) => [`${mark.path} ${mark.value}`, mark])).values()];
  return unique.map((mark) => ({
    when: equals(mark),
    kind: welcomes && !PING.test(String(mark.value)) ? "welcome" : "ignored",
  }));
}
