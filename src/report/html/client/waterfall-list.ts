// The list of kept turns, with a filter, filled in steps so that thousands do not slow the page down.
import type { KeptTurn } from "../../../model/turn/turn.js";
import { endedWell, outcomeText } from "../../text/turn-words.js";
import { choice, element } from "./dom.js";
import { formatMillis } from "./values.js";
import { turnBar, turnEvents, turnLength } from "./waterfall.js";

/** Lists the turns, if any were kept. */
export function mountTurns(turns: readonly KeptTurn[]): void {
  const list = document.getElementById("turns-list");
  const controls = document.getElementById("turns-controls");
  if (!list || !controls || turns.length === 0) return;
  const of = (why: string): KeptTurn[] => turns.filter((turn) => why === "all" || turn.why === why);
  const kinds = [
    ["failed", "failed or with anomalies"],
    ["slow", "slowest"],
    ["sample", "random sample"],
    ["all", "all"],
  ] as const;
  const first = kinds.find(([why]) => of(why).length > 0)?.[0] ?? "all";
  const options = kinds.map(([why, text]) => [why, `${text} (${of(why).length})`] as const);
  controls.append(choice("Which turns", options, first, (why) => fillTurns(list, of(why))));
  fillTurns(list, of(first));
  const reveal = (): void => {
    const wanted = turns.find((turn) => turnAnchor(turn) === location.hash.slice(1));
    if (!wanted) return;
    const kind = kinds.findIndex(([why]) => why === wanted.why);
    controls.querySelectorAll("button")[kind]?.click();
    const more = list.querySelector<HTMLButtonElement>(".more");
    while (more && !more.hidden && !document.getElementById(turnAnchor(wanted))) more.click();
    const row = document.getElementById(turnAnchor(wanted));
    if (!(row instanceof HTMLDetailsElement)) return;
    row.open = true;
    row.scrollIntoView({ block: "center" });
    row.querySelector("summary")?.focus({ preventScroll: true });
  };
  addEventListener("hashchange", reveal);
  // Following the same link again does not change the hash.
  addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link && link.hash !== "" && link.hash === location.hash) reveal();
  });
  reveal();
}

/** As in the page's links. */
const turnAnchor = ({ user, turn }: KeptTurn): string => `turn-${user}-${turn}`;

/** Shows the turns, the slowest first, 15 at a time. */
function fillTurns(list: HTMLElement, turns: readonly KeptTurn[]): void {
  const sorted = [...turns].sort((a, b) => turnLength(b) - turnLength(a));
  const span = sorted.reduce((most, turn) => Math.max(most, turnLength(turn)), 0.001);
  const step = 15;
  let shown = 0;
  list.replaceChildren();
  if (sorted.length === 0) list.append(element("p", "quiet", "No turn of this kind was kept."));
  const more = element("button", "more", "");
  more.type = "button";
  const show = (): void => {
    for (const turn of sorted.slice(shown, shown + step)) more.before(turnRow(turn, span));
    shown = Math.min(sorted.length, shown + step);
    more.hidden = shown === sorted.length;
    more.textContent = `Show ${Math.min(step, sorted.length - shown)} more of ${sorted.length - shown}`;
  };
  more.addEventListener("click", show);
  list.append(more);
  show();
}

/** One turn: a line that opens to its events. */
function turnRow(turn: KeptTurn, span: number): HTMLElement {
  const row = element("details", "turn");
  row.id = turnAnchor(turn);
  const [tone, mark] = !endedWell(turn)
    ? ["bad", "✗"]
    : turn.why === "failed"
      ? ["warn", "!"]
      : ["good", "✓"];
  const length = turn.endedAfterMs === undefined ? "never ended" : formatMillis(turn.endedAfterMs);
  const summary = element(
    "summary",
    "",
    element("span", `badge ${tone}`, `${mark} ${outcomeText(turn)}`),
    element("span", "turn-who", `user ${turn.user} · turn ${turn.turn}`),
    turnBar(turn, span),
    element("span", "turn-length", length),
  );
  row.append(summary);
  // Draws the events when first opened.
  row.addEventListener("toggle", () => {
    if (row.open && row.childElementCount === 1) row.append(turnFacts(turn), turnEvents(turn));
  });
  return row;
}

function turnFacts(turn: KeptTurn): HTMLElement {
  const facts = [
    `thread ${turn.threadId}`,
    ...(turn.runId === undefined ? [] : [`run ${turn.runId}`]),
    ...(turn.traceId === undefined ? [] : [`trace ${turn.traceId}`]),
    `phase ${turn.phase}`,
    `intended at ${formatMillis(turn.intendedMs)}`,
    turn.sentAfterMs === undefined ? "never sent" : `sent ${formatMillis(turn.sentAfterMs)} later`,
    ...(turn.error === undefined ? [] : [`error: ${turn.error}`]),
  ];
  return element("p", "turn-facts", facts.join(" · "));
}
