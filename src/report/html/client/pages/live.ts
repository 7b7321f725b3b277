// The script of the live page: receives each second of the run and draws it.
import type {
  LiveLists,
  LiveMessage,
  LivePageData,
  LiveState,
  OpenTurn,
} from "../../../../model/report/live.js";
import type { TimelinePoint } from "../../../../model/report/measured.js";
import { outcomeText } from "../../../text/turn-words.js";
import type { PageData } from "../../page-data.js";
import { timeData } from "../../time-data.js";
import { dropDown, element } from "../dom.js";
import { latencyPlot } from "../latency-plot.js";
import { loadPlots } from "../load-plots.js";
import { finishPage, type Redraws, readPageData } from "../page.js";
import { mountTimePlot, type Shown } from "../plot.js";
import { formatInstant, formatMillis, formatNumber } from "../values.js";
import { turnBar, turnEvents, turnLength } from "../waterfall.js";

const page = readPageData<LivePageData>();
const points = new Map<number, TimelinePoint>();
const redraws: Redraws = new Set();
const NO_LISTS: LiveLists = { phases: [], faults: [], notes: [], failed: [] };
let lists = NO_LISTS;
let data: PageData = dataOf([]);
let metric = "agent.response";
let mounted = false;

/** Redraws all plots; new seconds wait while the pointer is over one. */
const redrawn = (): void => {
  for (const redraw of redraws) redraw();
};

function dataOf(timeline: readonly TimelinePoint[]): PageData {
  const { phases, faults, notes } = lists;
  const durationMs = ((timeline.at(-1)?.second ?? 0) + 1) * 1000;
  const time = timeData({ timeline, phases, faults, notes, durationMs });
  return { ...time, spectra: [], breakdown: [], limitsMs: page.limitsMs, turns: [], failed: [] };
}

/** The time axis so far. */
const time = {
  get seconds() {
    return data.seconds;
  },
  get phases() {
    return data.phases;
  },
  get faults() {
    return data.faults;
  },
  get notes() {
    return data.notes;
  },
};

function mountPlots(): void {
  mounted = true;
  const mount = (name: string, describe: () => Shown | undefined): void => {
    const host = document.getElementById(`plot-${name}`);
    if (host) mountTimePlot(redraws, host, time, () => describe() ?? { lines: [], format: formatNumber });
  };
  for (const name of ["users", "turns", "errors", "in-flight", "lag"])
    mount(name, () => loadPlots(data)[name]);
  mount("latency", () => latencyPlot(data, metric, false));
}

function metricChoice(): void {
  const controls = document.getElementById("latency-controls");
  const metrics = Object.keys(data.latencies);
  if (!controls || metrics.length === 0 || controls.childElementCount === metrics.length) return;
  if (controls.querySelectorAll("option").length === metrics.length) return;
  if (!metrics.includes(metric)) metric = metrics[0] ?? metric;
  controls.replaceChildren(
    dropDown("Metric", metrics, metric, (value) => {
      metric = value;
      redrawn();
    }),
  );
}

function receive({ all, points: told, state, lists: changed }: LiveMessage): void {
  if (all) points.clear();
  for (const point of told) points.set(point.second, point);
  lists = { ...(all ? NO_LISTS : lists), ...changed };
  data = dataOf([...points.values()].sort((a, b) => a.second - b.second));
  showState(state);
  metricChoice();
  if (data.seconds.length === 0) return;
  if (!mounted) mountPlots();
  else if (document.querySelector(".canvas:hover") === null) redrawn();
}

function showState(state: LiveState): void {
  const failing = state.rules.filter(({ holds }) => holds === false);
  const unknown = state.rules.filter(({ holds }) => holds === undefined);
  const [tone, word] = verdictSoFar(state, failing.length, unknown.length);
  const banner = document.getElementById("banner");
  if (banner) banner.className = `banner ${tone}`;
  setText("state", word);
  const lacking =
    unknown.length > 0
      ? `${unknown.length} of ${state.rules.length} rules not yet known`
      : "every rule is known";
  const broken = failing.map(({ metric: of, rule, observed }) => `${of} ${rule}: ${observed}`).join("; ");
  setText(
    "summary",
    state.ended?.summary ?? (broken === "" ? lacking : `broken now: ${broken} · ${lacking}`),
  );
  facts(state);
  table(
    "rules-table",
    ["", "metric", "rule", "now", "samples missing"],
    orderedRules(state).map((rule) => ruleRow(rule, state)),
  );
  table(
    "open-table",
    ["user", "turn", "open for", "last event", "silent for"],
    (lists.open ?? []).map(openRow),
    lists.open ? "No turn is open." : "Not known: open turns are not in the run's log.",
  );
  table("workers-table", ["worker", "CPU", "loop delay p99", "send lag p99"], state.workers.map(workerRow));
  failedTurn();
  const notes = lists.notes.map(({ atMs, text }) =>
    element("li", "", `${formatInstant(atMs / 1000)} ${text}`),
  );
  document.getElementById("notes-list")?.replaceChildren(...notes);
  document.getElementById("notes")?.toggleAttribute("hidden", notes.length === 0);
}

function verdictSoFar(state: LiveState, failing: number, unknown: number): readonly [string, string] {
  const { verdict } = state.ended ?? {};
  if (verdict !== undefined)
    return verdict === "PASS"
      ? ["good", "✓ PASS"]
      : verdict === "FAIL"
        ? ["bad", "✗ FAIL"]
        : ["warn", `? ${verdict}`];
  const ended = state.ended ? "ended: " : "";
  if (failing > 0) return ["bad", `${ended}✗ failing`];
  return unknown > 0 ? ["quiet", `${ended}? not yet known`] : ["good", `${ended}✓ passing so far`];
}

