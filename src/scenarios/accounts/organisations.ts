// Which organisation a user belongs to: from the account's row, or in turn by a pattern.
import type { Account, Accounts, Scenario } from "../scenario.js";

/** In a pattern, the number of the user's organisation, from 1. */
const ORGANISATION = "{org}";

/** A pure function of the user's number; `undefined` if the accounts have no organisations, as with tokens. */
export function organisationOf(accounts: Accounts, user: number): string | undefined {
  switch (accounts.kind) {
    case "pattern":
      return accounts.organisations !== undefined && accounts.pattern.includes(ORGANISATION)
        ? organisationNumber(accounts.organisations, user)
        : undefined;
    case "list":
      return accounts.accounts[user]?.organisation;
    case "tokens":
      return undefined;
  }
}

/** Organisations take turns, so users with neighbouring numbers are in different ones. */
function organisationNumber(organisations: number, user: number): string {
  return String((user % organisations) + 1);
}

/** The account of a user by number; a token is its own account. `runLabel` fills `{run}`. */
export function accountOf(accounts: Accounts, user: number, runLabel: string): Account | string {
  switch (accounts.kind) {
    case "pattern":
      return {
        email: accounts.pattern
          .replaceAll("{n}", String(user))
          .replaceAll("{run}", runLabel)
          .replaceAll(ORGANISATION, organisationNumber(accounts.organisations ?? 1, user)),
        password: accounts.password,
      };
    case "list":
      return accounts.accounts[user] ?? { email: "", password: "" };
    case "tokens":
      return accounts.tokens[user] ?? "";
  }
}

/** Why a scenario cannot have the organisations that it asks for; `undefined` if it can, or asks for none. */
export function missingOrganisations({ organisations, target }: Scenario): string | undefined {
  if (organisations === undefined || organisationOf(target.accounts, 0) !== undefined) return undefined;
  return "the accounts name none: write {org} into their pattern, or a column `organisation` into their file";
}
