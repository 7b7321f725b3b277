// Whatever is done with a target's text takes time in proportion to it, up to the largest frame and beyond.
import { describe, expect, it } from "vitest";
import { unreadable } from "../../src/checks/clear-errors.js";
import { cutOffBy } from "../../src/checks/quality/completeness.js";
import { datesIn, figuresIn, identifiersIn } from "../../src/checks/quality/facts.js";
import { normalised, wordsOf } from "../../src/checks/quality/judged.js";
import { actionabilityOf } from "../../src/checks/quality/score.js";
import { blankEvent } from "../../src/model/turn/event.js";
import { genericDecoder } from "../../src/profiles/generic/frames/decode.js";
import { RequestIds } from "../../src/profiles/generic/frames/request-ids.js";
import { genericOptions } from "../../src/profiles/generic/schema/options.js";
import { goldenPathDecoder, shapeOf } from "../../src/profiles/golden-path/decode.js";
import { goldenPathOptions } from "../../src/profiles/golden-path/options.js";
import { withoutCommands } from "../../src/report/formats/annotations.js";
import { escapeMarkup } from "../../src/report/text/xml.js";
import { valuesIn } from "../../src/session/turn/text/fact-memory.js";
import { createRedactor, isSecretName, redactUrl, urlPasswords } from "../../src/support/redaction.js";
import { cutToWidth } from "../../src/support/terminal-text.js";
import { oneLine } from "../../src/support/text.js";
import { growthOf } from "./growth.js";
import { HOSTILE_TEXTS } from "./hostile-texts.js";
import { CODEC } from "./turns.js";

const { redact } = createRedactor(["aaaa", "eyJaaaa", "1111,1", "***a", "a long password with blanks"]);
const golden = goldenPathDecoder(goldenPathOptions.parse({}));
const generic = genericDecoder(
  genericOptions.parse({ send: "{text}", events: [{ path: "type", kinds: { end: "agent_completed" } }] }),
  new RequestIds(),
);
const event = blankEvent();

const WORK: Readonly<Record<string, (text: string) => unknown>> = {
  "redacting a text": redact,
  "redacting a URL": redactUrl,
  "passwords of a URL": (text) => urlPasswords(`http://${text}`),
  "names of secrets": isSecretName,
  "one line of it": oneLine,
  "the live view": (text) => cutToWidth(oneLine(text), 80),
  markup: escapeMarkup,
  "annotations of CI": (text) => withoutCommands(text, false),
  "words of errors": unreadable,
  "quality: normal form": normalised,
  "quality: words": wordsOf,
  "quality: figures": figuresIn,
  "quality: dates": datesIn,
  "quality: identifiers": identifiersIn,
  "quality: end": cutOffBy,
  "quality: steps": (text) => actionabilityOf(text, []),
  "facts of dialogues": valuesIn,
  nonces: (text) => CODEC.scan(text, () => {}),
  "golden-path: a text": (text) =>
    golden(JSON.stringify({ type: "agent_completed", payload: { text } }), event),
  "golden-path: a key": (text) => shapeOf(JSON.stringify({ type: text, [text]: { [text]: 1 } })),
  "generic: a text": (text) => generic.decode(JSON.stringify({ type: text, text }), event),
  "generic: a key": (text) => generic.shapeOf(JSON.stringify({ type: text, [text]: 1 })),
  "generic: a label": (text) => generic.shapeOf("{}", text),
  "generic: an explanation": (text) => generic.explain(JSON.stringify({ type: text, [text]: text }), text),
};

/** As long as the smallest limit on frames; a quadratic walk over four times as much would take minutes. */
const SIZE = 24_000;

describe.each(Object.entries(WORK))("%s", (_, work) => {
  it.each(Object.entries(HOSTILE_TEXTS))("grows with the text: %s", (_name, make) => {
    for (const size of [0, 1, 2, 3, 7, 64, 1000]) work(make(size));
    expect(growthOf(make, work, SIZE)).toBeLessThan(12);
  });
});
