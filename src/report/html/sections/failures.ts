// The section of failures: what failed, since when, for whom, with the plot that shows it.
import type { RunReport } from "../../../model/report/report.js";
import type { KeptTurn } from "../../../model/turn/turn.js";
import { type Failure, failurePlaces, failuresOf, MAX_SHOWN_FAILURES } from "../../text/failures.js";
import { plural } from "../../text/wording.js";
import { html, type Markup } from "../markup.js";
import { badge, facts, plotPlace, type Section, section, turnLinks } from "./section.js";

/** No section if nothing failed. */
export function failuresSection(report: RunReport, kept: readonly KeptTurn[]): readonly Section[] {
  const failures = failuresOf(report);
  if (failures.length === 0) return [];
  const links = turnLinks(kept);
  const places = failurePlaces(report);
  const shown = failures.slice(0, MAX_SHOWN_FAILURES).map((failure, index) => {
    const place = places.find(({ failure: of }) => of === index);
    return failureMarkup(failure, place?.place, links);
  });
  const left = failures.length - shown.length;
  const rest =
    left > 0
      ? html`<p class="quiet">${plural(left, "more failure")}: see <a href="#sla">the rules</a> and <a href="#findings">the findings</a>.</p>`
      : undefined;
  return [section("failures", "What failed, since when, for whom", "Failed", html`${shown}${rest}`)];
}

function failureMarkup(
  { name, what, since, whom, examples }: Failure,
  place: string | undefined,
  links: ReturnType<typeof turnLinks>,
): Markup {
  const known = examples.flatMap(({ user, turn }) => links(user, turn, `user ${user}, turn ${turn}`) ?? []);
  const words = html`<div><h3>${badge("bad", "✗", "failed")} ${name}</h3><p class="what">${what}.</p>
${facts([
  ...(since === "" ? [] : [["since when", since] as const]),
  ...(whom === "" ? [] : [["for whom", whom] as const]),
  ...(known.length === 0 ? [] : [["for example", html`${known.map((link) => html`${link} `)}`] as const]),
])}</div>`;
  if (place === undefined) return html`<div class="failure">${words}</div>`;
  return html`<div class="failure with-plot">${words}${plotPlace(place, name, "over the run")}</div>`;
}
