// The schema of a target's `connect`: how users log in and connect, with its defaults.
import { z } from "zod";
import { defined } from "../../support/defined.js";
import { duration, rate, whole } from "./fields.js";

const MINUTE_US = 60_000_000;

export const connectSchema = z
  .strictObject({
    rate: rate("Logins and connects per second at most; no bound by default", "10/s", {
      min: 0.001,
      max: 100_000,
    }),
    concurrency: whole("Logins under way at once; default 8", 8, { min: 1, max: 10_000 }),
    timeout: duration("Bound of one login, request or upgrade; default 10s", "10s", {
      min: 1000,
      max: 10 * MINUTE_US,
    }),
    ping: duration("How often a channel is pinged; default 5s", "5s", { min: 100_000, max: 10 * MINUTE_US }),
    silence: duration(
      "Silence after which a channel is given up as half-open; default 15s, and while a turn is under way its deadline",
      "15s",
      { min: 200_000, max: 10 * MINUTE_US },
    ),
    reconnects: whole("Tries to get a lost channel back; 0 switches reconnection off; default 3", 3, {
      max: 1000,
    }),
  })
  .partial()
  .meta({ id: "connect", description: "How users log in and connect" })
  .transform(({ rate, concurrency = 8, timeout, ping, silence, reconnects = 3 }) => ({
    /** Most logins and upgrades per second; `undefined` for no limit. */
    ratePerSecond: rate,
    concurrency,
    timeoutUs: timeout ?? 10_000_000,
    pingUs: ping ?? 5_000_000,
    silenceUs: silence ?? 15_000_000,
    /** During a turn; `undefined` for the turn's deadline. */
    ...defined({ silenceInTurnUs: silence }),
    reconnects,
  }));
export type ConnectSpec = Readonly<z.output<typeof connectSchema>>;
export const DEFAULT_CONNECT: ConnectSpec = connectSchema.parse({});
