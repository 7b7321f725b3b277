// Fault `split`: data written at once arrives in pieces.
import { size } from "../../scenarios/schema/fields.js";
import { formatBytes } from "../../support/units.js";
import { defineFault } from "../action.js";

export const split = defineFault({
  place: "proxy",
  summary: "data written at once arrives in pieces of this many bytes, one per millisecond",
  schema: size("Bytes per piece", "7B", { min: 1, max: 65_536 }),
  label: (bytes) => `split into ${formatBytes(bytes)}`,
  order: (bytes) => ({ kind: "set", conditions: { pieceBytes: bytes } }),
});
