// Fault `reset`: connections are cut in the network, and both ends get a reset.
import { z } from "zod";
import { share } from "../../scenarios/schema/fields.js";
import { defineFault } from "../action.js";

const part = share("Share of the open connections", "50%");

export const reset = defineFault({
  place: "proxy",
  summary: "open connections are reset in the network; with a share, only some of them",
  schema: z
    .union([part, z.strictObject({ share: part.default(1) }).transform(({ share: one }) => one)])
    .prefault(1),
  lasts: () => "instant",
  label: (of) => `reset ${Math.round(of * 100)}%`,
  order: (of) => ({ kind: "reset", share: of }),
});
