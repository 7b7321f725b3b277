// Detects two users that the service treats as one, from the ids and tokens that their logins returned.
import { createHash } from "node:crypto";
import type { Session } from "../../../profiles/profile.js";
import { accountOf } from "../../../scenarios/accounts/organisations.js";
import type { Accounts } from "../../../scenarios/scenario.js";
import type { Registry } from "../../../session/services.js";
import type { Leak } from "../../../session/turn/observer.js";
import { claimsOf } from "../../../support/jwt.js";

/** A user by number, and what the login returned. */
export interface Somebody {
  readonly number: number;
  readonly session: Session;
}

/** Ids that only one user may have; a token is hashed, because other processes see it. */
export function identitiesOf({ number, session }: Somebody): readonly (readonly [string, number])[] {
  const { userId, token } = session;
  return [
    ...(userId === undefined ? [] : [[userId, number] as const]),
    ...(token === "" ? [] : [[tokenName(token), number] as const]),
  ];
}

/** An id that this many users share, and that no user lacks, is a constant of the service and identifies nobody. */
const CONSTANT_FROM = 3;

/**
 * Whether the id that everybody has may be such a constant: not if it is the name of one of them. Two users would also need
 * different tokens that name nobody.
 */
function isConstant(users: readonly Somebody[], accounts: Accounts, runLabel: string): boolean {
  const [first, ...others] = users;
  const id = first?.session.userId;
  if (id === undefined || others.some(({ session }) => session.userId !== id)) return false;
  const named = users.filter((user) => namesOf(user, accounts, runLabel).includes(id)).length;
  if (named > 0 && named < users.length) return false;
  if (users.length >= CONSTANT_FROM) return true;
  return others.every(
    ({ session: { token } }) => token !== first?.session.token && claimsOf(token)?.sub === undefined,
  );
}

/** Names that a service may use for a user: the account's, or the token's. */
function namesOf({ number, session }: Somebody, accounts: Accounts, runLabel: string): readonly unknown[] {
  const account = accountOf(accounts, number, runLabel);
  const { sub, email } = claimsOf(session.token) ?? {};
  return typeof account === "string"
    ? [sub, email]
    : [account.email, account.email.split("@", 1)[0], sub, email];
}

/**
 * Users that share an id with one of a lower number or another worker, each once. It only counts as suspected if the accounts
 * themselves may be the cause (a shared account, or tokens of unknown owners), or if every user gets the same id that names
 * none of them.
 */
export function sharedIdentities(
  users: Iterable<Somebody>,
  registry: Pick<Registry, "userOf">,
  accounts: Accounts,
  runLabel: string,
  atUs: number,
): readonly Leak[] {
  const leaks: Leak[] = [];
  const all = [...users];
  const constant = isConstant(all, accounts, runLabel);
  for (const somebody of all) {
    for (const [name] of identitiesOf(somebody)) {
      const owner = registry.userOf(name);
      const user = somebody.number;
      if (owner === undefined || owner === user) continue;
      const by = name === somebody.session.userId ? "user id" : "token";
      const known = {
        user,
        owner,
        where: "login",
        what: "log-in",
        turn: undefined,
        runId: undefined,
      } as const;
      const suspected = sameAccount(accounts, user, owner) || (by === "user id" && constant);
      leaks.push({ ...known, atUs, by, ...(suspected ? { suspected } : {}) });
      break;
    }
  }
  return leaks;
}

function tokenName(token: string): string {
  return `token ${createHash("sha256").update(token).digest("hex").slice(0, 16)}`;
}

function sameAccount(accounts: Accounts, user: number, other: number): boolean {
  if (accounts.kind === "tokens") return true;
  const [one, two] = [accountOf(accounts, user, ""), accountOf(accounts, other, "")];
  return typeof one !== "string" && typeof two !== "string" && one.email === two.email;
}
