// Fault `defect`: the embedded reference backend misbehaves on request, until the fault ends.
import { z } from "zod";
import { text } from "../../scenarios/schema/fields.js";
import { defineFault } from "../action.js";

const name = text("A defect of the reference backend", "model-500");
const order = z.strictObject({
  name,
  count: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("Exactly this many times, at the first opportunities"),
  rate: z.number().gt(0).max(1).optional().describe("Share of the opportunities, drawn from a seed"),
  params: z.record(z.string(), z.unknown()).optional().describe("Further parameters of the defect"),
});

export const defect = defineFault({
  place: "target",
  summary: "the embedded reference backend misbehaves in this way",
  schema: z.union([name.transform((one): z.output<typeof order> => ({ name: one })), order]),
  claim: (options) => `defect ${options.name}`,
  label: (options) => `defect ${options.name}`.slice(0, 80),
  calls: (options) => ({
    begin: { kind: "defect", on: true, order: options },
    undo: { kind: "defect", on: false, order: options },
  }),
});
