// Builds HTML in which every value is escaped as text, unless it was built here, too.
import { replaceInvisible } from "../../support/json.js";
import { escapeMarkup } from "../text/xml.js";

/** Safe HTML. Only this module creates it. */
export class Markup {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

export type Content = string | number | Markup | readonly Markup[] | undefined;

/** HTML from a template; strings and numbers are escaped, `undefined` is left out. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let text = parts[0] ?? "";
  contents.forEach((content, index) => {
    text += render(content) + (parts[index + 1] ?? "");
  });
  return new Markup(text);
}

export const NOTHING = new Markup("");

/** JSON for a `<script type="application/json">`: nothing in it can end the element, break a line of script or hide. */
export function jsonMarkup(value: unknown): Markup {
  const json = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return new Markup(replaceInvisible(json));
}

/** A style or script of our own (never of the target's), which must not be able to end its element. */
export function ownCode(text: string): Markup {
  return new Markup(text.replace(/<\/(script|style)/gi, "<\\/$1"));
}

function render(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Markup) return content.toString();
  if (typeof content === "string") return escapeMarkup(content);
  if (typeof content === "number") return String(content);
  return content.map((one) => one.toString()).join("");
}
