// Explains to people how a frame of the golden-path contract was recognised.
import type { EventKind } from "../../model/turn/event.js";
import { createRedactor } from "../../support/redaction.js";
import type { Recognition } from "../profile.js";
import { KINDS, NAME_LENGTH, objectAt, parseObject } from "./decode.js";
import type { GoldenPathOptions } from "./options.js";

const looksLikeToken = createRedactor([]);

/** Looks at the same places in the same order as the decoder: the first that names a known event decides. */
export function goldenPathExplainer(options: GoldenPathOptions): (frame: string) => Recognition {
  const kinds = new Map<string, EventKind>(Object.entries({ ...KINDS, ...options.events }));
  return (frame) => {
    const root = parseObject(frame);
    if (!root) return { kind: "unrecognised", name: "", because: "the frame is not a JSON object" };
    const within = objectAt(root, "payload") ? "payload" : "data";
    const inner = objectAt(root, within);
    const places: readonly (readonly [place: string, value: unknown])[] = [
      ["type", root.type],
      ["event", root.event],
      [`${within}.type`, inner?.type],
      [`${within}.event`, inner?.event],
    ];
    const seen = places.flatMap(([place, value]) =>
      typeof value === "string" ? [{ place, value, kind: kinds.get(value), shown: shown(value) }] : [],
    );
    const [first] = seen;
    const known = seen.find(({ kind }) => kind !== undefined);
    if (known?.kind !== undefined) {
      const whose = Object.hasOwn(options.events, known.value) ? "`events` of the options" : "the contract";
      return { kind: known.kind, name: known.shown, because: `${known.place} = ${known.shown}, by ${whose}` };
    }
    const placesText = seen.map(({ place, shown }) => `${place} is \`${shown}\``).join(", ");
    const because = placesText === "" ? "no text at type or event, nor within payload or data" : placesText;
    const name = first?.shown ?? "";
    return {
      kind: "unrecognised",
      name,
      because: `neither the contract nor \`events\` knows it: ${because}`,
    };
  };
}

function shown(value: string): string {
  return looksLikeToken.redact(value.slice(0, NAME_LENGTH));
}
