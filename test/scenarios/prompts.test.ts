// The prompt library, its rendering, and prompts of one's own.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeText, ScenarioProblems } from "../../src/scenarios/parse/problems.js";
import { libraryPrompts, promptSet } from "../../src/scenarios/prompts/library.js";
import { loadPromptFile, placeholders } from "../../src/scenarios/prompts/prompt.js";
import { renderPrompt } from "../../src/scenarios/prompts/render.js";
import { randomFrom } from "../../src/support/random.js";
import { fileWith, LOAD, loadOne, problemsOf } from "./load.fixture.js";

const PROMPTS = libraryPrompts();

const asker = (user: number, turn: number, seed = 1) => ({
  user,
  turn,
  random: randomFrom(seed, user, turn),
});

describe("the library", () => {
  it("has at least twenty topics, each with an id of its own", () => {
    expect(PROMPTS.length).toBeGreaterThanOrEqual(20);
    expect(new Set(PROMPTS.map((prompt) => prompt.id)).size).toBe(PROMPTS.length);
    expect(new Set(PROMPTS.map((prompt) => prompt.text)).size).toBe(PROMPTS.length);
    expect(PROMPTS.map((prompt) => prompt.id)).toEqual(
      expect.arrayContaining([
        "optimisation",
        "latency",
        "capacity",
        "caching",
        "cloud-bill",
        "slow-queries",
        "churn",
        "cash-flow",
      ]),
    );
  });

  it.each(PROMPTS.map((prompt) => [prompt.id, prompt] as const))(
    "%s knows what a good answer must use",
    (_, prompt) => {
      expect(Object.keys(prompt.figures).toSorted()).toEqual([...placeholders(prompt.text)].toSorted());
      expect(prompt.facts.figures.length).toBeGreaterThan(0);
      for (const name of prompt.facts.figures) expect(placeholders(prompt.text)).toContain(name);
      expect(prompt.facts.words.length).toBeGreaterThanOrEqual(4);
      const { text, facts } = renderPrompt(prompt, asker(12, 3));
      expect(text).not.toMatch(/[{}]|test/i);
      for (const figure of facts.figures) expect(text).toContain(figure);
    },
  );

  it("distinguishes users by their figures: some figure grows with the user, or is drawn from a range", () => {
    for (const prompt of PROMPTS) {
      const texts = new Set(
        Array.from({ length: 50 }, (_, user) => renderPrompt(prompt, asker(user, 0)).text),
      );
      expect(texts.size).toBeGreaterThan(10);
    }
  });

  it("weaves in 5,000 + 100 a user, with a thousands separator", () => {
    const set = promptSet();
    for (const [user, spend] of [
      [0, "5,000"],
      [1, "5,100"],
      [99, "14,900"],
      [950, "100,000"],
    ] as const) {
      const { text, facts } = set.render("optimisation", user, 0, randomFrom(1));
      expect(text).toContain(`${spend} dollars`);
      expect(facts.figures).toContain(spend);
    }
  });
});

describe("rendering", () => {
  it("depends on its arguments only", () => {
    const set = promptSet();
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(1000), fc.nat(), (user, turn, seed) => {
        const id = PROMPTS[seed % PROMPTS.length]?.id ?? "mix";
        const once = set.render(id, user, turn, randomFrom(seed));
        expect(promptSet().render(id, user, turn, randomFrom(seed))).toEqual(once);
      }),
    );
  });

  it("keeps drawn figures within their range and on their steps", () => {
    const prompt = {
      ...PROMPTS[0],
      id: "x",
      topic: "x",
      weight: "light",
      text: "{a}",
      facts: { figures: ["a"], words: ["a"] },
    } as const;
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.nat(1000),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(),
        (from, span, step, seed) => {
          const figures = { a: { from, to: from + span, step } };
          const value = Number(
            renderPrompt({ ...prompt, figures }, asker(0, 0, seed)).text.replaceAll(",", ""),
          );
          expect(value).toBeGreaterThanOrEqual(from);
          expect(value).toBeLessThanOrEqual(from + span);
          expect((value - from) % step).toBe(0);
        },
      ),
    );
  });
});

describe("a mix", () => {
  it("asks light, medium and heavy questions about 60 to 30 to 10", () => {
    const set = promptSet();
    const random = randomFrom("mix");
    const counts = { light: 0, medium: 0, heavy: 0 };
    for (let turn = 0; turn < 10_000; turn++) counts[set.render("mix", 0, turn, random).weight]++;
    expect(counts.light / 10_000).toBeCloseTo(0.6, 1);
    expect(counts.medium / 10_000).toBeCloseTo(0.3, 1);
    expect(counts.heavy / 10_000).toBeCloseTo(0.1, 1);
  });

  it("asks every question of the library sooner or later", () => {
    const set = promptSet();
    const random = randomFrom(5);
    const seen = new Set(Array.from({ length: 5000 }, (_, turn) => set.render("mix", 0, turn, random).id));
    expect(seen.size).toBe(PROMPTS.length);
  });

  it("draws from one's own prompts when there are some", () => {
    const own = [{ ...PROMPTS[0], id: "mine" }] as typeof PROMPTS;
    const set = promptSet(own);
    expect(set.render("mix", 0, 0, randomFrom(1)).id).toBe("mine");
    expect(set.render("churn", 0, 0, randomFrom(1)).id).toBe("churn");
  });
});

