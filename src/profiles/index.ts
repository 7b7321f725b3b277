// The table of profiles: to add one, write its file and add its line here.
import { preset } from "./generic/preset.js";
import { openGeneric } from "./generic/protocol.js";
import { genericOptions } from "./generic/schema/options.js";
import { goldenPath } from "./golden-path/index.js";
import { defineProfile, type Profile } from "./profile.js";

export const PROFILES = {
  "golden-path": goldenPath,
  generic: defineProfile({
    summary: "any other backend, described in YAML: WebSocket, server-sent events or Socket.IO",
    schema: genericOptions,
    open: openGeneric,
  }),
  netra: preset("netra"),
  "ag-ui": preset("ag-ui"),
  "ai-sdk": preset("ai-sdk"),
  langgraph: preset("langgraph"),
  "openai-chat": preset("openai-chat"),
  "openai-responses": preset("openai-responses"),
  "openai-realtime": preset("openai-realtime"),
  a2a: preset("a2a"),
  "anthropic-messages": preset("anthropic-messages"),
  ollama: preset("ollama"),
} as const satisfies Record<string, Profile>;

/** The profile of that name; `undefined` if there is none (the scenario file was checked for that). */
export function profileNamed(name: string): Profile | undefined {
  return Object.hasOwn(PROFILES, name) ? PROFILES[name as keyof typeof PROFILES] : undefined;
}
