// Labels of turns, and the notation for a metric of some turns only: `agent.response{prompt=report}`.

/** In the order of {@link LabelValues}. */
export const LABELS = ["group", "prompt", "weight", "thread", "step", "tool"] as const;
export type Label = (typeof LABELS)[number];

/** One value for each label; an empty one where there is none. */
export type LabelValues = readonly string[];

/** Replaces values beyond the limit. */
export const OTHER = "(other)";

/** Values that a rule selects, by label; `phase` is the run's. */
export type Where = Readonly<Partial<Record<Label | "phase", string>>>;

/** Metrics that are broken down by the labels of their turn. */
export const LABELLED = [
  "message.processing",
  "ttft",
  "ttfe",
  "chunk.gap",
  "event.gap",
  "agent.response",
  "tpot",
  "tokens.input",
  "tokens.output",
  "tokens.cached",
  "tokens.reasoning",
  "cost.turn",
  "model.calls",
  "tool.calls",
  "tool.duration",
] as const;

/** Key of the samples of some turns: the metric with its labels, without the phase, since all samples are kept by phase. */
export function seriesOf({ metric, where }: { readonly metric: string; readonly where?: Where }): string {
  const asked = where === undefined ? [] : LABELS.filter((label) => where[label] !== undefined);
  if (asked.length === 0) return metric;
  return `${metric}{${asked.map((label) => `${label}=${where?.[label] ?? ""}`).join(",")}}`;
}

export function hasLabels(values: LabelValues, where: Where): boolean {
  return LABELS.every((label, at) => where[label] === undefined || where[label] === values[at]);
}

const WRITTEN = /^([\w.-]+)\{([^{}]*)\}$/;
const KNOWN: readonly string[] = [...LABELS, "phase"];

/** Parses a metric with labels; a string says what is wrong; `undefined` if there are no labels. */
export function parseLabels(
  written: string,
): { readonly name: string; readonly where: Where } | string | undefined {
  if (!written.includes("{")) return undefined;
  const match = WRITTEN.exec(written);
  const example = "write for example `agent.response{prompt=report}`";
  if (!match) return `"${written}" is not a metric with labels; ${example}`;
  const where: Record<string, string> = {};
  for (const part of (match[2] ?? "").split(",")) {
    const [label = "", ...rest] = part.split("=");
    const value = rest.join("=").trim();
    if (!KNOWN.includes(label.trim()) || value === "")
      return `"${part.trim()}" is not a label and its value; labels are ${KNOWN.join(", ")}; ${example}`;
    where[label.trim()] = value;
  }
  return { name: match[1] ?? "", where };
}
