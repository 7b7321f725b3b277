// What the neutral server can be told: how it shapes its frames, how long things take, and how it misbehaves.

export interface Behaviour {
  /** Where a frame's ids are. */
  readonly ids: "payload" | "root" | "data" | "metadata";
  /** Which key names a frame's type. */
  readonly typeKey: "type" | "event";
  readonly stamps: "seconds" | "milliseconds" | "iso" | "none" | "nonsense";
  /** How far the server's wall clock is ahead of the truth, milliseconds. */
  readonly clockAheadMs: number;
  readonly welcome: boolean;
  readonly ack: boolean;
  readonly seq: boolean;
  /** Answers an application-level ping with a pong, stamped like every frame. */
  readonly pong: boolean;
  /** From acceptance to agent_started, milliseconds; by the number of the message, from 0. */
  readonly startsAfterMs: (message: number) => number;
  /** From agent_started to agent_completed, milliseconds. */
  readonly worksForMs: (message: number) => number;
  /** From an event's stamp to the wire; the welcome and pongs are not delayed. */
  readonly wireDelayMs: number;
  readonly logins: "normal" | "refused";
  readonly upgrades: "normal" | "never" | "refused" | "closes-at-once";
  /** HTTP status of a refused upgrade. */
  readonly upgradeStatus: number;
  /** Every how many messages something goes wrong; 0 for never. */
  readonly every: Readonly<Record<Mishap, number>>;
  /** A user has one thread for ever, whatever a client creates: what an earlier run said is still in it. */
  readonly oneThreadForEver: boolean;
}

/** What can go wrong with every n-th message. */
export const MISHAPS = [
  "drop-tool-completed",
  "double-thinking",
  "answer-to-another-too",
  "never-answers",
  "binary-frame",
  "malformed-frame",
  "unknown-type",
  "huge-frame",
  "row-doubled",
  "row-missing",
  "row-of-another",
] as const;
export type Mishap = (typeof MISHAPS)[number];

const NEVER = Object.fromEntries(MISHAPS.map((mishap) => [mishap, 0])) as Record<Mishap, number>;

/** A well-behaved server in the contract's own shape. */
const PLAIN: Behaviour = {
  ids: "payload",
  typeKey: "type",
  stamps: "seconds",
  clockAheadMs: 0,
  welcome: true,
  ack: true,
  seq: true,
  pong: true,
  startsAfterMs: () => 10,
  worksForMs: () => 40,
  wireDelayMs: 0,
  logins: "normal",
  upgrades: "normal",
  upgradeStatus: 503,
  every: NEVER,
  oneThreadForEver: false,
};

export type Wishes = Partial<Omit<Behaviour, "every">> & {
  readonly every?: Partial<Record<Mishap, number>>;
};

export function behaviourOf({ every, ...wishes }: Wishes): Behaviour {
  return { ...PLAIN, ...wishes, every: { ...NEVER, ...every } };
}
