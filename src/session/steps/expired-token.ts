// Step `expired-token`: hold a socket open past its token's expiry, then try every endpoint with the expired token.
import { z } from "zod";
import { duration } from "../../scenarios/schema/fields.js";
import { type ExpiryServices, probeExpiredToken } from "../probe/expired-token.js";
import { firstUsers } from "./first-users.js";
import { defineStep, NOTHING_PLANNED, type Walk } from "./step.js";

const MINUTE_US = 60_000_000;

const options = z.strictObject({
  users: firstUsers,
  life: duration("Lifetime of the requested token", "2s", {
    min: 1_000_000,
    max: 60 * MINUTE_US,
  }).default(2_000_000),
  wait: duration("Longest time to wait for a token's expiry", "10s", { max: 60 * MINUTE_US }).default(
    10_000_000,
  ),
  grace: duration("How long a socket may stay open after its token's expiry", "2s", {
    max: MINUTE_US,
  }).default(2_000_000),
});

export const expiredToken = defineStep({
  summary: "hold a socket open past its token's expiry, then try every endpoint with the expired token",
  schema: () => options.prefault({}),
  plan: () => NOTHING_PLANNED,
  async run({ user, services }: Walk<keyof ExpiryServices>, { users, life, wait, grace }) {
    if (users !== undefined && user.number >= users) return;
    await probeExpiredToken(user, services, { lifeUs: life, waitUs: wait, graceUs: grace });
    user.cursorUs = services.schedule.clock.nowUs();
  },
});
