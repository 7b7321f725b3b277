// The text of a first scenario file: one target, one scenario, and comments on what to change next.

import type { Transport } from "../model/transport.js";

export interface StarterFacts {
  readonly url: string;
  readonly authUrl: string | undefined;
  readonly profile: string;
  readonly accounts: StarterAccounts;
  /** Users can read their history back. */
  readonly history: boolean;
  /** For a profile that knows nothing about frames: writes options for this transport. */
  readonly transport: Transport | undefined;
}

export type StarterAccounts =
  | { readonly kind: "tokens"; readonly file: string }
  | {
      readonly kind: "pattern";
      readonly pattern: string;
      readonly password: string;
      readonly register: boolean;
    };

/** Always valid YAML: every text from outside is quoted. */
export function starterFile(facts: StarterFacts): string {
  const lines = [
    "# Written by `gp-load init`. Every key: docs/scenarios.md; how to speak to a backend: docs/profiles.md.",
    "version: 1",
    "",
    "targets:",
    "  backend:",
    `    profile: ${facts.profile}`,
    `    url: ${quoted(facts.url)}`,
    ...(facts.authUrl === undefined ? [] : [`    authUrl: ${quoted(facts.authUrl)}`]),
    ...accountLines(facts.accounts),
    "    # connect: { rate: 10/s }        # log-ins and sockets a second, where the backend wants care",
    ...(facts.transport === undefined ? [] : bareOptions(facts.transport)),
    "",
    "scenarios:",
    "  smoke:",
    "    description: A few users ask, watch the agent work, and read the answer",
    "    tags: [smoke]",
    "    target: backend",
    "    load: { users: 5, ramp: 2s, hold: 20s }   # then: users: 100, ramp: 10s, hold: 30s",
    "    journey:",
    "      - connect",
    "      - loop:",
    "          - send: { prompt: mix }             # `gp-load list` and docs/scenarios.md name the prompts",
    ...(facts.history ? ["          - history"] : []),
    "          - think: 500ms..2s",
    `    checks: [critical-events, isolation${facts.history ? ", history" : ""}]`,
    "    # sla:                                    # the defaults hold where nothing is said",
    '    #   agent.response: "p95 < 20s"',
  ];
  return `${lines.join("\n")}\n`;
}

const MESSAGE = '{ type: message, text: "{text}", thread: "{threadId}", id: "{messageId}" }';

const SENDING: Readonly<Record<Transport, readonly string[]>> = {
  websocket: ["      socket: { path: /ws }", `      send: ${MESSAGE}`],
  sse: ["      transport: sse", `      stream: { request: { path: /chat, body: ${MESSAGE} } }`],
  "socket.io": [
    "      transport: socket.io",
    "      socket: { path: /socket.io }",
    `      send: { event: message, data: ${MESSAGE} }`,
  ],
};

function bareOptions(transport: Transport): readonly string[] {
  return [
    "    options:                          # what every frame means: `gp-load try` helps to find out",
    ...SENDING[transport],
    "      events:",
    `        - path: ${transport === "websocket" ? "type" : 'type                    # or "@label": the name that the transport gives the event'}`,
    "          kinds:",
    "            started: agent_started",
    "            thinking: agent_thinking",
    "            answer: agent_completed",
    "            error: agent_error",
    "      ids: { message: id, thread: thread }",
    "      text: text",
    "      expects: [agent_completed]",
  ];
}

function accountLines(accounts: StarterAccounts): readonly string[] {
  if (accounts.kind === "tokens")
    return [`    accounts: { tokens: ${quoted(accounts.file)} }   # one token a line, one line a user`];
  const { pattern, password, register } = accounts;
  return [
    "    accounts:                         # or { file: accounts.csv }, or { tokens: tokens.txt }",
    `      pattern: ${quoted(pattern)}`,
    `      password: ${quoted(password)}`,
    `      register: ${register}`,
  ];
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
