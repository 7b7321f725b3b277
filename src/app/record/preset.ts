// Finds the built-in profile that fits the traffic: its rules recognise every frame, and its message looks the same.

import { blankEvent, type EventKind } from "../../model/turn/event.js";
import { parsedJson } from "../../profiles/generic/language/json-path.js";
import { PROFILES } from "../../profiles/index.js";
import type { Message, Protocol, Session } from "../../profiles/profile.js";
import type { Target } from "../../scenarios/scenario.js";
import { isObject } from "../../support/json.js";
import { offlineProtocol } from "../offline-protocol.js";
import { type Data, filled } from "./leaves.js";
import type { RecordedTurns, SentTurn } from "./turns.js";

const SESSION: Session = { token: "t", refreshToken: undefined, userId: "u", expiresAtWallUs: undefined };
const MESSAGE: Message = { text: "T", threadId: "thread", messageId: "message", metadata: undefined };
/** Least share of the preset's message that the recorded one must have. */
const ALIKE = 0.6;

/** The best match; `undefined` if the backend fits none. */
export function presetFor(found: RecordedTurns, target: (profile: string) => Target): string | undefined {
  const rated = Object.keys(PROFILES).flatMap((name) => {
    if (name === "generic") return [];
    const protocol = offlineProtocol(target(name));
    const rank = readsAll(protocol, found) ? likeness(protocol, found) : 0;
    return rank >= ALIKE ? [{ name, rank }] : [];
  });
  return rated.sort((a, b) => b.rank - a.rank)[0]?.name;
}

function readsAll(protocol: Protocol, { transport, turns }: RecordedTurns): boolean {
  const streams = protocol.streams !== undefined;
  if (streams !== (transport === "sse") || transport === "socket.io") return false;
  return turns.length > 0 && turns.every((turn) => readsTurn(protocol, turn));
}

function readsTurn(protocol: Protocol, { frames }: SentTurn): boolean {
  const kinds = kindsBy(protocol, frames);
  const said = kinds.includes("answer_delta") || kinds.includes("agent_completed");
  const closes = protocol.streams ? endsByClosing(protocol) : false;
  return (
    said &&
    !kinds.includes("unrecognised") &&
    !kinds.includes("agent_error") &&
    (closes || kinds.includes("agent_completed"))
  );
}

/** The events that a protocol recognises in these frames. */
export function kindsBy(protocol: Protocol, frames: SentTurn["frames"]): readonly EventKind[] {
  const event = blankEvent();
  const kinds: EventKind[] = [];
  for (const { text, label } of frames) protocol.decode(text, event, label, () => kinds.push(event.kind));
  return kinds;
}

function endsByClosing({ streams }: Protocol): boolean {
  const event = blankEvent();
  const end = {
    kind: "ended",
    status: 200,
    reason: "",
    errorCode: undefined,
    atUs: 0,
    frames: 3,
    lastEventId: undefined,
  } as const;
  streams?.ended(end, event);
  return event.kind === "agent_completed";
}

/** Share of the preset message's keys that the recorded one has, too; the path counts as a key. */
function likeness(protocol: Protocol, { turns }: RecordedTurns): number {
  const [turn] = turns;
  if (!turn) return 0;
  if (turn.frame)
    return shared(
      keysOf(parsedJson(protocol.encodeMessage(MESSAGE, SESSION))),
      keysOf(parsedJson(turn.frame.text)),
    );
  const request = protocol.streams?.request(MESSAGE, SESSION);
  if (!request || !turn.exchange) return 0;
  const wanted = [...keysOf(parsedJson(request.body ?? "")), lastPart(new URL(request.url).pathname)];
  return shared(wanted, [...keysOf(parsedJson(turn.exchange.body ?? "")), lastPart(turn.exchange.path)]);
}

function lastPart(path: string): string {
  return /\/[^/]*(?=\/*$)/.exec(path)?.[0] ?? "/";
}

function keysOf(value: object | undefined): readonly string[] {
  return Object.keys(value ?? {});
}

function shared(wanted: readonly string[], seen: readonly string[]): number {
  return wanted.filter((key) => seen.includes(key)).length / Math.max(1, wanted.length);
}

/**
 * What the recording adds to the preset's options: other paths, missing message keys, constants that
 * differ. The preset's placeholders stay.
 */
export function beyondPreset(seen: Data, preset: Data): Data {
  return Object.fromEntries(
    Object.entries(seen).flatMap(([key, value]): [string, unknown][] => {
      const known = preset[key];
      if (known === undefined) return [[key, value]];
      if (isObject(value) && isObject(known)) {
        return Object.entries(filled({ [key]: beyondPreset(value, known) }));
      }
      // Parsed paths are lists.
      const same = [known, Array.isArray(known) ? known[0] : known].some(
        (one) => JSON.stringify(one) === JSON.stringify(value),
      );
      const byPlaceholder = key !== "path" && JSON.stringify(known).includes("{");
      return same || byPlaceholder ? [] : [[key, value]];
    }),
  );
}
