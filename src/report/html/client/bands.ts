// Draws phases, faults, notes and limits behind and over the curves of a time plot.
import type uPlot from "uplot";
import type { PageData } from "../page-data.js";
import type { Colours } from "./theme.js";

/** Shades every other phase and writes all names above the plot if there is room. */
export function drawPhases(plot: uPlot, phases: PageData["phases"], colours: Colours): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.font = `${11 * scale}px system-ui, sans-serif`;
  ctx.textBaseline = "bottom";
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
    ctx.fillText(phase.label, left + 2 * scale, bbox.top - 3 * scale);
  });
  ctx.restore();
}

/** A band for the duration of each fault, at least a line wide. */
export function drawFaults(plot: uPlot, faults: PageData["faults"], colours: Colours): void {
  const { ctx, bbox } = plot;
  const right = bbox.left + bbox.width;
  ctx.save();
  ctx.fillStyle = colours.warn;
  ctx.globalAlpha = 0.22;
  for (const fault of faults) {
    const from = plot.valToPos(fault.startS, "x", true);
    const to = Math.max(plot.valToPos(fault.endS, "x", true), from + 2 * devicePixelRatio);
    if (to < bbox.left || from > right) continue;
    const left = Math.max(bbox.left, from);
    ctx.fillRect(left, bbox.top, Math.min(right, to) - left, bbox.height);
  }
  ctx.restore();
}

/** The names of the faults next to their bands, if there is room; drawn over the grid. */
export function drawFaultNames(
  plot: uPlot,
  faults: PageData["faults"],
  fromTop: number,
  colours: Colours,
): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  const right = bbox.left + bbox.width;
  ctx.save();
  ctx.font = `${10 * scale}px system-ui, sans-serif`;
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  ctx.fillStyle = colours.warn;
  let namedUpTo = bbox.left;
  for (const fault of faults) {
    const from = plot.valToPos(fault.startS, "x", true);
    const left = Math.max(bbox.left, from);
    const width = ctx.measureText(fault.label).width;
    const gone = Math.max(plot.valToPos(fault.endS, "x", true), from) < bbox.left;
    if (gone || left < namedUpTo || left + width + 4 * scale > right) continue;
    ctx.fillText(fault.label, left + 2 * scale, bbox.top + fromTop * scale);
    namedUpTo = left + width + 8 * scale;
  }
  ctx.restore();
}

/** A dotted line for each note, numbered as in the list of notes. */
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

/** A dashed line at each limit, with its value; limits beyond the plot are shown at the top with an arrow. */
export function drawLimits(
  plot: uPlot,
  scaleKey: string,
  limits: readonly { readonly value: number; readonly text: string }[],
  colours: Colours,
): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  const right = bbox.left + bbox.width;
  ctx.save();
  ctx.strokeStyle = colours.bad;
  ctx.lineWidth = 1.25 * scale;
  ctx.setLineDash([7 * scale, 4 * scale]);
  ctx.font = `${11 * scale}px system-ui, sans-serif`;
  ctx.textAlign = "right";
  let beyond = 0;
  for (const limit of limits) {
    const y = plot.valToPos(limit.value, scaleKey, true);
    if (!(y >= bbox.top)) {
      beyond += 1;
      drawNote(ctx, `${limit.text} ↑`, right, bbox.top + (beyond * 16 - 1) * scale, colours);
    } else if (y <= bbox.top + bbox.height) {
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(right, y);
      ctx.stroke();
      drawNote(ctx, limit.text, right, y - 5 * scale, colours);
    }
  }
  ctx.restore();
}

/** Text that ends at `right`, with a background so that it stays readable over lines. */
function drawNote(
  ctx: CanvasRenderingContext2D,
  text: string,
  right: number,
  y: number,
  colours: Colours,
): void {
  const scale = devicePixelRatio;
  const width = ctx.measureText(text).width;
  ctx.fillStyle = colours.card;
  ctx.fillRect(right - width - 8 * scale, y - 12 * scale, width + 8 * scale, 15 * scale);
  ctx.fillStyle = colours.bad;
  ctx.fillText(text, right - 4 * scale, y);
}

/** Shades the ranks from `fromX`: turns that never ended, which no curve can show. */
export function drawCensored(plot: uPlot, fromX: number, colours: Colours): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  const left = Math.max(bbox.left, plot.valToPos(fromX, "x", true));
  const width = bbox.left + bbox.width - left;
  if (width <= 0) return;
  ctx.save();
  ctx.fillStyle = colours.bad;
  ctx.globalAlpha = 0.08;
  ctx.fillRect(left, bbox.top, width, bbox.height);
  ctx.globalAlpha = 1;
  ctx.font = `${12 * scale}px system-ui, sans-serif`;
  const text = "censored: these turns never ended";
  const textWidth = ctx.measureText(text).width;
  if (textWidth + 16 * scale < width)
    drawNote(ctx, text, left + textWidth + 16 * scale, bbox.top + bbox.height / 2, colours);
  ctx.restore();
}

export function drawBeyond(plot: uPlot, instants: readonly number[], colours: Colours): void {
  const { ctx, bbox } = plot;
  const size = 5 * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = colours.bad;
  for (const instant of instants) {
    const x = plot.valToPos(instant, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top + 1);
    ctx.lineTo(x - size, bbox.top + 1 + size * 1.6);
    ctx.lineTo(x + size, bbox.top + 1 + size * 1.6);
    ctx.fill();
  }
  ctx.restore();
}
