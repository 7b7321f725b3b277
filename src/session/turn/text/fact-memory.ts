// Made-up, distinguishable facts that a user states in a thread, and which of them an answer shows.
import type { Recall } from "../../../model/log/observation.js";
import type { Random } from "../../../support/random.js";

const COLOURS =
  "amber azure bronze cobalt copper coral crimson emerald golden indigo ivory jade lilac maroon ochre olive orange pearl purple ruby saffron scarlet silver teal turquoise violet".split(
    " ",
  );
const ANIMALS =
  "badger beaver bison condor crane dolphin falcon ferret gecko heron ibex jaguar kestrel lemur lynx magpie marmot narwhal ocelot osprey otter panther pelican puffin raven salmon sparrow tapir toucan walrus".split(
    " ",
  );
const VALUE = new RegExp(
  `\\b(${COLOURS.join("|")})[\\s-]+(${ANIMALS.join("|")})[\\s#-]+(\\d),?(\\d{3})\\b`,
  "gi",
);

const TOLD =
  /\b(?:Please remember for later|Correction): our [a-z ]{1,40} is (?:now )?[a-z]+ [a-z]+ \d{4}\./g;

/** Subjects of facts. Users with even numbers use one row, the others the other, so there are always strangers. */
const SUBJECTS = [
  ["release codename", "meeting room", "team mascot"],
  ["rollout codename", "reserve site", "office plant"],
] as const;
/** Values remembered per subject of a thread. */
const MAX_VALUES = 100;

/** `cobalt heron 4172`: words and a number that do not look like a secret, and do not occur by chance. */
export function madeUpValue(random: Random): string {
  const colour = COLOURS[random.below(COLOURS.length)];
  return `${colour} ${ANIMALS[random.below(ANIMALS.length)]} ${1000 + random.below(9000)}`;
}

/** The subject of a user's dialogue number `round`, and one that only strangers use. */
export function subjectsOf(user: number, round: number): { readonly own: string; readonly strange: string } {
  const own = SUBJECTS[user % 2 === 0 ? 0 : 1];
  const strange = SUBJECTS[user % 2 === 0 ? 1 : 0];
  return { own: own[round % own.length] ?? own[0], strange: strange[round % strange.length] ?? strange[0] };
}

/** All values of this kind in a text, as {@link madeUpValue} writes them. */
export function valuesIn(text: string): readonly string[] {
  return [...foundValues(text)].map(([value]) => value);
}

/** The same, each with its position. */
export function* foundValues(text: string): Generator<readonly [value: string, at: number]> {
  for (const { 1: colour, 2: animal, 3: thousand, 4: rest, index } of text.matchAll(VALUE))
    yield [`${colour} ${animal} ${thousand}${rest}`.toLowerCase(), index];
}

/** How a user states a fact for the first time. */
export function tellingOf(subject: string, value: string): string {
  return `Please remember for later: our ${subject} is ${value}.`;
}

/** How a user states that a fact has changed. */
export function correctionOf(subject: string, value: string): string {
  return `Correction: our ${subject} is now ${value}.`;
}

/** The values stated in one of the user's own messages. */
export function toldValues(text: string): readonly string[] {
  return [...text.matchAll(TOLD)].flatMap(([sentence]) => valuesIn(sentence));
}

/** The facts stated in one thread. */
export class FactMemory {
  /** Dialogues so far. */
  rounds = 0;
  readonly #bySubject = new Map<string, string[]>();
  /** Values were dropped, so a value that is not remembered may have been stated anyway. */
  #forgot = false;

  tell(subject: string, value: string): void {
    const values = this.#bySubject.get(subject) ?? [];
    this.#bySubject.set(subject, values);
    values.push(value);
    if (values.length <= MAX_VALUES) return;
    values.shift();
    this.#forgot = true;
  }

  /** The latest value of a subject; `undefined` for none. */
  latest(subject: string): string | undefined {
    return this.#bySubject.get(subject)?.at(-1);
  }

  /** The first value in a text that was never stated in this thread; `undefined` for none, or if values were dropped. */
  foreign(text: string): string | undefined {
    if (this.#forgot || text === "") return undefined;
    return valuesIn(text).find(
      (value) => ![...this.#bySubject.values()].some((told) => told.includes(value)),
    );
  }

  /**
   * What an answer to a question about `subject` shows. A value never stated in this thread has precedence, then the right
   * one; a former value next to the right one is history, but alone it is stale.
   * @param streamed the streamed answer, if the final text may differ
   */
  judge(subject: string, answer: string, streamed = ""): Pick<Recall, "result" | "seen"> {
    const shown = valuesIn(answer);
    const foreign = this.foreign(answer) ?? this.foreign(streamed);
    if (foreign !== undefined) return { result: "leaked", seen: foreign };
    const expected = this.latest(subject);
    if (expected === undefined) return { result: "right", seen: "no value" };
    if (shown.includes(expected)) return { result: "right", seen: expected };
    const former = shown.find((value) => this.#bySubject.get(subject)?.includes(value));
    return former === undefined
      ? { result: "forgotten", seen: "no value" }
      : { result: "stale", seen: former };
  }
}
