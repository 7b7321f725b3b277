// Keeps a user's session fresh: renews it before its token really expires, and when a token is refused.
import type { Session } from "../../profiles/profile.js";
import { requestFailure } from "../request-failure.js";
import type { Uses } from "../services.js";

/** How long before its expiry a token is renewed, or in the last fifth of its life if that is shorter. */
const AHEAD_US = 30_000_000;
const AHEAD_SHARE = 0.2;

export type RenewalServices = Uses<"schedule" | "protocol" | "observer" | "connection" | "logIn" | "log">;

/** Whose session it is. */
export interface SessionHolder {
  readonly number: number;
  session: Session;
}

export class SessionRenewal {
  readonly #services: RenewalServices;
  readonly #holder: SessionHolder;
  /** The session that `#renewAtUs` was computed for. */
  #known: Session | undefined;
  #renewAtUs = Number.POSITIVE_INFINITY;
  #renewing: Promise<boolean> | undefined;

  constructor(services: RenewalServices, holder: SessionHolder) {
    this.#services = services;
    this.#holder = holder;
  }

  /** Called now and then: renews a token that expires soon; cheap otherwise. */
  tick(): void {
    const { session } = this.#holder;
    const nowUs = this.#services.schedule.clock.nowUs();
    if (this.#known !== session) {
      this.#known = session;
      this.#renewAtUs = this.#renewalOf(session, nowUs);
    }
    if (nowUs >= this.#renewAtUs) void this.renew(session.token);
  }

  /** Before the token expires, or never if that time is unknown: then a refusal triggers the renewal. */
  #renewalOf({ endsUs }: Session, nowUs: number): number {
    if (endsUs === undefined) return Number.POSITIVE_INFINITY;
    const lifeUs = Math.max(0, endsUs - nowUs);
    // A token that will expire before the second next call must be renewed now.
    return endsUs - Math.max(Math.min(AHEAD_US, lifeUs * AHEAD_SHARE), 2 * this.#services.connection.pingUs);
  }

  /** A session with another token than the refused one. `false` if none is available. Never rejects. */
  renew(refused: string): Promise<boolean> {
    if (this.#holder.session.token !== refused) return Promise.resolve(true);
    this.#renewing ??= this.#renew(refused).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** With its refresh token, which works once, or else by logging in again. */
  async #renew(refused: string): Promise<boolean> {
    const { protocol, schedule, observer, logIn } = this.#services;
    const { session, number } = this.#holder;
    const intendedUs = schedule.clock.nowUs();
    let answer = session.refreshToken === undefined ? undefined : await protocol.refresh(session);
    if (!answer?.ok) answer = await logIn(number);
    const samples = schedule.samplesAt(intendedUs).of("login");
    if (!answer.ok) {
      samples.censor();
      observer.trouble(`login ${answer.message}`, number, requestFailure("login", answer));
      return false;
    }
    if (answer.session.token === refused) return false;
    this.#holder.session = answer.session;
    samples.push(Math.max(0, answer.doneUs - intendedUs));
    this.#services.log?.line("info", "session renewed", { user: number });
    return true;
  }
}
