// Where frames report a turn's usage: the schema, and the reader.
import { z } from "zod";
import { reportedCount, TOKEN_KINDS, type UsageReport } from "../../../model/turn/usage.js";
import { idOf } from "../../values.js";
import { compilePath, type FrameView, firstOf, type Getter, pathsSchema } from "../language/json-path.js";

const inside = (what: string) => pathsSchema.default([]).describe(`${what}, within that object`);

export const usageSchema = z
  .strictObject({
    at: pathsSchema
      .default([])
      .describe("Where the usage object is in a frame; by default, the frame itself"),
    input: inside("Input tokens, including cached ones"),
    apart: inside("Further input tokens that the one above leaves out: each is added to it"),
    output: inside("Output tokens, including reasoning"),
    cached: inside("Input tokens that came from a cache"),
    reasoning: inside("Output tokens that are reasoning"),
    calls: inside("Calls of a model"),
    model: pathsSchema.default([]).describe("Where the frame names the model, for its price"),
    reports: z
      .enum(["each", "last"])
      .default("last")
      .describe(
        "`each`: every report is for one model call, and they add up; `last`: the last report counts",
      ),
  })
  .prefault({})
  .describe("Usage of a turn, as the backend reports it; nothing is estimated");

/** Reads the usage of a frame into one reused report; `undefined` if the frame has none. */
export type UsageReader = (view: FrameView) => UsageReport | undefined;

/** Whether the options say where any number is. */
export function tellsUsage({ input, output }: z.output<typeof usageSchema>): boolean {
  return input.length > 0 || output.length > 0;
}

/** @returns `undefined` if the options do not say where any number is */
export function usageReader(options: z.output<typeof usageSchema>): UsageReader | undefined {
  if (!tellsUsage(options)) return undefined;
  const get = (paths: readonly string[]): Getter => firstOf(paths.map(compilePath));
  const at: Getter = options.at.length === 0 ? (view) => view.root : get(options.at);
  const [model, calls] = [get(options.model), get(options.calls)];
  const tokens = TOKEN_KINDS.map((kind) => ({ kind, get: get(options[kind]) }));
  const apart = options.apart.map(compilePath);
  const inner: FrameView = { root: undefined, frame: "", label: undefined };
  const report: UsageReport = {
    ...{ input: Number.NaN, output: Number.NaN, cached: Number.NaN, reasoning: Number.NaN },
    ...{ calls: Number.NaN, model: undefined, reports: options.reports, lies: 0 },
  };
  const count = (getter: Getter): number => {
    const read = reportedCount(getter(inner));
    if (read === undefined) report.lies++;
    return read ?? Number.NaN;
  };
  return (view) => {
    const object = at(view);
    if (typeof object !== "object" || object === null) return undefined;
    inner.root = object;
    report.lies = 0;
    for (const { kind, get: getter } of tokens) report[kind] = count(getter);
    for (const getter of apart) {
      const more = count(getter);
      if (!Number.isNaN(more)) report.input += more;
    }
    if (report.cached > report.input) {
      report.cached = Number.NaN;
      report.lies++;
    }
    if (report.lies === 0 && TOKEN_KINDS.every((kind) => Number.isNaN(report[kind]))) return undefined;
    report.calls = options.reports === "each" ? 1 : count(calls);
    report.model = idOf(model(view));
    inner.root = undefined;
    return report;
  };
}
