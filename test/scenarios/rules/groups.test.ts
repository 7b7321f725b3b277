// Groups of users: who belongs to which, by number alone, and what is refused.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupNumbers, groupSizes, WHOLE_SHARE } from "../../../src/scenarios/rules/groups.js";
import type { GroupSpec } from "../../../src/scenarios/scenario.js";
import { loadOne, problemsOf } from "../load.fixture.js";

const group = (part: { readonly users: number } | { readonly share: number }): GroupSpec => ({
  name: "g",
  users: undefined,
  share: undefined,
  note: undefined,
  baseline: true,
  journey: [],
  ...part,
});

/** Shares that sum to the whole: cuts of it at random places. */
const shares = fc
  .uniqueArray(fc.integer({ min: 1, max: WHOLE_SHARE - 1 }), { minLength: 0, maxLength: 6 })
  .map((cuts) => {
    const places = [0, ...cuts.sort((a, b) => a - b), WHOLE_SHARE];
    return places.slice(1).map((place, at) => group({ share: place - (places[at] ?? 0) }));
  });
const exact = fc
  .array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 })
  .map((counts) => counts.map((users) => group({ users })));

describe("the group of a user", () => {
  it("is its share of any number of users, to less than one user", () => {
    fc.assert(
      fc.property(shares, fc.integer({ min: 1, max: 400 }), (groups, users) => {
        const given = groups.map(() => 0);
        for (const [seat, index] of groupNumbers(groups, users).entries()) {
          given[index] = (given[index] ?? 0) + 1;
          for (const [at, { share = 0 }] of groups.entries())
            expect(Math.abs((given[at] ?? 0) - (share * (seat + 1)) / WHOLE_SHARE)).toBeLessThan(1);
        }
      }),
    );
  });

  it("depends on its number only, however many others there are", () => {
    fc.assert(
      fc.property(exact, shares, fc.integer({ min: 1, max: 200 }), fc.nat(200), (some, rest, few, more) => {
        const groups = [...some, ...rest];
        const many = groupNumbers(groups, few + more);
        expect([...groupNumbers(groups, few)]).toEqual([...many.subarray(0, few)]);
      }),
    );
  });

  it("is first one of an exact number, and exactly so many belong to it", () => {
    fc.assert(
      fc.property(exact, shares, fc.integer({ min: 16, max: 200 }), (some, rest, users) => {
        const sizes = groupSizes([...rest, ...some], users);
        expect(sizes.slice(rest.length)).toEqual(some.map((one) => one.users));
        expect(sizes.reduce((a, b) => a + b, 0)).toBe(users);
        const wanted = some.reduce((sum, one) => sum + (one.users ?? 0), 0);
        const first = groupNumbers([...rest, ...some], users).subarray(0, wanted);
        expect([...first].every((index) => index >= rest.length)).toBe(true);
      }),
    );
  });

  it("comes out even if the shares do", () => {
    const mix = [60_000, 30_000, 10_000].map((share) => group({ share }));
    expect(groupSizes(mix, 10)).toEqual([6, 3, 1]);
    expect(groupSizes(mix, 1000)).toEqual([600, 300, 100]);
    expect(groupSizes([group({ users: 1 }), ...mix], 11)).toEqual([1, 6, 3, 1]);
  });
});

/** A scenario of groups for so many users. */
const file = (users: number, groups: string, more = ""): string => `version: 1
targets: { t: { embedded: true } }
scenarios:
  s:
    target: t
    load: { users: ${users}, hold: 5s }
    groups:
${groups
  .split("\n")
  .map((line) => `      ${line}`)
  .join("\n")}${more}
`;
const TALK = "journey: [connect, send: { prompt: mix }]";
const LISTEN = "journey: [connect]";