function facts(state: LiveState): void {
  const good = data.load.goodput.filter((value) => value !== null).slice(-10);
  const goodput =
    good.length === 0 ? "–" : `${formatNumber(good.reduce((a, b) => a + b, 0) / good.length)}/s`;
  const pairs = [
    ["phase", state.phase],
    ["time", state.elapsedMs === undefined ? "–" : formatInstant(state.elapsedMs / 1000)],
    ["left at most", state.leftMs === undefined ? "–" : formatInstant(state.leftMs / 1000)],
    ["users live", `${formatNumber(state.usersLive)} of ${formatNumber(state.usersPlanned)}`],
    ["turns ended", formatNumber(state.turnsEnded)],
    ["in flight", formatNumber(state.turnsInFlight)],
    ["goodput, newest", goodput],
    ["errors", formatNumber(Object.values(state.errors).reduce((sum, count) => sum + count, 0))],
  ] as const;
  const shown = pairs.map(([name, value]) =>
    element("div", "", element("dt", "", name), element("dd", "", value)),
  );
  document.getElementById("head-facts")?.replaceChildren(...shown);
}

type Cells = readonly (Node | string)[];

/** Broken rules first, then those that are not known. */
function orderedRules({ rules }: LiveState): LiveState["rules"] {
  const rank = (holds: boolean | undefined): number => (holds === false ? 0 : holds === undefined ? 1 : 2);
  return [...rules].sort((a, b) => rank(a.holds) - rank(b.holds));
}

function ruleRow(
  { metric: of, rule, observed, holds, missing }: LiveState["rules"][number],
  { ended }: LiveState,
): Cells {
  const unknown = ended?.verdict === undefined ? "? not yet known" : "? no data";
  const [tone, text] =
    holds === undefined ? ["warn", unknown] : holds ? ["good", "✓ holds"] : ["bad", "✗ broken"];
  return [
    element("span", `badge ${tone}`, text),
    of,
    rule,
    observed,
    missing === undefined ? "–" : formatNumber(missing),
  ];
}

function openRow({ user, turn, sinceMs, last, lastAtMs }: OpenTurn): Cells {
  // Relative to the newest second: the run's time includes its preparation.
  const nowMs = ((data.seconds.at(-1) ?? -1) + 1) * 1000;
  const since = (atMs: number): string => formatMillis(Math.max(0, nowMs - atMs));
  return [`${user}`, `${turn}`, since(sinceMs), last ?? "nothing yet", since(lastAtMs ?? sinceMs)];
}

function workerRow({ name, cpu, loopDelayMs, sendLagMs }: LiveState["workers"][number]): Cells {
  return [name, cpu.toFixed(2), formatMillis(loopDelayMs), formatMillis(sendLagMs)];
}

function table(id: string, heads: readonly string[], rows: readonly Cells[], none = "Nothing yet."): void {
  const host = document.getElementById(id);
  if (rows.length === 0) {
    host?.replaceChildren(element("p", "quiet", none));
    return;
  }
  const head = element("tr", "");
  for (const name of heads) {
    const heading = element("th", "", name);
    heading.scope = "col";
    head.append(heading);
  }
  const body = rows.map((cells) => {
    const row = element("tr", "");
    cells.forEach((content, column) => {
      const cell = element("td", "", content);
      // Narrow screens show no headings.
      cell.dataset.label = heads[column] ?? "";
      row.append(cell);
    });
    return row;
  });
  host?.replaceChildren(
    element(
      "div",
      "scroll",
      element(
        "table",
        id === "rules-table" ? "cards" : "",
        element("thead", "", head),
        element("tbody", "", ...body),
      ),
    ),
  );
}

let failedShown = "";

/** Redraws only for another turn. */
function failedTurn(): void {
  const [turn] = lists.failed;
  const key = turn === undefined ? "none" : `${turn.user}-${turn.turn}`;
  if (key === failedShown) return;
  failedShown = key;
  const host = document.getElementById("failed-turn");
  if (turn === undefined) {
    host?.replaceChildren(element("p", "quiet", "No turn has failed."));
    return;
  }
  host?.replaceChildren(
    element(
      "p",
      "turn-facts",
      `user ${turn.user} · turn ${turn.turn} · ${outcomeText(turn)}${turn.error === undefined ? "" : ` · ${turn.error}`}`,
    ),
    turnBar(turn, turnLength(turn)),
    turnEvents(turn),
  );
}

function setText(id: string, text: string): void {
  const host = document.getElementById(id);
  if (host && host.textContent !== text) host.textContent = text;
}

const stop = document.getElementById("stop");
const source = new EventSource("events");
source.addEventListener("message", (event: MessageEvent<string>) => {
  const message = JSON.parse(event.data) as LiveMessage;
  receive(message);
  if (message.state.ended) {
    source.close();
    stop?.setAttribute("hidden", "");
  }
});
source.addEventListener("error", () => {
  setText("summary", "no connection to the run: it has ended, or will be heard again");
});
stop?.addEventListener("click", async () => {
  stop.setAttribute("disabled", "");
  const answer = await fetch("stop", { method: "POST" }).catch(() => undefined);
  stop.textContent = answer?.ok ? "Stopping" : "Not stopped";
});
finishPage(redraws);
