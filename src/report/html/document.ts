// The frame of every page: head with its content security policy, top bar, main part, footer, data and script.
import { createHash } from "node:crypto";
import { html, jsonMarkup, type Markup, ownCode } from "./markup.js";
import type { Section, Tone } from "./sections/section.js";

export interface PageParts {
  readonly title: string;
  readonly top: Markup;
  readonly main: Markup;
  readonly footer: Markup;
  /** Code of our own, never of the target's. */
  readonly style: string;
  readonly script: string;
  /** What the script reads from `#data`. */
  readonly data?: unknown;
  /** The script may connect to the page's own server, and no other. */
  readonly connects?: boolean;
}

/** The page. Its policy forbids every request and every script and style but its own two, known by their hashes. */
export function pageDocument({ title, top, main, footer, data, connects, ...code }: PageParts): string {
  const style = ownCode(code.style);
  const script = ownCode(code.script);
  const policy = `default-src 'none'; script-src ${sha256(script)}; style-src ${sha256(style)}; img-src data:;${connects ? " connect-src 'self';" : ""} base-uri 'none'; form-action 'none'`;
  const dataElement =
    data === undefined
      ? undefined
      : html`<script type="application/json" id="data">${jsonMarkup(data)}</script>\n`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${style}</style></head>
<body><a class="skip" href="#main">Skip to the result</a>
${top}
<main id="main">
${main}
</main>
<footer>${footer}</footer>
${dataElement}<script>${script}</script>
</body></html>
`.toString();
}

/** The bar at the top: verdict, links to the sections, theme button. */
export function topBar(
  badge: { readonly tone: Tone; readonly mark: string; readonly word: string },
  sections: readonly Pick<Section, "id" | "short">[],
): Markup {
  const links = sections.map(({ id, short }) => html`<a href="#${id}">${short}</a>`);
  return html`<div class="top"><p class="brand"><b>gp-load</b> <span class="badge ${badge.tone}">${badge.mark} ${badge.word}</span></p>
<nav aria-label="Sections">${links}</nav>
<button type="button" id="theme" hidden aria-pressed="false">Dark</button></div>`;
}

export function sectionMarkup({ id, title, body, half }: Section): Markup {
  return html`<section class="card${half ? " half" : ""}" id="${id}" aria-labelledby="h-${id}"><h2 id="h-${id}">${title}</h2>
${body}</section>
`;
}

function sha256(code: Markup): string {
  return `'sha256-${createHash("sha256").update(code.toString()).digest("base64")}'`;
}
