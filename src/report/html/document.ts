// The frame of every page: head with its content security policy, top bar, main part, footer, data and script.
import { createHash } from "node:crypto";
import type { Tone } from "../text/states.js";
import { html, jsonMarkup, type Markup, NOTHING, ownCode } from "./markup.js";
import { type PageName, pageCode } from "./page-code.js";
import type { Section } from "./sections/section.js";
import { STYLES } from "./styles/index.js";

export interface PageParts {
  /** Whose script, and whose styles of plots. */
  readonly page: PageName;
  readonly title: string;
  readonly badge: { readonly tone: Tone; readonly mark: string; readonly word: string };
  readonly header: Markup;
  /** Between the header and the sections. */
  readonly lead?: Markup;
  readonly sections: readonly Section[];
  /** Sections that the bar at the top links to; all of them, if left out. */
  readonly linked?: readonly Section[];
  readonly footer: Markup;
  /** Styles of its own. */
  readonly style?: string;
  /** What the script reads from `#data`. */
  readonly data?: unknown;
  /** The script may connect to the page's own server, and no other. */
  readonly connects?: boolean;
}

/** The page. Its policy forbids every request and every script and style but its own two, known by their hashes. */
export function pageDocument(parts: PageParts): string {
  const { page, badge, lead = NOTHING, sections, linked = sections, data, connects } = parts;
  const code = pageCode(page);
  const style = ownCode(`${code.css}\n${STYLES}\n${parts.style ?? ""}`);
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
<title>${parts.title} · gp-load</title>
<style>${style}</style></head>
<body><a class="skip" href="#main">Skip to the result</a>
<div class="top"><p class="brand"><b>gp-load</b> <span class="badge ${badge.tone}">${badge.mark} ${badge.word}</span></p>
<nav aria-label="Sections">${linked.map(({ id, short }) => html`<a href="#${id}">${short}</a>`)}</nav>
<button type="button" id="theme" hidden aria-pressed="false">Dark</button></div>
<main id="main">
<header>${parts.header}</header>
${lead}
${sections.map(sectionMarkup)}
</main>
<footer>gp-load ${parts.footer}</footer>
${dataElement}<script>${script}</script>
</body></html>
`.toString();
}

export function sectionMarkup({ id, title, body, half }: Section): Markup {
  return html`<section class="card${half ? " half" : ""}" id="${id}" aria-labelledby="h-${id}"><h2 id="h-${id}">${title}</h2>
${body}</section>
`;
}

function sha256(code: Markup): string {
  return `'sha256-${createHash("sha256").update(code.toString()).digest("base64")}'`;
}
