// The labels of samples of turns, and how a metric of only some turns is written: `agent.response{prompt=report}`.

/** In the order in which a combination has their values. */
export const LABELS = ["group", "prompt", "weight", "thread", "step", "tool"] as const;
export type Label = (typeof LABELS)[number];

/** One value for each label; an empty one where there is none. */
export type LabelValues = readonly string[];

/** What replaces values beyond the bound. */
export const OTHER = "(other)";

/** Values that a rule asks for, by label; `phase` is that of the run. */
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

/**
 * Name under which the samples of some turns are folded: the metric with the labels that are asked for. The phase is none of
 * them, since all samples are folded by phase anyway.
 */
export function seriesOf({ metric, where }: { readonly metric: string; readonly where?: Where }): string {
  const asked = where === undefined ? [] : LABELS.filter((label) => where[label] !== undefined);
  if (asked.length === 0) return metric;
  return `${metric}{${asked.map((label) => `${label}=${where?.[label] ?? ""}`).join(",")}}`;
}

/** Whether a combination of labels has all values that are asked for. */
export function hasLabels(values: LabelValues, where: Where): boolean {
  return LABELS.every((label, at) => where[label] === undefined || where[label] === values[at]);
}

const WRITTEN = /^([\w.-]+)\{([^{}]*)\}$/;
const KNOWN: readonly string[] = [...LABELS, "phase"];

/** A metric with labels as it is written, taken apart; a text says what is wrong; `undefined` if it has none. */
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
