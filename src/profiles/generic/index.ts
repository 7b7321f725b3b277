// The profile `generic`: any backend over WebSocket, event streams or Socket.IO, described in the scenario file.
import { defineProfile } from "../profile.js";
import { openGeneric } from "./protocol.js";
import { genericOptions } from "./schema/options.js";

export const generic = defineProfile({
  summary: "any other backend, described in YAML: WebSocket, server-sent events or Socket.IO",
  schema: genericOptions,
  open: openGeneric,
});
