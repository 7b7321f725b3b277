// Draws what lies behind and over the curves of a time plot: phases, notes and limits.
/// <reference lib="dom" />
import type uPlot from "uplot";
import type { PageData } from "../page-data.js";
import type { Colours } from "./theme.js";

/** Shades every other phase and writes the names of all of them along the top. */
export function drawPhases(plot: uPlot, phases: PageData["phases"], colours: Colours): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `${11 * scale}px system-ui, sans-serif`;
  ctx.textBaseline = "top";
  phases.forEach((phase, index) => {
    const left = Math.max(bbox.left, plot.valToPos(phase.startS, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(phase.endS, "x", true));
    if (right <= left) return;
    if (index % 2 === 0) {
      ctx.fillStyle = colours.band;
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
    }
    if (ctx.measureText(phase.label).width + 8 * scale > right - left) return;
    ctx.fillStyle = colours.muted;
    ctx.fillText(phase.label, left + 4 * scale, bbox.top + 4 * scale);
  });
  ctx.restore();
}

/** A dotted line where something was noted, numbered as in the list of notes. */
export function drawNotes(plot: uPlot, notes: PageData["notes"], colours: Colours): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colours.warn;
  ctx.fillStyle = colours.warn;
  ctx.lineWidth = scale;
  ctx.setLineDash([2 * scale, 3 * scale]);
  ctx.font = `600 ${10 * scale}px system-ui, sans-serif`;
  notes.forEach((note, index) => {
    const x = plot.valToPos(note.atS, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillText(String(index + 1), x + 3 * scale, bbox.top + bbox.height - 4 * scale);
  });
  ctx.restore();
}

/** A dashed line at each limit, with its value, where the plot's range reaches it. */
export function drawLimits(
  plot: uPlot,
  scaleKey: string,
  limits: readonly { readonly value: number; readonly text: string }[],
  colours: Colours,
): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colours.bad;
  ctx.fillStyle = colours.bad;
  ctx.lineWidth = 1.25 * scale;
  ctx.setLineDash([7 * scale, 4 * scale]);
  ctx.font = `${11 * scale}px system-ui, sans-serif`;
  ctx.textAlign = "right";
  for (const limit of limits) {
    const y = plot.valToPos(limit.value, scaleKey, true);
    if (!(y >= bbox.top && y <= bbox.top + bbox.height)) continue;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(limit.text, bbox.left + bbox.width - 4 * scale, y - 4 * scale);
  }
  ctx.restore();
}
