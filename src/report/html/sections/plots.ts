// The sections with plots, which the page's script fills: load, latencies, errors, spectrum.
import type { ReportDetails } from "../../../model/report/details.js";
import type { RunReport } from "../../../model/report/report.js";
import { secondsPerPoint } from "../downsample.js";
import { html, type Markup, NOTHING } from "../markup.js";
import { plotPlace, type Section, section } from "./section.js";

const NO_TIMELINE = html`<p class="quiet">The run ended before anything was recorded, so there is nothing to draw.</p>`;

export function loadSection(report: RunReport): Section {
  if (report.timeline.length === 0) return section("load", "Over time", "Over time", NO_TIMELINE);
  return section(
    "load",
    "Over time",
    "Over time",
    html`<p class="quiet">Drag across a plot to zoom all of them, double-click to see the whole run again. ${thinning(report)}</p>
<div class="plots">${[
      plotPlace("users", "Users", "Live users (heard from within 15 s) and users started, each second."),
      report.starts === null
        ? NOTHING
        : plotPlace(
            "starts",
            "Starts per second",
            "Starts that came due at the load's rate, those that were made, and those dropped because every session was busy or the generator was late.",
          ),
      plotPlace(
        "turns",
        "Turns per second",
        "Turns that ended, and turns that met every limit, by the second they were intended (goodput).",
      ),
      plotPlace("in-flight", "In flight", "Turns sent and not yet ended."),
      plotPlace(
        "errors",
        "Errors",
        "Turns that did not complete, failed connections and requests, each second, by cause.",
      ),
    ]}</div>
${notesList(report)}`,
  );
}

function thinning(report: RunReport): string {
  const width = secondsPerPoint(report.timeline.length);
  if (width === 1) return "";
  return `Each point stands for ${width} seconds: the highest of latencies and errors, the lowest of live users, the mean of rates.`;
}

function notesList(report: RunReport): Markup {
  if (report.notes.length === 0) return NOTHING;
  const items = report.notes.map(
    (note) => html`<li><span class="number">${(note.atMs / 1000).toFixed(1)} s</span> ${note.text}</li>`,
  );
  return html`<h3>Notes (numbered in the plots)</h3><ol class="notes">${items}</ol>`;
}

export function latencySection(report: RunReport): Section {
  const known = report.timeline.some((point) => Object.keys(point.metrics).length > 0);
  const body = known
    ? html`<div class="controls" id="latency-controls"></div>
${plotPlace("latency", "Latency percentiles", "p50, p95 and p99 of what was recorded in each second; response time, from the intended time. A triangle at the top marks a second whose p99 is censored: that turn never ended.")}`
    : html`<p class="quiet">Nothing was measured.</p>`;
  return section("latency", "Latency over time", "Latency", body);
}

export function spectrumSection(details: ReportDetails): Section {
  const body =
    details.spectra.length === 0
      ? html`<p class="quiet">The hold has no samples.</p>`
      : html`<div class="controls" id="spectrum-controls"></div>
${plotPlace("spectrum", "Percentile spectrum of the hold", "How slow the slowest share of all attempts was. A curve that ends before the right edge was censored there: those turns never ended.")}
${plotPlace("histogram", "Histogram of the hold", "How many attempts took how long, on a logarithmic scale. Those that never ended are in no bar.")}`;
  return section("spectrum", "Percentile spectrum", "Spectrum", body);
}

export function turnsSection(details: ReportDetails): Section {
  const body =
    details.keptTurns.length === 0
      ? html`<p class="quiet">No turn was kept.</p>`
      : html`<p class="legend"><span class="key state-waiting"></span> waiting for the service <span class="key state-thinking"></span> thinking <span class="key state-model"></span> model <span class="key state-tool"></span> tool <span class="key state-answer"></span> answering <span class="key state-anomaly"></span> anomaly</p>
<div class="controls" id="turns-controls"></div><div id="turns-list"></div>
<noscript><p class="quiet">The waterfalls need the page's own script.</p></noscript>`;
  return section("turns", "Turns kept: failed, slowest, and a sample", "Turns", body);
}
