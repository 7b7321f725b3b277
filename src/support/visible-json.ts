// JSON in which no character hides or turns the text around it: what came from elsewhere may be shown by any terminal.

/** Control characters that JSON leaves as they are (DEL, C1), line separators, and those that change the direction of text. */
const INVISIBLE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** As `JSON.stringify`, with these characters as `\\u` escapes: the same value to every reader. */
export function visibleJson(value: unknown, indent = 0): string {
  return escapeInvisible(JSON.stringify(value, null, indent) ?? "null");
}

/** The same for a JSON text. */
export function escapeInvisible(json: string): string {
  return json.replace(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A text for people in which each of these characters is one replacement character. */
export function replaceInvisible(text: string): string {
  return text.replace(INVISIBLE, "\ufffd");
}
