// The tag of tests that only the whole set runs: `npm test` leaves them out, `npm run test:full` does not.

export const FULL_ONLY = "full";
