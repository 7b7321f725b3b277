// Fault `bandwidth`: limits the bytes per second of each connection, each way.
import { size } from "../../scenarios/schema/fields.js";
import { formatBytes } from "../../support/units.js";
import { defineFault } from "../action.js";

export const bandwidth = defineFault({
  place: "proxy",
  summary: "each connection carries this many bytes per second, each way",
  schema: size("Bytes per second of each connection, each way", "2KiB", { min: 16, max: 1_073_741_824 }),
  label: (bytes) => `bandwidth ${formatBytes(bytes)}/s`,
  order: (bytes) => ({ kind: "set", conditions: { bytesPerSecond: bytes } }),
});