const OWN = `prompts:
  - id: parcels
    topic: late parcels
    weight: light
    text: We lose {lost} of {sent} parcels and pay {spend} dollars for it.
    figures:
      lost: { from: 10, to: 90, step: 10 }
      sent: { from: 1000, perUser: 10, perTurn: 1 }
    facts: { figures: [lost, sent], words: [parcel, carrier] }
`;

describe("a file of prompts", () => {
  const prompts = (text: string) => loadPromptFile("p.yaml", () => text);
  const problems = (text: string): readonly string[] => {
    try {
      return prompts(text).map(({ id }) => id);
    } catch (error) {
      if (!(error instanceof ScenarioProblems)) throw error;
      return error.problems.map((problem) => `${placeText(problem.place)}: ${problem.message}`);
    }
  };

  it("brings figures per user and turn; spend is always there", () => {
    const { text, facts } = promptSet(prompts(OWN)).render("parcels", 7, 2, randomFrom(1));
    expect(text).toMatch(/^We lose \d0 of 1,072 parcels and pay 5,700 dollars for it\.$/);
    expect(facts.figures[1]).toBe("1,072");
  });

  it.each([
    [OWN.replace(/ {4}facts.*\n/, ""), "p.yaml:2:5: file.prompts[0].facts: is missing"],
    [OWN.replace(", words: [parcel, carrier]", ""), "p.yaml:9:5: file.prompts[0].facts.words: is missing"],
    [
      OWN.replace("[parcel, carrier]", "[]"),
      "p.yaml:9:44: file.prompts[0].facts.words: needs at least one word",
    ],
    [
      OWN.replace("{lost} of", "{lots} of"),
      "p.yaml:5:11: file.prompts[0].text: `{lots}` is not among the figures",
    ],
    [
      OWN.replace("[lost, sent]", "[lost, went]"),
      "p.yaml:9:30: file.prompts[0].facts.figures[1]: `{went}` is not in the text",
    ],
    [OWN.replace("to: 90", "to: 5"), "p.yaml:7:29: file.prompts[0].figures.lost.to: is below `from`"],
    [
      OWN.replace("weight: light", "weight: lihgt"),
      "p.yaml:4:13: file.prompts[0].weight: expected one of `light`, `medium`, `heavy`, got `lihgt`",
    ],
    [
      OWN.replace("id: parcels", "id: mix"),
      "p.yaml:2:9: file.prompts[0].id: `mix` means all prompts and cannot name one",
    ],
    [OWN.replace("topic:", "topics:"), "p.yaml:3:5: file.prompts[0]: unknown key `topics`"],
    ["prompts: []\n", "p.yaml:1:10: file.prompts: needs at least one prompt"],
    ["", "p.yaml:1:1: the file is empty"],
  ])("tells every mistake with its place (%#)", (text, expected) => {
    expect(problems(text)).toContain(expected);
  });

  it("refuses two prompts of one name", () => {
    const twice = OWN + OWN.replace("prompts:\n", "");
    expect(problems(twice)).toEqual(["p.yaml:10:9: file.prompts[1].id: prompt `parcels` appears twice here"]);
  });

  it("joins the library for the scenario that names it", () => {
    const journey = "[connect, send: { prompt: parcels }]";
    const text = fileWith(`${LOAD}\n    prompts: p.yaml`, { journey });
    expect(loadOne(text, { files: { "p.yaml": OWN } }).prompts?.map((prompt) => prompt.id)).toEqual([
      "parcels",
    ]);
    expect(problemsOf(fileWith(LOAD, { journey }))[0]).toContain("unknown prompt `parcels`");
    expect(problemsOf(text, { files: { "p.yaml": "prompts: 5" } })[0]).toMatch(/^p\.yaml:1:10: /);
  });
});

describe("a weight", () => {
  it("draws the mix only from its prompts", () => {
    const set = promptSet();
    expect(set.weights).toEqual(["light", "medium", "heavy"]);
    const random = randomFrom(1, "weights");
    for (const weight of set.weights) {
      const drawn = Array.from({ length: 50 }, () => set.render("mix", 0, 0, random, weight));
      expect(new Set(drawn.map((one) => one.weight))).toEqual(new Set([weight]));
      expect(new Set(drawn.map(({ id }) => id)).size).toBeGreaterThan(2);
    }
  });

  const journey = (options: string) => ({ journey: `[connect, send: { ${options} }]` });
  it("that no prompt of the mix has is refused, and so is one next to a single prompt", () => {
    const own =
      "prompts:\n  - { id: mine, topic: t, weight: light, text: 'Is {spend} much?', figures: {}, facts: { figures: [spend], words: [much] } }\n";
    const files = { "own.yaml": own };
    const heavy = fileWith(`${LOAD}\n    prompts: own.yaml`, journey("prompt: mix, weight: heavy"));
    expect(problemsOf(heavy, { files })).toEqual([
      "s.yaml:7:53: scenarios.s.journey[1].send.weight: no prompt of the mix is heavy | available: light",
    ]);
    expect(problemsOf(fileWith(LOAD, journey("prompt: churn, weight: heavy")))).toEqual([
      "s.yaml:7:55: scenarios.s.journey[1].send.weight: chooses among the mix, and `churn` is one prompt",
    ]);
    expect(problemsOf(fileWith(LOAD, journey("prompt: mix, weight: heavy")))).toEqual([]);
  });
});
