// Renders summary.svg: the verdict and its rules as a picture, for chats and pull requests.
import type { RunReport } from "../../model/report/report.js";
import { cutToWidth } from "../../support/terminal-text.js";
import { oneLine } from "../../support/text.js";
import { formatCount, formatUs } from "../../support/units.js";
import { failuresOf, throughputOf } from "../text/failures.js";
import { marked, markOf, type Tone, toneOf, worstFirst } from "../text/states.js";
import { formatStart, plural, startedUsers } from "../text/wording.js";
import { escapeMarkup } from "../text/xml.js";

const WIDTH = 840;
const LEFT = 32;
const ROW = 26;
const MAX_RULES = 12;
const INK = "#16191f";
const MUTED = "#5a6372";

const COLOURS = {
  good: { ink: "#13753b", soft: "#e3f5ea" },
  bad: { ink: "#b91c2b", soft: "#fdeaea" },
  warn: { ink: "#8a5a00", soft: "#fdf3d7" },
  quiet: { ink: MUTED, soft: "#ffffff" },
} as const satisfies Record<Tone, { ink: string; soft: string }>;

/** Self-contained: no scripts, fonts or other resources. */
export function renderSvg(report: RunReport): string {
  const { ink, soft } = COLOURS[toneOf(report.verdict)];
  const rules = worstFirst(report.sla);
  const shown = rules.slice(0, MAX_RULES);
  const since = failuresOf(report)[0]?.since ?? "";
  const head = [
    `<rect x="1" y="1" width="${WIDTH - 2}" height="104" rx="12" fill="${soft}"/>`,
    text(LEFT, 50, marked(report.verdict), 24, { size: 32, ink, bold: true }),
    text(LEFT + 200, 42, report.scenario.name, 50, { size: 20, bold: true }),
    text(LEFT + 200, 66, report.summary, 76, { size: 14 }),
    ...(since === "" ? [] : [text(LEFT + 200, 88, since, 80, { size: 13, ink: MUTED })]),
    text(LEFT, 132, factsOf(report), 110, { size: 13, ink: MUTED }),
  ];
  const top = 166;
  const rows = shown.flatMap((rule, index) => {
    const y = top + index * ROW;
    const colour = COLOURS[toneOf(rule.verdict)].ink;
    return [
      text(LEFT, y, markOf(rule.verdict), 2, { size: 15, ink: colour, bold: true }),
      text(LEFT + 24, y, rule.step === undefined ? rule.metric : `${rule.metric} (${rule.step})`, 38, {
        size: 14,
      }),
      text(LEFT + 330, y, rule.rule, 24, { size: 14, ink: MUTED }),
      text(LEFT + 520, y, rule.observedText, 18, { size: 14, ink: colour, bold: true }),
      text(LEFT + 660, y, `n ${formatCount(rule.n)}`, 16, { size: 13, ink: MUTED }),
    ];
  });
  const left = rules.length - shown.length;
  const end = top + shown.length * ROW;
  const more =
    left > 0 ? [text(LEFT + 24, end, `and ${plural(left, "more rule")}`, 40, { size: 13, ink: MUTED })] : [];
  const height = end + (left > 0 ? ROW : 0) + 22;
  const foot = text(
    LEFT,
    height - 14,
    `gp-load ${report.tool.version} · run ${report.runId} · seed ${report.seed}`,
    110,
    {
      size: 11,
      ink: MUTED,
    },
  );
  const title = escapeMarkup(oneLine(`${report.verdict}: ${report.scenario.name}. ${report.summary}`));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
<title>${title}</title>
<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="12" fill="#ffffff" stroke="#dfe3e9"/>
${[...head, ...rows, ...more, foot].join("\n")}
</svg>
`;
}

function factsOf(report: RunReport): string {
  const throughput = throughputOf(report);
  return [
    report.target.name,
    ...(report.invocation?.build === undefined ? [] : [report.invocation.build]),
    formatStart(report.startedAt),
    formatUs(report.durationMs * 1000),
    plural(startedUsers(report), "user"),
    plural(report.ledger.attempted, "turn"),
    ...(throughput === undefined ? [] : [`${throughput.turns.toFixed(1)} turns/s`]),
  ].join(" · ");
}

interface Look {
  readonly size: number;
  readonly ink?: string;
  readonly bold?: true;
}

/** One line of text, cut to a number of columns, since fonts cannot be measured here. */
function text(
  x: number,
  y: number,
  content: string,
  columns: number,
  { size, ink = INK, bold }: Look,
): string {
  const shown = escapeMarkup(cutToWidth(oneLine(content), columns));
  const weight = bold ? ' font-weight="650"' : "";
  return `<text x="${x}" y="${y}" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif" font-size="${size}"${weight} fill="${ink}">${shown}</text>`;
}
