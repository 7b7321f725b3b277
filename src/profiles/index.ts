// The table of profiles: to plug one in, add its file and its line here.
import { generic } from "./generic/index.js";
import { goldenPath } from "./golden-path/index.js";
import { a2a } from "./presets/a2a.js";
import { agUi } from "./presets/ag-ui.js";
import { aiSdk } from "./presets/ai-sdk.js";
import { anthropicMessages } from "./presets/anthropic-messages.js";
import { langgraph } from "./presets/langgraph.js";
import { netra } from "./presets/netra.js";
import { ollama } from "./presets/ollama.js";
import { openAiChat } from "./presets/openai-chat.js";
import { openAiRealtime } from "./presets/openai-realtime.js";
import { openAiResponses } from "./presets/openai-responses.js";
import type { Profile } from "./profile.js";

export const PROFILES = {
  "golden-path": goldenPath,
  generic,
  netra,
  "ag-ui": agUi,
  "ai-sdk": aiSdk,
  langgraph,
  "openai-chat": openAiChat,
  "openai-responses": openAiResponses,
  "openai-realtime": openAiRealtime,
  a2a,
  "anthropic-messages": anthropicMessages,
  ollama,
} as const satisfies Record<string, Profile>;

/** The profile of that name; `undefined` when there is none (the scenario file was checked for it). */
export function profileNamed(name: string): Profile | undefined {
  return Object.hasOwn(PROFILES, name) ? PROFILES[name as keyof typeof PROFILES] : undefined;
}
