// The building blocks of all sections: heading, table, badge.
import type { KeptTurn } from "../../../model/turn/turn.js";
import type { Verdict } from "../../../model/verdict.js";
import { lookOf, markOf, type State, type Tone, toneOf } from "../../text/states.js";
import { type Content, html, type Markup } from "../markup.js";

export interface Section {
  /** Anchor of the section. */
  readonly id: string;
  /** Heading, and its short form for the navigation. */
  readonly title: string;
  readonly short: string;
  readonly body: Markup;
  /** Small enough to be next to another if there is room. */
  readonly half?: true;
}

/** A column by its heading; one of numbers is made by {@link numbers}. */
export type Column = string | { readonly number: string };

export function numbers(...headings: readonly string[]): readonly Column[] {
  return headings.map((number) => ({ number }));
}

export function section(id: string, title: string, short: string, body: Markup): Section {
  return { id, title, short, body };
}

/** A table that scrolls if it is too wide. */
export function htmlTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
): Markup {
  const head = columns.map((column) => headCell(nameOf(column), numeric(column)));
  const body = rows.map((row) => {
    const cells = row.map((content, index) =>
      index === 0
        ? html`<th scope="row">${content}</th>`
        : html`<td${numeric(columns[index])}>${content}</td>`,
    );
    return html`<tr>${cells}</tr>\n`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table></div>`;
}

/** The same, or this text if it would be empty. */
export function tableOr(
  none: string,
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
): Markup {
  return rows.length === 0 ? html`<p class="quiet">${none}</p>` : htmlTable(caption, columns, rows);
}

function nameOf(column: Column): string {
  return typeof column === "string" ? column : column.number;
}

function numeric(column: Column | undefined): Markup | undefined {
  return typeof column === "object" ? html` class="number"` : undefined;
}

function headCell(name: string, attributes: Markup | undefined): Markup {
  return html`<th scope="col"${attributes}>${name}</th>`;
}

/** A row of {@link cardTable}: its class, and its cells. */
export interface CardRow {
  readonly tone: string;
  readonly cells: readonly Content[];
}

/**
 * A table whose rows are cards on narrow screens: a verdict, a heading, and further cells under the names of their columns.
 * @param columns heading and, unless the cells are plain, their class
 */
export function cardTable(
  name: string,
  caption: Content,
  columns: readonly (readonly [heading: string, className?: string])[],
  rows: readonly CardRow[],
): Markup {
  const head = columns.map(([heading, className = ""]) =>
    headCell(heading, className.startsWith("number") ? html` class="number"` : undefined),
  );
  const cell = (content: Content, index: number): Markup => {
    if (index === 0) return html`<td>${content}</td>`;
    if (index === 1) return html`<th scope="row">${content}</th>`;
    const [heading, className] = columns[index] ?? [];
    return html`<td data-label="${heading}"${className && html` class="${className}"`}>${content}</td>`;
  };
  const body = rows.map(({ tone, cells }) => html`<tr class="${tone}">${cells.map(cell)}</tr>\n`);
  return html`<div class="scroll"><table class="cards ${name}">
<caption>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table></div>`;
}

/** A word with a mark; its colour adds no information. */
export function badge(tone: Tone, mark: string, word: string): Markup {
  return html`<span class="badge ${tone}"><span aria-hidden="true">${mark}</span> ${word}</span>`;
}

export function stateBadge(state: State): Markup {
  const { tone, mark, word } = lookOf(state);
  return badge(tone, mark, word);
}

/** The head of a page: a verdict, a title, and the text below it. */
export function verdictBanner(
  verdict: Verdict,
  title: string,
  words: Markup,
  tone: Tone = toneOf(verdict),
): Markup {
  return html`<div class="banner ${tone}">
<p class="verdict"><span aria-hidden="true">${markOf(verdict)}</span> ${verdict}</p>
<div class="banner-text"><h1>${title}</h1>
${words}</div>
</div>`;
}

/** A name that may wrap after a dot, rather than within a word. */
export function dotted(name: string): Markup {
  const [first = "", ...rest] = name.split(".");
  return html`${first}${rest.map((part) => html`.<wbr>${part}`)}`;
}

/** Name and value pairs. */
export function facts(pairs: readonly (readonly [name: string, value: Content])[]): Markup {
  return html`<dl class="facts">${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A place for a plot, filled by the page's script. */
export function plotPlace(name: string, title: string, description: string): Markup {
  return html`<figure class="plot"><figcaption><h3>${title}</h3><p>${description}</p></figcaption>
<div id="plot-${name}" class="canvas" role="group" aria-label="${title}: ${description}"></div></figure>`;
}

/** The anchor of a kept turn: the id of its waterfall. */
const turnAnchor = (user: number, turn: number): string => `turn-${user}-${turn}`;

/** Links to the waterfalls of these turns; `undefined` for a turn that was not kept. */
export function turnLinks(
  kept: readonly KeptTurn[],
): (user: number | undefined, turn: number | undefined, text: string) => Markup | undefined {
  const known = new Set(kept.map(({ user, turn }) => turnAnchor(user, turn)));
  return (user, turn, text) => {
    if (user === undefined || turn === undefined) return undefined;
    const anchor = turnAnchor(user, turn);
    return known.has(anchor) ? html`<a href="#${anchor}">${text}</a>` : undefined;
  };
}

/** A button that copies a text; hidden until the page's script runs. */
export function copyButton(text: string, what: string): Markup {
  return html`<button type="button" class="copy" hidden data-copy="${text}" aria-label="Copy ${what}">Copy</button>`;
}
