// The tags of tests that need more than Node, or more time than `npm test` has.

/** `npm test` leaves these out, `npm run test:full` does not. */
export const FULL_ONLY = "full";

/** Suites that are skipped where a service is missing. */
export const NEEDS_SERVICE = "service";