describe("groups in a file", () => {
  it("are read in their order, with their numbers, shares and notes", () => {
    const scenario = loadOne(
      file(
        11,
        `ear: { users: 1, note: only listens, ${LISTEN} }\nmouth: { share: 99.5%, baseline: false, ${TALK} }\nz: { share: 0.5%, ${TALK} }`,
      ).replace("users: 11", "users: 1000"),
    );
    expect(scenario.journey).toEqual([]);
    expect(
      scenario.groups?.map(({ name, users, share, note, baseline }) => [name, users, share, note, baseline]),
    ).toEqual([
      ["ear", 1, undefined, "only listens", true],
      ["mouth", undefined, 99_500, undefined, false],
      ["z", undefined, 500, undefined, true],
    ]);
    expect(scenario.groups?.[0]?.journey.map(({ step }) => step)).toEqual(["connect"]);
  });

  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      "shares that do not sum up",
      file(10, `a: { share: 60%, ${TALK} }\nb: { share: 30%, ${TALK} }`),
      [
        "8:7: scenarios.s.groups: have shares of 90% in all | shares sum to 100% of the users that are left after the exact numbers",
      ],
    ],
    [
      "a share that is nobody",
      file(10, `a: { share: 98%, ${TALK} }\nb: { share: 2%, ${TALK} }`),
      ["9:19: scenarios.s.groups.b.share: 2% of 10 users is nobody | give it a larger share, or `users: 1`"],
    ],
    [
      "exact numbers that do not fit the load",
      file(10, `a: { users: 4, ${TALK} }\nb: { users: 4, ${TALK} }`),
      [
        "8:7: scenarios.s.groups: have 8 users in all, the load has 10 | let one group have `share: 100%` of what is left",
      ],
    ],
    [
      "more exact users than the load has",
      file(4, `a: { users: 4, ${TALK} }\nb: { share: 100%, ${TALK} }`),
      ["8:7: scenarios.s.groups: want 4 users by number and others by share, the load has only 4"],
    ],
    [
      "every mistake at once",
      file(
        10,
        `a: { share: lots, ${TALK} }\nb: { ${TALK} }\nc: { users: 1, share: 5%, ${LISTEN} }\n1st: { share: 5%, ${LISTEN} }`,
      ),
      [
        "8:19: scenarios.s.groups.a.share: expected a share such as 60%, got `lots`",
        "9:10: scenarios.s.groups.b: needs either `share: 60%` or `users: 1`",
        "10:10: scenarios.s.groups.c: needs either `share: 60%` or `users: 1`",
        "11:7: scenarios.s.groups: `1st` is not a group name: a letter, then letters, digits, - or _",
      ],
    ],
    [
      "nobody who sends",
      file(10, `a: { share: 100%, ${LISTEN} }`),
      [
        "8:34: scenarios.s.groups.a.journey: sends nothing: a run without a turn has nothing to judge | add a step such as `send: { prompt: mix }`",
      ],
    ],
    [
      "a group without a channel, and one that sends too early",
      file(
        10,
        `a: { share: 50%, journey: [think: 1s] }\nb: { share: 50%, journey: [send: { prompt: mix }, connect] }`,
      ),
      [
        "8:33: scenarios.s.groups.a.journey: opens no channel | begin it with `connect`",
        "9:34: scenarios.s.groups.b.journey[0]: `send` comes before a channel is open | put `connect` before it",
      ],
    ],
    [
      "a prompt that is not there",
      file(10, `a: { share: 100%, journey: [connect, send: { prompt: mixx }] }`),
      ["8:60: scenarios.s.groups.a.journey[1].send.prompt: unknown prompt `mixx` | did you mean `mix`?"],
    ],
    [
      "a journey beside groups",
      file(10, `a: { share: 100%, ${TALK} }`, `\n    ${TALK}`),
      [
        "7:5: scenarios.s: cannot be used together with a `journey` | give each group its own journey, and drop the one for all",
      ],
    ],
    [
      "nobody left for the baseline",
      file(10, `a: { share: 100%, baseline: false, ${TALK} }`),
      ["8:7: scenarios.s.groups: leave no user for the baseline step | drop one `baseline: false`"],
    ],
  ];
  it.each(cases)("are refused for %s", (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems.map((problem) => `s.yaml:${problem}`));
  });

  it("replace an inherited journey, and are replaced by one", () => {
    const parent = file(10, `a: { share: 100%, ${TALK} }`);
    const child = "  kid:\n    extends: s\n    journey: [connect, think: 1s, send: { prompt: mix }]\n";
    const plainChild = loadOne(`${parent}${child}`, { selection: { names: ["kid"] } });
    expect([plainChild.groups, plainChild.journey.length]).toEqual([undefined, 3]);
    const grand =
      "  grand:\n    extends: kid\n    groups: { b: { share: 100%, journey: [connect, send: { prompt: mix }] } }\n";
    const grouped = loadOne(`${parent}${child}${grand}`, { selection: { names: ["grand"] } });
    expect([grouped.groups?.map(({ name }) => name), grouped.journey]).toEqual([["b"], []]);
  });
});
